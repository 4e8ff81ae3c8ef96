"""The ways to wipe a tracker that look like an answer, and what takes an event away rightly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crawling.calendars import HEADERS, entry, events
from tests.crawling.faulty_web import FaultyWeb, Page
from tests.crawling.lab import Lab, OfflineLab
from tests.databases import an_empty_store
from tests.factories import NOW
from tests.spiders.platforms.test_ical import calendar
from tracker.models.run import State
from tracker.models.selection import Selection
from tracker.models.vocabulary import Lifecycle
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS

TEN = range(10)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """A store and pages; what is tested here happens after fetching."""
    store, web = an_empty_store(tmp_path), FaultyWeb()
    web.close()
    with store.keep_open():
        yield OfflineLab(tmp_path, web, store)
    store.close()


ERROR_PAGE = Page(b"<!doctype html><html><body><h1>Something went wrong</h1></body></html>")


def serve(lab: Lab, page: Page) -> None:
    lab.web.pages["/calendar.ics"] = page


def standing(lab: Lab) -> dict[str, str]:
    """Return the lifecycle of each public event by its title."""
    return {each.event.title: each.event.lifecycle.value for each in lab.events()}


def versions(lab: Lab) -> dict[str, tuple[int, str]]:
    return {each.event.id: (each.sequence, each.event.canonical_json()) for each in lab.events()}


@pytest.fixture
def ten(lab: Lab) -> Lab:
    """A source that has told of ten coming events."""
    lab.source("group", expect="{ at_least = 0, at_most = 500 }")
    serve(lab, events(*TEN))
    assert lab.crawl()["group"].verdict.value == "healthy"
    return lab


@pytest.mark.parametrize(
    ("page", "diagnosis"),
    [
        (Page(calendar(), headers=HEADERS), "emptied"),
        (ERROR_PAGE, "not_a_calendar"),
        (events(*range(5)), "halved"),
        (events(*TEN, days=-400), "dated_in_the_past"),
        (events(*TEN, uid="theirs"), "another_source"),
        (events(*range(30, 40), uid="new"), "emptied"),
        (events(*range(120)), "flooded"),
    ],
    ids=["empty", "error page", "half", "in the past", "another source's ids", "others", "flood"],
)
def test_a_wipe_changes_nothing_in_public_however_often(ten: Lab, page: Page, diagnosis: str) -> None:
    ten.source("other", "/other.ics")
    ten.web.pages["/other.ics"] = events(*range(20, 30), uid="theirs")
    ten.crawl()
    before = versions(ten)
    shown = page if diagnosis != "another_source" else events(*range(20, 30), uid="theirs")
    for _ in range(3):
        serve(ten, shown)
        run = ten.crawl()["group"]
        assert run.verdict.value in {"suspect", "failed"}
        assert run.diagnosis == diagnosis
    assert versions(ten) == before
    state = ten.states()["group"]
    assert (state.state, state.diagnosis, state.consecutive_failures) == (State.FAILING, diagnosis, 3)


def test_a_feed_that_gives_new_ids_at_each_fetch_keeps_its_events(ten: Lab) -> None:
    """sendou-ink/sendou.ink#2888: an event is recognised by title, time and link."""
    before = versions(ten)
    for fetch in range(4):
        serve(ten, events(*TEN, uid=f"fetch{fetch}"))
        assert ten.crawl()["group"].verdict.value == "healthy"
        assert versions(ten) == before
    serve(ten, events(*TEN, 10, uid="later"))
    assert (ten.crawl()["group"].new, len(standing(ten))) == (1, 11), "a new one beside them is found"
    for fetch in range(3):
        serve(ten, events(*range(1, 11), uid=f"again{fetch}"))
        ten.crawl()
        ten.wait()
    assert sorted(standing(ten).values()) == ["scheduled"] * 10 + ["withdrawn"]


BROKEN = "UID:broken\nSUMMARY:{title}\nDTSTART:sometime\nDTEND:20261203T200000Z"
"""An entry whose start nobody can read."""


