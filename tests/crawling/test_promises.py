"""What we promise site owners and operators, against a server that answers as servers do."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

import pytest

from tests.crawling.calendars import HEADERS, events
from tests.crawling.faulty_web import Page
from tests.crawling.lab import Lab
from tests.factories import NOW
from tracker.config import Settings
from tracker.crawling.due import due_sources
from tracker.models.run import State
from tracker.sources import traversal
from tracker.sources.files import load_sources
from tracker.store import hosts, listings, runs


def later(monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(**span)).isoformat())


def gaps(lab: Lab) -> list[float]:
    times = [at for _, at, _ in lab.web.requests]
    return [after - before for before, after in itertools.pairwise(times)]


def due(lab: Lab, **span: float) -> list[str]:
    settings = Settings.load(lab.folder, source_folders=[lab.folder / "sources"], only_own_sources=True)
    now = NOW + timedelta(**span)
    with lab.store.reading() as db:
        quiet = hosts.blocked_hosts(db, now)
    return [each.id for each in due_sources(load_sources(settings), lab.states(), quiet, now)]


@pytest.mark.long
def test_four_sources_of_one_site_keep_its_pace_together(lab: Lab) -> None:
    lab.settings["download_delay"] = 0.3
    for number in range(4):
        lab.web.pages[f"/{number}.ics"] = events(number)
        lab.source(f"group{number}", f"/{number}.ics")
    lab.crawl()
    assert len(lab.web.requests) == 5, "robots.txt is asked for once"
    assert min(gaps(lab)) >= 0.3


@pytest.mark.long
def test_a_source_that_leads_to_another_site_keeps_that_sites_pace_too(lab: Lab) -> None:
    lab.settings["download_delay"] = 0.3
    lab.settings["allowed_addresses"] = [lab.web.address, "127.0.0.1"]
    for number in range(3):
        lab.web.pages[f"/{number}.ics"] = events(number)
        lab.source(
            f"group{number}", feed_url=f'"http://127.0.0.{number + 1}:{lab.web.address.split(":")[1]}/{number}.ics"'
        )
    lab.web.pages["/moved.ics"] = events(5)
    lab.source("redirected", "/redirect.ics")
    lab.web.pages["/redirect.ics"] = Page(status=302, headers={"Location": "/moved.ics"})
    lab.crawl()
    times = [at for path, at, _ in lab.web.requests if path in {"/redirect.ics", "/moved.ics", "/0.ics"}]
    assert min(after - before for before, after in itertools.pairwise(times)) >= 0.3


@pytest.mark.long
def test_a_crawl_delay_is_kept(lab: Lab) -> None:
    lab.web.pages |= {"/robots.txt": Page(b"User-agent: *\nCrawl-delay: 0.4\n")}
    for number in range(3):
        lab.web.pages[f"/{number}.ics"] = events(number)
        lab.source(f"group{number}", f"/{number}.ics")
    lab.crawl()
    assert min(gaps(lab)[1:]) >= 0.4


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (Page(status=503), "robots_unreachable"),
        (Page(status=500), "robots_unreachable"),
        (Page(status=429), "rate_limited"),
    ],
)
def test_a_site_that_cannot_show_its_robots_is_left_alone(lab: Lab, answer: Page, diagnosis: str) -> None:
    lab.web.pages = {"/calendar.ics": events(1), "/robots.txt": answer}
    lab.source("group")
    assert lab.crawl()["group"].diagnosis == diagnosis
    assert lab.web.asked("/calendar.ics") == 0


NO_ROBOTS = Page(status=404)
CLOUDFLARE = Page(b"<html><head><title>Just a moment...</title>", status=403, headers={"cf-mitigated": "challenge"})
VERCEL = Page(
    b"<html><title>Vercel Security Checkpoint</title>", status=429, headers={"x-vercel-mitigated": "challenge"}
)


@pytest.mark.parametrize(
    ("answer", "robots", "diagnosis"),
    [
        (CLOUDFLARE, NO_ROBOTS, "bot_wall"),
        (VERCEL, NO_ROBOTS, "bot_wall"),
        (Page(b"", status=405, headers={"x-amzn-waf-action": "captcha"}), NO_ROBOTS, "bot_wall"),
        (Page(b"<title>Just a moment...</title>", status=503), NO_ROBOTS, "bot_wall"),
        (Page(b"<!doctype html><html><title>Making sure you&#39;re not a bot!"), NO_ROBOTS, "bot_wall"),
        (events(1), VERCEL, "bot_wall"),
        (events(1), CLOUDFLARE, ""),
        (Page(b"<title>Forbidden</title>", status=403), NO_ROBOTS, "access_denied"),
        (Page(b"<title>Slow down</title>", status=429), NO_ROBOTS, "rate_limited"),
    ],
)
def test_a_bot_wall_is_named_at_any_status(lab: Lab, answer: Page, robots: Page, diagnosis: str) -> None:
    lab.web.pages = {"/calendar.ics": answer, "/robots.txt": robots}
    lab.source("group")
    assert lab.crawl()["group"].diagnosis == diagnosis


def test_a_site_without_robots_may_be_read(lab: Lab) -> None:
    lab.web.pages = {"/calendar.ics": events(1), "/robots.txt": Page(status=403)}
    lab.source("group")
    assert lab.crawl()["group"].verdict.value == "healthy"


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_asks_to_wait_is_left_alone_over_restarts(
    lab: Lab, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.web.pages["/calendar.ics"] = events(1)
    lab.source("group")
    lab.crawl()
    lab.web.pages["/calendar.ics"] = Page(status=status, headers={"Retry-After": "7200"})
    lab.source("neighbour", "/neighbour.ics")
    found = lab.crawl()
    assert found["group"].diagnosis == "rate_limited"
    assert "until 2026-11-23 14:00 UTC" in found["group"].message
    assert found["group"].not_before == NOW + timedelta(hours=2)
    asked = len(lab.web.requests)
    later(monkeypatch, hours=1)
    assert lab.crawl()["group"].diagnosis == "rate_limited", "another crawl, another process: the store remembers"
    assert len(lab.web.requests) == asked
    assert due(lab, hours=1.5) == []
    lab.web.pages["/calendar.ics"] = events(1)
    later(monkeypatch, hours=6)
    assert due(lab, hours=6) == ["group", "neighbour"]
    assert lab.crawl()["group"].is_successful


@pytest.mark.parametrize(
    ("said", "hours"),
    [("Tue, 24 Nov 2026 12:00:00 GMT", 24), ("99999999", 168), ("Sun, 01 Jan 2090 00:00:00 GMT", 168)],
)
def test_nobody_is_obeyed_for_more_than_a_week(lab: Lab, said: str, hours: int) -> None:
    lab.web.pages["/calendar.ics"] = Page(status=429, headers={"Retry-After": said})
    lab.source("group")
    assert lab.crawl()["group"].not_before == NOW + timedelta(hours=hours)


@pytest.mark.long
def test_a_short_wait_is_waited(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = lambda times: (
        events(1) if times else Page(status=429, headers={"Retry-After": "1"})
    )
    lab.source("group")
    assert lab.crawl()["group"].verdict.value == "healthy"
    assert gaps(lab)[-1] >= 1


def test_a_fault_is_tried_three_times_and_then_in_the_next_run(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = Page(status=502)
    lab.source("group")
    assert lab.crawl()["group"].diagnosis == "server_error"
    assert lab.web.asked("/calendar.ics") == 3


def test_validators_are_sent_back_word_for_word_or_not_at_all(lab: Lab) -> None:
    words = {"ETag": 'W/"a b\\"c,d"', "Last-Modified": "yesterday, or so"}
    lab.web.pages["/calendar.ics"] = Page(events(1).body, headers=HEADERS | words)
    lab.source("group")
    lab.crawl()
    lab.web.pages["/calendar.ics"] = Page(status=304)
    assert lab.crawl()["group"].verdict.value == "unchanged"
    sent = lab.web.requests[-1][2]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (words["ETag"], words["Last-Modified"])
    for number, etag in enumerate((f'"{"x" * 2_000}"', '"é"')):
        lab.web.pages["/calendar.ics"] = Page(events(number + 2).body, headers=HEADERS | {"ETag": etag})
        assert lab.crawl()["group"].is_successful
        assert lab.crawl()["group"].is_successful
        assert "If-None-Match" not in lab.web.requests[-1][2]


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({"Cache-Control": "public, max-age=259200"}, 72),
        ({"Cache-Control": "max-age=259200", "Age": "86400"}, 48),
        ({"Expires": "Thu, 26 Nov 2026 12:00:00 GMT"}, 72),
        ({"Cache-Control": "no-cache, max-age=259200"}, 0),
        ({"Cache-Control": "max-age=31536000"}, 168),
    ],
)
def test_what_says_how_long_it_is_fresh_is_not_asked_before(lab: Lab, headers: dict[str, str], hours: int) -> None:
    lab.web.pages["/calendar.ics"] = Page(events(1).body, headers=HEADERS | headers)
    lab.source("group")
    assert lab.crawl()["group"].not_before == (NOW + timedelta(hours=hours) if hours else None)


def test_a_calendar_may_say_how_often_it_changes(lab: Lab) -> None:
    body = events(1).body.replace(b"VERSION:2.0", b"VERSION:2.0\r\nREFRESH-INTERVAL;VALUE=DURATION:P1DT12H")
    lab.web.pages["/calendar.ics"] = Page(body, headers=HEADERS)
    lab.source("group")
    assert lab.crawl()["group"].not_before == NOW + timedelta(hours=36)


def test_a_dead_source_is_never_silent_and_never_given_up(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.web.pages["/calendar.ics"] = events(1)
    lab.source("group")
    lab.crawl()
    lab.web.pages["/calendar.ics"] = Page(status=404)
    seen, waits = [], []
    for number in range(1, 12):
        later(monkeypatch, hours=number)
        lab.crawl()
        state = lab.states()["group"]
        seen.append(state.state)
        waits.append(state.wait // 3600)
    assert seen == [State.DEGRADED] * 2 + [State.FAILING] * 7 + [State.PAUSED] * 2
    assert waits == [2, 4, 8, 16, 32, 64, 128, 168, 168, 168, 168]
    assert state.last_success == NOW
    assert state.next_try is not None
    assert lab.titles() == ["Reading group corrigibility 1"]
    lab.web.pages["/calendar.ics"] = events(1)
    later(monkeypatch, hours=200)
    lab.crawl()
    assert lab.states()["group"].state is State.HEALTHY


def test_what_is_gone_for_good_is_paused_at_once(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = Page(status=410)
    lab.source("group")
    lab.crawl()
    state = lab.states()["group"]
    assert (state.state, state.wait) == (State.PAUSED, 7 * 86_400)
    assert "Remove the source" in state.message


@pytest.mark.parametrize("status", [301, 308])
def test_a_move_for_good_is_proposed_after_three_runs_and_never_made(lab: Lab, status: int) -> None:
    lab.web.pages |= {"/new.ics": events(1), "/calendar.ics": Page(status=status, headers={"Location": "/new.ics"})}
    lab.source("within")
    lab.source("away", "/away.ics")
    lab.web.pages["/away.ics"] = Page(status=status, headers={"Location": "https://new.example/calendar.ics"})
    for number in range(3):
        assert lab.states().get("within") is None or not lab.states()["within"].moved_to, number
        lab.crawl()
    assert lab.states()["within"].moved_to == lab.web.url("/new.ics")
    assert lab.states()["within"].state is State.HEALTHY
    assert lab.states()["away"].moved_to == "https://new.example/calendar.ics"
    assert lab.states()["away"].diagnosis == "redirected_away"


def test_a_redirect_in_a_circle_ends(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = Page(status=302, headers={"Location": "/calendar.ics"})
    lab.source("group")
    assert not lab.crawl()["group"].is_successful
    assert lab.web.asked("/calendar.ics") <= 6


def test_a_source_asks_for_so_many_pages_and_no_more(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traversal, "MAX_PAGES", 3)
    lab.web.pages |= {f"/{number}": Page(b"<html><body></body></html>") for number in range(9)}
    addresses = ", ".join(f'"{lab.web.url(f"/{number}")}"' for number in range(9))
    lab.source("many", platform='"schema_org"', page_urls=f"[{addresses}]")
    assert "more than 3 pages" in lab.crawl()["many"].message
    assert len(lab.web.requests) == 4


def test_each_listing_knows_where_and_when_it_was_said(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = events(1)
    lab.source("group")
    lab.crawl()
    (event,) = [each.event for each in lab.events()]
    assert {each.page_url for each in event.provenance.values()} == {lab.web.url("/calendar.ics")}
    assert {each.fetched_at for each in event.provenance.values()} == {NOW}
    with lab.store.reading() as db:
        (listing,) = listings.load_listings(db)
        assert listings.load_raw(db, listing.key).title == event.title


def test_an_unchanged_source_writes_no_history_and_is_asked_less_often(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.web.pages["/calendar.ics"] = events(1)
    lab.source("group")
    waits = []
    for number in range(14):
        later(monkeypatch, hours=number)
        lab.crawl()
        waits.append(lab.states()["group"].wait / 3600)
    assert waits[0] == 12
    assert waits == sorted(waits)
    assert waits[-1] == 168
    (event,) = lab.events()
    assert (event.sequence, event.changed_at) == (0, NOW)
    lab.web.pages["/calendar.ics"] = events(1, days=30)
    lab.crawl()
    assert lab.states()["group"].wait / 3600 == 84, "what changes is asked sooner"


def test_a_clock_far_off_is_noticed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_NOW")
    lab.web.pages["/calendar.ics"] = events(50)
    lab.source("group")
    assert lab.crawl()["group"].is_successful
    monkeypatch.setattr("tracker.crawling.throttling.http_dates.http_date", lambda text: NOW + timedelta(days=9_000))
    lab.web.pages["/calendar.ics"] = events(51)
    run = lab.crawl()["group"]
    assert (run.verdict.value, run.diagnosis) == ("suspect", "clock_off")


def test_expectations_of_a_source_file_are_held(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = events(*range(6))
    lab.source("places", expect="{ fills = { place = 0.5 } }")
    lab.source("fresh", expect='{ newest_within = "30d" }')
    found = lab.crawl()
    assert (found["places"].diagnosis, found["fresh"].diagnosis) == ("layout_changed", "")
    lab.web.pages["/calendar.ics"] = events(*range(6), days=-55)
    assert lab.crawl()["fresh"].diagnosis in {"stale", "dated_in_the_past"}


def test_runs_remember_what_they_were_like(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = events(*range(6))
    lab.source("group")
    lab.crawl()
    with lab.store.reading() as db:
        (run,) = runs.last_runs(db, "group")["group"]
    assert run.fills["date"] == 1.0
    assert run.fills["place"] == 0.0
    assert str(run.newest) == "2027-01-04"


def test_an_answer_that_says_unchanged_without_being_asked_is_none(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = Page(status=304)
    lab.source("group")
    assert lab.crawl()["group"].verdict.value == "failed"


def test_a_page_of_faults_does_not_say_when_to_come_again(lab: Lab) -> None:
    lab.web.pages["/calendar.ics"] = Page(b"<html>Down for repair</html>", headers={"Cache-Control": "max-age=604800"})
    lab.source("group")
    assert lab.crawl()["group"].not_before is None


def test_what_a_calendar_says_of_its_changes_holds_while_it_is_unchanged(lab: Lab) -> None:
    body = events(1).body.replace(b"VERSION:2.0", b"VERSION:2.0\r\nX-PUBLISHED-TTL:P3D")
    lab.web.pages["/calendar.ics"] = Page(body, headers=HEADERS)
    lab.source("group")
    assert [lab.crawl()["group"].not_before for _ in range(3)] == [NOW + timedelta(days=3)] * 3


def test_headers_of_any_kind_cost_nothing(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_NOW")
    odd = {
        "Date": "Fri, 31 Dec 9999 23:59:59 GMT",
        "Age": "99999",
        "Expires": "x" * 3_000,
        "Cache-Control": "max-age=\xe9",
    }
    lab.web.pages["/calendar.ics"] = Page(events(60).body, headers=HEADERS | odd)
    lab.source("group")
    assert lab.crawl()["group"].pages == 1


def test_a_page_that_ends_a_list_once_takes_nothing_with_it(lab: Lab) -> None:
    def rows(*numbers: int) -> Page:
        found = [{"id": n, "title": f"Talk {n}", "startDate": f"2026-12-{n:02}"} for n in numbers]
        return Page(json.dumps({"rows": found}).encode(), headers={"Content-Type": "application/json"})

    lab.web.pages |= {"/list": rows(1, 2, 3, 4), "/list?page=2": rows(5, 6), "/list?page=3": rows()}
    lab.source("group", platform='"embedded_json"', page_urls=f'["{lab.web.url("/list")}"]', rows='"rows"',
               page_parameter='"page"')  # fmt: skip
    lab.crawl()
    del lab.web.pages["/list?page=2"]
    lab.web.pages["/list"] = rows(1, 2, 3, 7)
    for _ in range(2):
        lab.crawl()
    lab.web.pages["/list?page=2"] = rows(5, 6)
    lab.crawl()
    assert "Talk 5" in lab.titles()
    assert {each.event.lifecycle.value for each in lab.events() if each.event.title in {"Talk 5", "Talk 6"}} == {
        "scheduled"
    }


def test_a_machine_without_a_network_holds_it_against_nobody(lab: Lab) -> None:
    lab.settings["allowed_addresses"] = ["127.0.0.0/8"]
    lab.web.pages["/calendar.ics"] = events(1)
    lab.source("group")
    lab.crawl()
    for number in range(3):
        lab.source(
            "group" if not number else f"other{number}", feed_url=f'"http://127.0.0.{number + 2}:9/calendar.ics"'
        )
    for _ in range(4):
        assert {run.verdict.value for run in lab.crawl().values()} == {"failed"}
    assert {name: state.state for name, state in lab.states().items()} == {
        "group": State.HEALTHY, "other1": State.NEW, "other2": State.NEW,
    }  # fmt: skip
    lab.source("group", feed_url=f'"{lab.web.url("/calendar.ics")}"')
    lab.crawl()
    assert lab.states()["other1"].state is State.DEGRADED, "one that answers shows that it is not us"
