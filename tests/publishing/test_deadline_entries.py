"""Deadlines in calendars: entries of their own, each with a version of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest

from tests.factories import NOW, a_when, an_event
from tracker.models.application_status import application_status
from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.vocabulary import DeadlineKind, Lifecycle
from tracker.pipeline.rendering import cancel, hide, render
from tracker.publishing.ical.deadline_entries import alarms, dated_items, with_alarms
from tracker.store.events import DeadlineEntry, RenderedEvent

LATER = NOW + timedelta(days=1)
AOE = Deadline(at=date(2026, 11, 16), timezone="AoE")
CLOCK = Deadline(kind=DeadlineKind.REGISTRATION, at=datetime(2026, 12, 1, 22, 59, tzinfo=UTC), timezone="Europe/Berlin")


def entries(rendered: RenderedEvent) -> dict[str, Any]:
    found = {}
    for each in rendered.deadlines:
        (entry,) = icalendar.Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + each.vevent + b"END:VCALENDAR\r\n").walk(
            "VEVENT"
        )
        found[each.part] = entry
    return found


def test_a_day_is_a_day_and_a_clock_time_is_in_utc() -> None:
    event = an_event(deadlines=(AOE, CLOCK), apply_url="https://berlin.example/apply")
    day, clock = entries(render(event, None, NOW)).values()
    assert (day["DTSTART"].dt, day["DTEND"].dt) == (date(2026, 11, 16), date(2026, 11, 17))
    assert (clock["DTSTART"].dt, clock["DTEND"].dt - clock["DTSTART"].dt) == (CLOCK.at, timedelta(minutes=15))
    assert [str(each["SUMMARY"]) for each in (day, clock)] == ["Apply by: Winter Social", "Register by: Winter Social"]
    assert "Apply by Mon 16 Nov 2026, anywhere on Earth" in str(day["DESCRIPTION"])
    assert str(day["DESCRIPTION"]).startswith("https://berlin.example/apply\n")
    assert str(day["URL"]) == "https://berlin.example/apply"
    assert str(day["RELATED-TO"]) == "k3v9q2m8xa01@aisafety-tracker"
    assert {str(each["TRANSP"]) for each in (day, clock)} == {"TRANSPARENT"}
    assert str(day["UID"]) == "k3v9q2m8xa01-deadline-application@aisafety-tracker"


@pytest.mark.parametrize(
    ("deadlines", "parts"),
    [
        ((), []),
        ((AOE, AOE.model_copy(update={"at": date(2026, 11, 20)})), ["deadline-application", "deadline-application-2"]),
        ((Deadline(rolling=True), Deadline(not_yet_open=True), Deadline(text="soon")), []),
        ((Deadline(kind=DeadlineKind.NOTIFICATION, at=date(2026, 12, 1)),), []),
        ((Deadline(at=date(2026, 12, 1), opens=date(2026, 11, 1)),), ["deadline-application", "deadline-opening"]),
    ],
)
def test_what_has_a_day_and_asks_for_something_has_an_entry(deadlines: tuple[Deadline, ...], parts: list[str]) -> None:
    assert [item.part for item in dated_items(an_event(deadlines=deadlines))] == parts


def test_an_event_without_a_certain_day_still_has_its_deadline() -> None:
    rendered = render(an_event(when=When(text="early 2027"), deadlines=(AOE,)), None, NOW)
    assert rendered.vevent is None
    assert len(rendered.deadlines) == 1


def versions(rendered: RenderedEvent) -> tuple[int, dict[str, int]]:
    return rendered.published.sequence, {each.part: each.sequence for each in rendered.deadlines}


@pytest.mark.parametrize(
    ("changes", "own", "application", "registration"),
    [
        ({"places": (Place(raw="Paris", city="Paris", country="FR"),)}, 1, 0, 0),
        ({"when": a_when(date(2026, 12, 10))}, 1, 0, 0),
        ({"deadlines": (AOE.model_copy(update={"at": date(2026, 11, 20)}), CLOCK)}, 1, 1, 0),
        ({"title": "Summer Social"}, 1, 1, 1),
        ({"lifecycle": Lifecycle.CANCELLED}, 1, 1, 1),
        ({"summary": "", "languages": ("en",)}, 0, 0, 0),
    ],
)
def test_exactly_what_changed_has_a_new_version(
    changes: dict[str, Any], own: int, application: int, registration: int
) -> None:
    event = an_event(deadlines=(AOE, CLOCK))
    first = render(event, None, NOW)
    second = render(event.model_copy(update=changes), first, LATER)
    expected = {"deadline-application": application, "deadline-registration": registration}
    assert versions(second) == (own, expected)
    stamps = {each.part: each.changed_at for each in second.deadlines}
    assert stamps == {part: LATER if sequence else NOW for part, sequence in expected.items()}
    assert [each.vevent for each in render(second.published.event, second, LATER).deadlines] == [
        each.vevent for each in second.deadlines
    ]


@pytest.mark.parametrize("how", ["strike_out", "hide", "cancel"])
def test_what_is_off_strikes_out_its_deadlines(how: str) -> None:
    event = an_event(deadlines=(AOE,))
    first = render(event, None, NOW)
    struck = {
        "strike_out": lambda: cancel(first, LATER, "heir"),
        "hide": lambda: hide(event, first, LATER),
        "cancel": lambda: render(event.model_copy(update={"lifecycle": Lifecycle.CANCELLED}), first, LATER),
    }[how]()
    (entry,) = entries(struck).values()
    assert (str(entry["STATUS"]), int(entry["SEQUENCE"])) == ("CANCELLED", 1)
    assert str(entry["SUMMARY"]).startswith("[CANCELLED] ")
    revived = render(event, struck, LATER)
    assert str(entries(revived)["deadline-application"]["STATUS"]) == "CONFIRMED"


PRIORITY = Deadline(label="Priority deadline", at=date(2026, 12, 1))
FINAL = Deadline(label="Final deadline", at=date(2027, 1, 15))


def test_a_deadline_that_is_dropped_does_not_become_another() -> None:
    first = render(an_event(deadlines=(PRIORITY, FINAL)), None, NOW)
    second = render(an_event(deadlines=(FINAL,)), first, LATER)
    (kept,) = second.deadlines
    assert kept in first.deadlines


def test_a_deadline_that_comes_back_is_newer_than_it_ever_was() -> None:
    rendered, seen = None, []
    for day in (1, 2, 3, None, 4):
        deadlines = (AOE.model_copy(update={"at": date(2026, 12, day)}),) if day else ()
        rendered = render(an_event(deadlines=deadlines), rendered, NOW)
        seen += [each.sequence for each in rendered.deadlines]
    assert seen == sorted(set(seen))
    assert len(seen) == 4


def test_reminders_stand_inside_the_entry_that_begins_later() -> None:
    (entry,) = render(an_event(deadlines=(AOE,)), None, NOW).deadlines
    reminded = with_alarms(entry.vevent, alarms([timedelta(days=7), timedelta(days=1)]))
    calendar: Any = icalendar.Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + reminded + b"END:VCALENDAR\r\n")
    found = calendar.walk("VALARM")
    assert [each["TRIGGER"].dt for each in found] == [timedelta(days=-7), timedelta(days=-1)]
    assert [str(each["DESCRIPTION"]) for each in found] == ["Deadline in 7 days", "Deadline in 1 day"]
    assert {str(each["ACTION"]) for each in found} == {"DISPLAY"}


def test_a_deadline_anywhere_on_earth_is_open_to_its_last_second() -> None:
    event: Event = an_event(deadlines=(AOE,), when=a_when(date(2027, 1, 1)))
    last = datetime(2026, 11, 17, 11, 59, 59, tzinfo=UTC)
    assert application_status(event, last) == "closing_soon"
    assert application_status(event, last + timedelta(seconds=1)) == "closed"


def test_an_entry_is_what_the_store_keeps() -> None:
    (entry,) = render(an_event(deadlines=(AOE,)), None, NOW).deadlines
    assert isinstance(entry, DeadlineEntry)
    assert entry.starts_at == datetime(2026, 11, 16, tzinfo=UTC)