@pytest.mark.parametrize(
    ("broken", "standing_after"),
    [
        (BROKEN.format(title="Old talk"), "withdrawn"),
        (BROKEN.format(title="Old talk").replace("UID:broken", "UID:evt-3"), "scheduled"),
    ],
    ids=["another entry", "the entry itself"],
)
def test_an_unreadable_entry_protects_only_itself_from_being_withdrawn(
    ten: Lab, broken: str, standing_after: str
) -> None:
    title = next(title for title in standing(ten) if title.endswith(" 3"))
    for number in range(4):
        rest = [entry(each) for each in TEN if each != 3]
        serve(ten, Page(calendar(*rest, broken, head=f"X-A:{number}\n"), headers=HEADERS))
        assert ten.crawl()["group"].verdict.value == "healthy"
        ten.wait()
    assert standing(ten)[title] == standing_after
    assert "1 of 10 entries are rejected: no date (1×)" in ten.states()["group"].rejection


def test_a_series_of_which_only_the_first_date_is_read_withdraws_none_of_the_others(lab: Lab) -> None:
    lab.source("group")
    weekly = "UID:s\nSUMMARY:Reading group\nDTSTART:20261201T180000Z\nRRULE:FREQ=WEEKLY;{}"
    serve(lab, Page(calendar(weekly.format("COUNT=4")), headers=HEADERS))
    lab.crawl()
    for number in range(4):
        serve(lab, Page(calendar(weekly.format("COUNT=4;BYSOMETHING=1"), head=f"X-A:{number}\n"), headers=HEADERS))
        run = lab.crawl()["group"]
    assert (run.verdict.value, run.rejected) == ("healthy", 1)
    assert {each.event.lifecycle.value for each in lab.events()} == {"scheduled"}
    assert len(lab.events()) == 4


def test_what_looks_like_a_wipe_passes_when_a_person_says_so(ten: Lab) -> None:
    serve(ten, events(*range(5)))
    assert "tracker crawl --accept group" in ten.crawl()["group"].message
    run = ten.crawl(accept="group")["group"]
    assert (run.verdict.value, run.accepted, run.withdrawn) == ("healthy", True, 5)
    assert sorted(standing(ten).values()) == ["scheduled"] * 5 + ["withdrawn"] * 5
    assert ten.crawl()["group"].verdict.value == "healthy", "from now on that is how it is"


def test_three_complete_runs_without_it_withdraw_a_coming_event(ten: Lab) -> None:
    serve(ten, events(*range(9)))
    name = next(each.event.title for each in ten.events() if each.event.title.endswith(" 9"))
    for run in range(3):
        assert standing(ten)[name] == "scheduled", run
        ten.crawl()
        ten.wait()
    assert standing(ten)[name] == "withdrawn"
    assert sum(value == "withdrawn" for value in standing(ten).values()) == 1
    entries = [each for each in ten.events() if each.event.title == name]
    assert entries[0].sequence == 1
    with ten.store.reading() as db:
        calendar_of_all = FEEDS["events.ics"].build(db, FeedRequest(Selection(), NOW)).body.decode()
    assert calendar_of_all.count("STATUS:CANCELLED") == 1
    assert f"SUMMARY:[CANCELLED] {name}" in calendar_of_all


def test_what_comes_back_is_on_again(ten: Lab) -> None:
    serve(ten, events(*range(9)))
    for _ in range(3):
        ten.crawl()
    serve(ten, events(*TEN))
    assert ten.crawl()["group"].verdict.value == "healthy"
    assert set(standing(ten).values()) == {"scheduled"}


def test_a_run_that_went_wrong_does_not_count(ten: Lab) -> None:
    for page in (events(*range(9)), ERROR_PAGE, events(*range(9)), ERROR_PAGE):
        serve(ten, page)
        ten.crawl()
    assert set(standing(ten).values()) == {"scheduled"}


def test_it_is_withdrawn_only_if_no_other_source_stands_by_it(ten: Lab) -> None:
    ten.source("directory", "/all.ics", tier="directories")
    ten.web.pages["/all.ics"] = events(8, 9, uid="same")
    ten.crawl()
    both = [each.event for each in ten.events() if len(each.event.sources) == 2]
    assert len(both) == 2
    serve(ten, events(*range(9)))
    for _ in range(3):
        ten.crawl()
        ten.wait()
    assert set(standing(ten).values()) == {"scheduled"}
    (left,) = [each.event for each in ten.events() if each.event.id in {event.id for event in both}
               and len(each.event.sources) == 1]  # fmt: skip
    assert left.sources[0].source == "directory"
    ten.web.pages["/all.ics"] = events(8, uid="same")
    for _ in range(3):
        ten.crawl()
        ten.wait()
    assert sum(value == Lifecycle.WITHDRAWN.value for value in standing(ten).values()) == 1


