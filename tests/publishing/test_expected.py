"""Expected rounds on pages and in calendars that ask for them; the real round takes their place under the same UID."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import say
from tracker.models.calendar_options import CalendarOptions
from tracker.models.deadline import Deadline
from tracker.models.listing import Listing
from tracker.models.selection import Selection
from tracker.models.vocabulary import EventType, ZoneSource
from tracker.publishing.event_pages import event_page
from tracker.publishing.expected import find_expected
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import build_calendar
from tracker.publishing.lint.rules import lint
from tracker.store import Store, queries

YEARS = (2023, 2024, 2025, 2026)


def camp(year: int, day: int, **changes: Any) -> Listing:
    closes = Deadline(at=date(year, 2, day), timezone="Europe/Berlin", timezone_source=ZoneSource.STATED)
    values: dict[str, Any] = {
        "source_id": f"camp-{year}",
        "title": f"Alignment Summer Camp {year}",
        "url": f"https://berlin.example/camp/{year}",
        "when": a_when(date(year, 7, day), date(year, 7, day + 4)),
        "deadlines": (closes,),
        "organizers": ("Camp Society",),
        "types": (EventType.BOOTCAMP,),
    }
    return a_listing(**values | changes)


@pytest.fixture
def yearly(store: Store) -> Store:
    say(store, [camp(year, day) for year, day in zip(YEARS, (10, 8, 14, 12), strict=True)], 0)
    return store


def calendar(store: Store, expected: str = "with", query: str = "", days: int = 0) -> dict[str, Any]:
    options, _ = CalendarOptions.split([("expected", expected)])
    request = FeedRequest(Selection.from_query(query), NOW + timedelta(days=days), options=options)
    with store.reading() as db:
        body = build_calendar(db, request).body
    assert lint(body) == []
    return {str(each["UID"]): each for each in icalendar.Calendar.from_ical(body).walk("VEVENT")}


def test_an_expected_round_is_in_calendars_only_if_asked_and_is_tentative(yearly: Store) -> None:
    assert calendar(yearly, "none") == {}
    (entry,) = calendar(yearly).values()
    assert (entry["STATUS"], entry["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")
    assert entry["SUMMARY"] == "[EXPECTED] The round after Alignment Summer Camp 2026"
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2027, 6, 29), date(2027, 7, 26))
    assert "Applications expected to close between 30 Jan and 25 Feb 2027, as in 4 of 4 years" in entry["DESCRIPTION"]
    assert "No source says so" in entry["DESCRIPTION"]


def test_the_real_round_takes_its_place_under_the_same_uid_and_with_a_higher_sequence(yearly: Store) -> None:
    ((uid, before),) = calendar(yearly).items()
    say(yearly, camp(2027, 6), 40)
    after = calendar(yearly, days=40)
    own = {each for each in after if "-deadline-" not in each}
    assert own == {uid}
    assert (after[uid]["SUMMARY"], after[uid]["STATUS"]) == ("Alignment Summer Camp 2027", "CONFIRMED")
    assert after[uid]["DTSTART"].dt == date(2027, 7, 6)
    assert after[uid]["SEQUENCE"] > before["SEQUENCE"]
    (deadline,) = [each for name, each in after.items() if name != uid]
    assert deadline["RELATED-TO"] == uid
    say(yearly, camp(2027, 7), 41)
    moved = calendar(yearly, days=41)
    assert moved[uid]["SEQUENCE"] > after[uid]["SEQUENCE"]
    plain = calendar(yearly, "none", days=41)
    assert uid not in plain
    assert len(plain) == len(moved)


def test_filters_hold_for_the_last_round_but_not_those_of_time(yearly: Store) -> None:
    assert len(calendar(yearly, query="type=bootcamp&from=today&status=open")) == 1
    assert calendar(yearly, query="type=talk") == {}
    with yearly.reading() as db:
        assert [each.round.year for each in find_expected(db, Selection.from_query("q=summer"), NOW)] == [2027]


def test_the_page_of_the_last_round_says_what_is_expected(yearly: Store) -> None:
    with yearly.reading() as db:
        (last, *_) = queries.find_events(db, Selection.from_query("past=all&from=2026-07-01"), NOW)
        page = event_page(db, last.event.id, NOW).decode()
    assert "Expected to take place between 29 Jun and 25 Jul 2027, as in 4 of 4 years." in page
    assert "No source says so" in page


def test_a_series_that_is_not_yearly_is_left_alone(store: Store) -> None:
    weekly = [
        a_listing(
            source_id=f"w{n}", title="Reading Group", url=f"https://berlin.example/w{n}",
            when=a_when(NOW.date() - timedelta(days=7 * n)), organizers=("Camp Society",),
        )
        for n in range(1, 6)
    ]  # fmt: skip
    say(store, weekly, 0)
    assert calendar(store, query="past=0d") == {}
