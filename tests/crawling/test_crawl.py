"""Sources with faults, through the real crawler over loopback HTTP."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.crawling.faulty_web import Page
from tests.crawling.lab import IN_REACTOR, Lab
from tests.factories import NOW
from tests.spiders.platforms.test_ical import SIMPLE, calendar
from tracker.config import Settings
from tracker.crawling import crawler
from tracker.crawling.crawler import Crawl
from tracker.crawling.fetcher import Fetcher, scrapy_settings_for
from tracker.errors import StoreError
from tracker.models.event import PublishedEvent
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.pipeline.build import build_events
from tracker.publishing.ical.event_entry import render_vevent
from tracker.store import runs

GOOD = Page(calendar(SIMPLE), headers={"ETag": '"v1"', "Content-Type": "text/calendar"})


FAULTY = {
    "web_page": (Page(b"<!doctype html><html>Welcome</html>"), "failed", "not_a_calendar"),
    "sign_in": (Page(b"<html>https://accounts.google.com/ServiceLogin</html>"), "failed", "sign_in_page"),
    "nothing": (Page(b""), "failed", "empty_answer"),
    "no_entry": (Page(calendar()), "suspect", "emptied"),
    "cut_off": (Page(calendar(SIMPLE)[:-60]), "suspect", "incomplete"),
    "not_found": (Page(status=404), "failed", "gone"),
    "removed": (Page(status=410), "failed", "gone_for_good"),
    "forbidden": (Page(status=403), "failed", "access_denied"),
    "broken": (Page(status=500), "failed", "server_error"),
    "moved": (Page(status=301, headers={"Location": "https://elsewhere.example/"}), "failed", "redirected_away"),
    "to_a_file": (Page(status=302, headers={"Location": "file:///etc/passwd"}), "failed", "redirected_away"),
    "huge": (Page(b"x" * (11 * 1024 * 1024)), "failed", "too_large"),
}


def test_a_faulty_answer_is_named_and_costs_the_others_nothing(lab: Lab) -> None:
    lab.web.pages = {"/calendar.ics": GOOD} | {f"/{name}.ics": page for name, (page, *_) in FAULTY.items()}
    lab.source("good")
    for name in FAULTY:
        lab.source(name, f"/{name}.ics")
    found = lab.crawl()
    assert found.pop("good").verdict.value == "healthy"
    named = {name: (run.verdict.value, run.diagnosis) for name, run in found.items()}
    assert named == {name: (verdict, diagnosis) for name, (_, verdict, diagnosis) in FAULTY.items()}
    assert all(run.message for run in found.values())
    assert lab.titles() == ["Talk"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lab: lab.web.pages.update({"/calendar.ics": Page(b"<html>")}),
        lambda lab: lab.web.pages.update({"/calendar.ics": Page(calendar())}),
        lambda lab: lab.web.pages.update({"/calendar.ics": Page(status=500)}),
        lambda lab: lab.web.pages.clear(),
    ],
    ids=["web page", "emptied", "server error", "gone"],
)
def test_a_source_that_breaks_later_changes_nothing_in_public(lab: Lab, spoil: Callable[[Lab], None]) -> None:
    lab.web.pages = {"/calendar.ics": GOOD}
    lab.source("good")
    lab.crawl()
    spoil(lab)
    assert lab.crawl()["good"].verdict.value in {"failed", "suspect"}
    assert lab.titles() == ["Talk"]


def test_an_unreachable_host_is_named(lab: Lab) -> None:
    lab.source("away", feed_url='"http://127.0.0.1:9/calendar.ics"')
    lab.settings["allowed_addresses"] = ["127.0.0.1"]
    assert lab.crawl()["away"].diagnosis == "connection_refused"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
def test_our_own_network_is_out_of_reach(lab: Lab, host: str) -> None:
    port = lab.web.address.partition(":")[2]
    lab.source("inside", feed_url=f'"http://{host}:{port}/calendar.ics"')
    lab.settings["allowed_addresses"] = []
    run = lab.crawl()["inside"]
    assert run.diagnosis == "private_address"
    assert lab.web.requests == []


def test_robots_are_obeyed(lab: Lab) -> None:
    lab.web.pages = {"/calendar.ics": GOOD, "/robots.txt": Page(b"User-agent: *\nDisallow: /\n")}
    lab.source("shy")
    lab.source("api", robots='"documented-api"', evidence='"https://a.example/api"')
    found = lab.crawl()
    assert found["shy"].diagnosis == "robots"
    assert found["api"].verdict.value == "healthy"
    assert lab.web.asked("/calendar.ics") == 1


def test_we_say_who_we_are(lab: Lab) -> None:
    lab.web.pages = {"/calendar.ics": GOOD}
    lab.source("good")
    lab.settings["contact"] = "https://example.org/about"
    lab.crawl()
    assert "(+https://example.org/about)" in lab.web.requests[-1][2]["User-Agent"]


def test_a_page_that_has_not_changed_is_asked_for_politely(lab: Lab) -> None:
    lab.web.pages = {"/calendar.ics": GOOD}
    lab.source("good")
    lab.crawl()
    lab.web.pages = {"/calendar.ics": Page(status=304)}
    assert lab.crawl()["good"].verdict.value == "unchanged"
    assert lab.web.requests[-1][2]["If-None-Match"] == '"v1"'


def test_the_same_bytes_without_validators_are_unchanged_too(lab: Lab) -> None:
    lab.web.pages = {"/calendar.ics": Page(GOOD.body)}
    lab.source("good")
    lab.crawl()
    assert lab.crawl()["good"].verdict.value == "unchanged"


def test_an_unchanged_page_is_read_again_when_its_source_file_changes(lab: Lab) -> None:
    lab.web.pages = {"/calendar.ics": GOOD}
    lab.source("good")
    lab.crawl()
    lab.source("good", timezone='"Europe/Berlin"')
    assert lab.crawl()["good"].changed == 1


def test_an_unchanged_page_is_read_again_after_a_week(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.web.pages = {"/calendar.ics": GOOD}
    lab.source("good")
    lab.crawl()
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=8)).isoformat())
    assert lab.crawl()["good"].verdict.value == "healthy"


def test_entries_without_title_or_date_are_counted_and_kept_for_a_look(lab: Lab) -> None:
    lab.web.pages = {
        "/calendar.ics": Page(calendar(SIMPLE, "UID:2\nSUMMARY:No date", "UID:3\nDTSTART:20261203T180000Z", SIMPLE))
    }
    lab.source("good")
    run = lab.crawl()["good"]
    assert (run.found, run.kept, run.rejected) == (3, 1, 2), "the same entry twice is one entry"
    with lab.store.reading() as db:
        reasons = sorted(each.reason for each in runs.rejections(db, "good"))
    assert reasons == ["no date", "no title"]
    assert lab.titles() == ["Talk"]


def test_a_listing_that_leaves_its_source_stays_until_it_is_over(lab: Lab) -> None:
    two = calendar(SIMPLE, SIMPLE.replace("UID:1", "UID:2").replace("Talk", "Other"))
    lab.web.pages = {"/calendar.ics": Page(two)}
    lab.source("good")
    lab.crawl()
    lab.web.pages = {"/calendar.ics": GOOD}
    assert lab.crawl()["good"].verdict.value == "healthy"
    assert sorted(lab.titles()) == ["Other", "Talk"]


@pytest.mark.long
def test_sources_of_one_host_keep_their_distance(lab: Lab) -> None:
    for name in ("one", "two", "three"):
        lab.web.pages[f"/{name}.ics"] = GOOD
        lab.source(name, f"/{name}.ics")
    lab.settings["download_delay"] = 0.4
    lab.crawl()
    times = [at for path, at, _ in lab.web.requests if path != "/robots.txt"]
    assert len(times) == 3
    # Scrapy varies the delay between 0.5 and 1.5 times the setting; between sources we wait the whole of it.
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.4


def test_one_event_that_cannot_be_rendered_costs_the_others_nothing(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    two = calendar(SIMPLE, SIMPLE.replace("UID:1", "UID:2").replace("Talk", "Poison"))
    lab.web.pages = {"/calendar.ics": Page(two)}
    lab.source("good")

    def render(published: PublishedEvent) -> bytes | None:
        if published.event.title == "Poison":
            raise OverflowError("date value out of range")
        return render_vevent(published)

    monkeypatch.setattr("tracker.pipeline.rendering.render_vevent", render)
    lab.crawl()
    assert lab.titles() == ["Talk"]
    assert list(map(str, build_events(lab.store, NOW).faulty)) == ["good 2: OverflowError: date value out of range"]
    state = lab.states()["good"]
    assert (state.state.value, state.diagnosis) == ("degraded", "not_published")
    assert "1 event could not be published and stays as it was, first 2: OverflowError" in state.message
    monkeypatch.undo()
    build_events(lab.store, NOW)
    assert lab.states()["good"].state.value == "healthy"
    assert sorted(lab.titles()) == ["Poison", "Talk"]


def test_a_store_that_is_busy_for_one_source_does_not_cost_the_others(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.web.pages = {"/calendar.ics": GOOD}
    lab.source("good")
    lab.source("busy", feed_url='"http://127.0.0.2:9/calendar.ics"')
    record = runs.record_run

    def sometimes(db: Any, run: Run, *rest: Any, **options: Any) -> Run:
        if run.source == "busy":
            raise StoreError("The database is busy: try again.")
        return record(db, run, *rest, **options)

    monkeypatch.setattr("tracker.store.runs.record_run", sometimes)
    with pytest.raises(StoreError, match="busy"):
        lab.crawl()
    build_events(lab.store, NOW)
    assert lab.titles() == ["Talk"]


def test_a_crawl_runs_in_the_loop_it_is_told_to(lab: Lab) -> None:
    lab.web.pages = {"/calendar.ics": GOOD}
    lab.source("good")
    assert lab.crawl()["good"].is_successful
    assert ("twisted.internet.reactor" in sys.modules) is IN_REACTOR


def test_no_port_is_opened_while_crawling() -> None:
    settings = scrapy_settings_for(Settings.load(Path("/nonexistent")))
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")


@pytest.mark.long
def test_hanging_sites_do_not_keep_the_good_ones_waiting(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """25 of 40 sites hang; each gives its place away after a while, and goes on beside the others."""
    ended: dict[str, float] = {}
    began = time.monotonic()

    async def crawl_group(crawl: Crawl, fetcher: Fetcher, group: list[Source], errors: list[StoreError]) -> list[Run]:
        del crawl, fetcher, errors
        await asyncio.sleep(3.0 if group[0].id.startswith("hangs") else 0.01)
        ended[group[0].id] = time.monotonic() - began
        return []

    monkeypatch.setattr(crawler, "crawl_group", crawl_group)
    monkeypatch.setattr(crawler, "PATIENCE", 0.1)
    names = [f"hangs{number:02}" for number in range(25)] + [f"works{number:02}" for number in range(15)]
    for name in names:
        lab.source(name, feed_url=f'"http://{name}.example/calendar.ics"')
    lab.crawl()
    assert len(ended) == 40
    assert max(when for name, when in ended.items() if name.startswith("works")) < 2.0
    assert max(ended.values()) < 5.0


@pytest.mark.long
def test_a_site_that_did_not_answer_in_time_gets_less_time_next_time(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.settings.DOWNLOAD_TIMEOUT", 1)
    monkeypatch.setattr("spiders.settings.RETRY_TIMES", 1)
    monkeypatch.setattr("spiders.source_spider._LIMITS_IF_HANGING", {"download_timeout": 0.3, "max_retry_times": 0})
    lab.web.pages = {"/calendar.ics": Page(GOOD.body, delay=2.0)}
    lab.source("slow", robots='"documented-api"', evidence='"https://a.example/api"')
    spans = []
    for _ in range(2):
        began = time.monotonic()
        assert lab.crawl()["slow"].diagnosis == "timeout"
        spans.append(time.monotonic() - began)
    assert spans[0] > 2.0 > 1.5 > spans[1]
    lab.web.pages = {"/calendar.ics": GOOD}
    assert lab.crawl()["slow"].verdict.value == "healthy"