def test_what_has_begun_or_closed_has_been_tidied_away(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """AISafety.com drops a training once it has started; boards drop what has closed."""
    running = f"UID:course\nSUMMARY:Course\nDTSTART;VALUE=DATE:{NOW:%Y%m%d}\nDTEND;VALUE=DATE:20270201"
    closed = f"{entry(5, title='Fellowship', uid='f')}\nDESCRIPTION:Apply by 25 November 2026."
    lab.source("board")
    serve(lab, Page(calendar(running, closed, entry(1)), headers=HEADERS))
    lab.crawl()
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=4)).isoformat())
    serve(lab, events(1))
    for _ in range(4):
        assert lab.crawl()["board"].is_successful
    assert set(standing(lab).values()) == {"scheduled"}


def test_a_source_with_a_single_event_may_lose_it(lab: Lab) -> None:
    lab.source("group", expect="{ at_least = 0, at_most = 50 }")
    serve(lab, events(1))
    lab.crawl()
    serve(lab, Page(calendar(), headers=HEADERS))
    for day in range(4):
        assert lab.crawl()["group"].verdict.value == "healthy"
        assert set(standing(lab).values()) == {"withdrawn" if day == 3 else "scheduled"}
        lab.wait()


def test_what_a_feed_of_news_no_longer_shows_is_not_gone(lab: Lab) -> None:
    def feed(*numbers: int) -> Page:
        items = "".join(
            f"<item><title>Talk {each}</title><guid>g{each}</guid><link>https://a.example/{each}</link>"
            f"<ev:startdate xmlns:ev='http://purl.org/rss/1.0/modules/event/'>2026-12-{each + 1:02}</ev:startdate></item>"
            for each in numbers
        )
        text = f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
        return Page(text.encode(), headers={"Content-Type": "application/rss+xml"})

    lab.source("news", platform='"feed"', feed_urls=f'["{lab.web.url("/feed")}"]')
    lab.web.pages["/feed"] = feed(*range(6))
    assert lab.crawl()["news"].verdict.value == "healthy"
    for shown in ((5, 6), (6, 7), (7, 8), (8, 9)):
        lab.web.pages["/feed"] = feed(*shown)
        assert lab.crawl()["news"].verdict.value == "healthy"
    assert set(standing(lab).values()) == {"scheduled"}


@pytest.mark.parametrize("tier", ["forums", "directories"])
def test_a_less_trusted_source_cannot_change_what_the_organiser_says(lab: Lab, tier: str) -> None:
    url = "\nURL:https://a.example/evt"
    lab.source("organiser", tier="organisers")
    serve(lab, Page(calendar(entry(3, title="Winter School") + url), headers=HEADERS))
    lab.crawl()
    (before,) = lab.events()
    lab.source("stranger", "/stranger.ics", tier=tier)
    for words in ("Winter School", "CANCELLED: Winter School", "Buy my book"):
        stranger = entry(3, title=words, days=60) + "\nURL:https://evil.example/evt"
        lab.web.pages["/stranger.ics"] = Page(calendar(stranger), headers=HEADERS)
        lab.crawl()
        after = next(each.event for each in lab.events() if each.event.id == before.event.id)
        assert (after.title, after.url, after.when, after.lifecycle) == (
            before.event.title, before.event.url, before.event.when, before.event.lifecycle,
        )  # fmt: skip


def list_of(lab: Lab, *numbers: int) -> Page:
    cards = "".join(
        f'<article><h2><a href="/p/{n}">Talk {n}</a></h2><p>{n} December 2026</p></article>' for n in numbers
    )
    return Page(f"<html><body>{cards}</body></html>".encode(), headers={"Content-Type": "text/html"})


