"""A deadline whose zone is not stated: shown as written everywhere, converted nowhere, never later than it may be meant."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.factories import FETCHED, NOW, a_listing, a_when, an_event, published
from tests.sources_that_speak import a_store, say
from tracker.models.application_status import application_status, may_have_closed
from tracker.models.deadline import Deadline
from tracker.models.event import Change, Event
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.selection import Selection
from tracker.models.vocabulary import ApplicationStatus, ZoneSource
from tracker.publishing.countdown import left_words, line_at
from tracker.publishing.csv_events import render_csv
from tracker.publishing.digest import build_digest
from tracker.publishing.ical.deadline_entries import dated_items, render_deadline
from tracker.publishing.ical.event_entry import render_vevent
from tracker.publishing.json_events import render_json
from tracker.publishing.news import summarize_changes
from tracker.publishing.pages import EventPage, render_event_page
from tracker.publishing.pasting import FORMS

SEVENTH = Deadline(at=date(2026, 12, 7), timezone="AoE", timezone_source=ZoneSource.ASSUMED)
EVENING = Deadline(at=datetime(2026, 12, 8, 6, tzinfo=UTC), timezone="AoE", timezone_source=ZoneSource.ASSUMED)
"""7 December, 18:00, wherever."""
STATED = Deadline(at=date(2026, 12, 7), timezone="AoE", timezone_source=ZoneSource.STATED)
BERLIN = Place(city="Berlin", country="DE", timezone="Europe/Berlin")
AUCKLAND = Place(city="Auckland", country="NZ", timezone="Pacific/Auckland")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of December 2026, in UTC."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def event_at(*places: Place, zone: str | None = None, deadline: Deadline = SEVENTH) -> Event:
    return an_event(places=places, when=a_when(date(2027, 3, 1), timezone=zone), deadlines=(deadline,))


@pytest.mark.parametrize(
    ("deadline", "assumed"),
    [
        (SEVENTH, True),
        (EVENING, True),
        (Deadline(at=date(2026, 12, 7)), True),
        (STATED, False),
        (Deadline(at=date(2026, 12, 7), timezone="Europe/Berlin", timezone_source=ZoneSource.STATED), False),
        (Deadline(at=at(7, 17)), False),
        (Deadline(rolling=True), False),
    ],
)
def test_a_zone_is_assumed_where_the_source_states_none(deadline: Deadline, assumed: bool) -> None:
    assert deadline.zone_is_assumed is assumed


@pytest.mark.parametrize(
    ("now", "zone", "words"),
    [
        (at(2, 12), "Europe/Berlin", "5 days left"),
        (at(6, 12), "Europe/Berlin", "1 day left"),
        (at(6, 22, 59), "Europe/Berlin", "1 day left"),
        (at(6, 23), "Europe/Berlin", "closes today"),
        (at(7, 22, 59), "Europe/Berlin", "closes today"),
        (at(7, 23), "Europe/Berlin", "may have closed"),
        (at(6, 12), "Pacific/Auckland", "closes today"),
        (at(7, 10, 59), "Pacific/Auckland", "closes today"),
        (at(7, 11), "Pacific/Auckland", "may have closed"),
        (at(7, 9, 59), "Pacific/Honolulu", "1 day left"),
        (at(7, 10), "Pacific/Honolulu", "closes today"),
        (at(8, 9, 59), "Pacific/Honolulu", "closes today"),
        (at(8, 10), "Pacific/Honolulu", "may have closed"),
        (at(8, 11, 59), "America/New_York", "may have closed"),
    ],
)
def test_days_are_counted_to_the_day_as_written_on_the_visitors_calendar(now: datetime, zone: str, words: str) -> None:
    assert left_words(event_at(), SEVENTH, now, zone) == words


@pytest.mark.parametrize(
    ("event", "now", "words"),
    [
        (event_at(BERLIN), at(7, 22, 59), "closes today"),
        (event_at(BERLIN), at(7, 23), "may have closed"),
        (event_at(AUCKLAND), at(7, 11), "may have closed"),
        (event_at(BERLIN, AUCKLAND), at(7, 11), "may have closed"),
        (event_at(zone="Europe/Berlin"), at(7, 23), "may have closed"),
        (event_at(zone="UTC"), at(8, 4), "closes today"),
        (event_at(BERLIN, deadline=EVENING), at(7, 16, 59), "closes today"),
        (event_at(BERLIN, deadline=EVENING), at(7, 17), "may have closed"),
    ],
)
def test_from_the_end_of_the_day_at_the_place_it_may_have_closed(event: Event, now: datetime, words: str) -> None:
    assert left_words(event, event.deadlines[0], now, "America/New_York") == words


def test_it_stays_open_until_no_place_on_earth_has_the_day() -> None:
    event = event_at(AUCKLAND)
    assert application_status(event, at(8, 11, 59)) is ApplicationStatus.CLOSING_SOON
    assert may_have_closed(event, SEVENTH, at(8, 11, 59))
    assert application_status(event, at(8, 12)) is ApplicationStatus.CLOSED
    assert not may_have_closed(event, SEVENTH, at(8, 12))


def test_a_stated_zone_is_counted_to_its_last_minute() -> None:
    assert left_words(event_at(AUCKLAND), STATED, at(8, 9), "Europe/Berlin") == "closes in 3 hours"
    assert not may_have_closed(event_at(AUCKLAND), STATED, at(8, 9))


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (SEVENTH, "Apply by Mon 7 Dec 2026, time zone not stated"),
        (EVENING, "Apply by Mon 7 Dec 2026, 18:00, time zone not stated"),
        (STATED, "Apply by Mon 7 Dec 2026, anywhere on Earth"),
    ],
)
def test_pages_say_it_as_written_and_convert_nothing(deadline: Deadline, words: str) -> None:
    page = render_event_page(EventPage(published(event_at(deadline=deadline)), NOW))
    assert words in page
    assert ("(until " in page) is (deadline is STATED)


def test_a_page_says_that_it_may_have_closed() -> None:
    assert "Applications: may have closed" in render_event_page(EventPage(published(event_at(BERLIN)), at(7, 23)))
    assert "Applications: closing soon" in render_event_page(EventPage(published(event_at(BERLIN)), at(7, 22)))
    assert line_at(event_at(BERLIN), SEVENTH, at(7, 23)).endswith("time zone not stated (may have closed)")


def test_json_marks_it_and_csv_gives_the_day() -> None:
    events = [published(event_at(deadline=each)) for each in (SEVENTH, EVENING, STATED)]
    found = json.loads(render_json(events, Selection(), NOW))["events"]
    assert [each["deadlines"][0]["zone_is_assumed"] for each in found] == [True, True, False]
    rows = csv.DictReader(io.StringIO(render_csv(events, NOW).decode()))
    assert [row["closes_at"] for row in rows] == ["2026-12-07", "2026-12-07", "2026-12-08T12:00:00Z"]


@pytest.mark.parametrize("deadline", [SEVENTH, EVENING])
def test_its_calendar_entry_is_the_day_as_written(deadline: Deadline) -> None:
    event = event_at(deadline=deadline)
    (item,) = dated_items(event)
    entry = render_deadline(event, item, sequence=0, first_seen=FETCHED, changed_at=FETCHED)
    parsed: Any
    (parsed,) = icalendar.Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + entry + b"END:VCALENDAR\r\n").walk("VEVENT")
    assert (parsed["DTSTART"].dt, parsed["DTEND"].dt) == (date(2026, 12, 7), date(2026, 12, 8))
    assert "time zone not stated" in str(parsed["DESCRIPTION"])
    assert b"time zone not stated" in (render_vevent(published(event)) or b"").replace(b"\r\n ", b"")


@pytest.mark.parametrize("form", ["md", "html", "text"])
def test_the_digest_says_it_as_written(tmp_path: Path, form: str) -> None:
    store = a_store(tmp_path)
    say(store, a_listing(when=a_when(date(2027, 3, 1)), places=(BERLIN,), deadlines=(SEVENTH,)), 0)
    with store.reading() as db:
        before, after = (
            FORMS[form].render(build_digest(db, Selection(), since=NOW, until=until))
            for until in (at(7, 22), at(7, 23))
        )
    store.close()
    assert "Apply by Mon 7 Dec 2026, time zone not stated" in before
    assert "may have closed" not in before
    assert "time zone not stated (may have closed)" in after


def test_learning_the_zone_of_a_day_is_no_news() -> None:
    said = {
        name: json.dumps([each.model_dump(mode="json")]) for name, each in (("assumed", SEVENTH), ("stated", STATED))
    }
    berlin = SEVENTH.model_copy(update={"timezone": "Europe/Berlin", "timezone_source": ZoneSource.STATED})
    said["berlin"] = json.dumps([berlin.model_dump(mode="json")])
    for before, after in (("assumed", "berlin"), ("berlin", "assumed"), ("assumed", "stated")):
        change = Change(event_id="k", at=NOW, field="deadlines", before=said[before], after=said[after])
        assert list(summarize_changes([(1, change, published())])) == []


def test_an_event_without_a_place_counts_with_the_visitor() -> None:
    event = an_event(when=When(), deadlines=(SEVENTH,))
    assert may_have_closed(event, SEVENTH, at(7, 23), "Europe/Berlin")
    assert not may_have_closed(event, SEVENTH, at(7, 23), "America/New_York")