def a_list_with_details(lab: Lab) -> None:
    fields = '{ title = "h2", url = "a@href", starts = "p" }'
    lab.source("group", platform='"html_listing"', page_urls=f'["{lab.web.url("/list")}"]', each='"article"',
               fields=fields, detail='{ deadline = ".due" }')  # fmt: skip
    for number in range(1, 9):
        body = f"<html><body><main><p class='due'>Apply by {number + 23} November 2026</p></main></body></html>"
        lab.web.pages[f"/p/{number}"] = Page(body.encode(), headers={"ETag": f'"{number}"'})
    lab.web.pages["/list"] = list_of(lab, *range(1, 8))
    assert lab.crawl()["group"].verdict.value == "healthy"


def test_what_was_missing_once_and_is_back_on_an_unchanged_page_is_there(lab: Lab) -> None:
    a_list_with_details(lab)
    lab.web.pages["/list"] = list_of(lab, *range(1, 7))
    lab.crawl()
    lab.web.pages["/list"] = list_of(lab, *range(1, 8))
    for _ in range(4):
        assert lab.crawl()["group"].withdrawn == 0
    assert set(standing(lab).values()) == {"scheduled"}


def test_one_page_that_fails_when_all_are_read_again_takes_nothing_away(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_list_with_details(lab)
    before = {each.event.title: each.event.deadlines for each in lab.events()}
    lab.web.pages["/p/7"] = Page(status=404)
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=8)).isoformat())
    assert lab.crawl()["group"].is_successful
    assert {each.event.title: each.event.deadlines for each in lab.events()} == before


def test_an_entry_that_cannot_be_read_is_not_gone(ten: Lab) -> None:
    broken = [entry(number) for number in range(9)] + ["UID:evt-9\nSUMMARY:Reading group\nDTSTART:soon"]
    serve(ten, Page(calendar(*broken), headers=HEADERS))
    for _ in range(4):
        assert ten.crawl()["group"].is_successful
    assert set(standing(ten).values()) == {"scheduled"}


def test_an_event_on_two_pages_is_gone_when_neither_shows_it(lab: Lab) -> None:
    def page(*numbers: int, etag: str) -> Page:
        rows = [{"@type": "Event", "name": f"Talk {n}", "startDate": f"2026-12-{n:02}", "url": f"https://a.example/{n}"} for n in numbers]  # fmt: skip
        scripts = "".join(f'<script type="application/ld+json">{json.dumps(row)}</script>' for row in rows)
        return Page(
            f"<html><body>{scripts}</body></html>".encode(), headers={"ETag": etag, "Content-Type": "text/html"}
        )

    lab.web.pages |= {"/a": page(1, 2, 3, etag='"a"'), "/b": page(3, 4, 5, etag='"b"')}
    lab.source("group", platform='"schema_org"', page_urls=f'["{lab.web.url("/a")}", "{lab.web.url("/b")}"]')
    lab.crawl()
    lab.web.pages["/a"] = page(1, 2, etag='"a2"')
    for _ in range(4):
        lab.crawl()
    assert set(standing(lab).values()) == {"scheduled"}
    lab.web.pages["/b"] = page(4, 5, etag='"b2"')
    for _ in range(4):
        lab.crawl()
        lab.wait()
    assert [title for title, state in standing(lab).items() if state == "withdrawn"] == ["Talk 3"]


def test_what_crumbles_away_is_noticed(lab: Lab) -> None:
    lab.source("group", expect="{ at_least = 0, at_most = 500 }")
    verdicts = []
    for number in (20, 11, 6, 4, 3, 2):
        serve(lab, events(*range(number)))
        verdicts.append(lab.crawl()["group"].diagnosis)
    assert verdicts == ["", "", "halved", "halved", "halved", "halved"]
    assert set(standing(lab).values()) == {"scheduled"}


def test_only_the_trouble_that_was_seen_is_accepted(ten: Lab) -> None:
    serve(ten, events(*range(120)))
    assert ten.crawl()["group"].diagnosis == "flooded"
    serve(ten, Page(calendar(), headers=HEADERS))
    run = ten.crawl(accept="group")["group"]
    assert (run.verdict.value, run.diagnosis) == ("suspect", "emptied")
    assert "another trouble than last time" in run.message
    assert set(standing(ten).values()) == {"scheduled"}


def test_a_source_that_comes_back_after_long_is_held_against_what_it_was(ten: Lab) -> None:
    serve(ten, ERROR_PAGE)
    for _ in range(31):
        ten.crawl()
    serve(ten, events(*range(120)))
    assert ten.crawl()["group"].diagnosis == "flooded"
