"""Our calendar, read by the parsers of other people's calendar programs."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.factories import NOW, an_event, published
from tests.publishing.test_icalendar import NASTY
from tracker.demo.truth import true_events
from tracker.models import Place
from tracker.publishing.ical.calendar import render_calendar
from tracker.publishing.ical.entries import render_vevent

pytestmark = pytest.mark.referee

Seen = dict[str, tuple[str, str]]
"""UID → (title, start)."""


@pytest.fixture
def feed(practice_data: Path) -> bytes:
    """The practice web's calendar."""
    return (practice_data / "site" / "events.ics").read_bytes()


@pytest.fixture(scope="session")
def nasty_feed() -> bytes:
    """A calendar with hostile and odd text in every field."""
    vevents = []
    for number, text in enumerate(NASTY):
        event = an_event(
            id=f"nasty{number:02}", title=text, description=text, organizers=(text,), places=(Place(raw=text),)
        )
        vevent = render_vevent(published(event))
        assert vevent is not None
        vevents.append(vevent)
    return render_calendar(vevents, name="Nasty", description="Nasty; text, \\ too", changed_at=NOW)


def seen_by_icalendar(feed: bytes) -> Seen:
    entries: list[Any] = list(icalendar.Calendar.from_ical(feed).walk("VEVENT"))
    return {str(entry["UID"]): (str(entry["SUMMARY"]), written(entry["DTSTART"].dt)) for entry in entries}


def seen_by_ical(feed: bytes) -> Seen:
    """``ical`` is strict: one bad byte and Home Assistant shows nothing at all."""
    ical = pytest.importorskip("ical.calendar_stream", reason="needs the extra 'dev'")
    calendar = ical.IcsCalendarStream.calendar_from_ics(feed.decode())
    return {event.uid: (event.summary, written(event.dtstart)) for event in calendar.events}


def libical() -> ctypes.CDLL:
    """Evolution, GNOME and KDE read calendars with it."""
    name = ctypes.util.find_library("ical")
    if name is None:
        pytest.skip("needs Debian's package libical3")
    library = ctypes.CDLL(name)
    for function in (
        "icalparser_parse_string",
        "icalcomponent_get_first_component",
        "icalcomponent_get_next_component",
    ):
        getattr(library, function).restype = ctypes.c_void_p
    for function in ("icalcomponent_get_uid", "icalcomponent_get_summary"):
        getattr(library, function).restype = ctypes.c_char_p
    return library


def seen_by_libical(feed: bytes) -> dict[str, str]:
    library = libical()
    root = library.icalparser_parse_string(feed)
    assert root, "libical cannot read it"
    root = ctypes.c_void_p(root)
    assert library.icalcomponent_count_errors(root) == 0
    assert library.icalrestriction_check(root) == 1
    vevent, seen = 4, {}  # ICAL_VEVENT_COMPONENT
    entry = library.icalcomponent_get_first_component(root, vevent)
    while entry:
        handle = ctypes.c_void_p(entry)
        seen[library.icalcomponent_get_uid(handle).decode()] = library.icalcomponent_get_summary(handle).decode()
        entry = library.icalcomponent_get_next_component(root, vevent)
    library.icalcomponent_free(root)
    return seen


def written(moment: date | datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if isinstance(moment, datetime) else moment.isoformat()


def test_all_readers_see_the_same_events(feed: bytes) -> None:
    seen = seen_by_icalendar(feed)
    assert len(seen) == sum(each["precision"] in {"exact", "day"} for each in true_events(NOW.date()))
    assert seen_by_ical(feed) == seen
    assert seen_by_libical(feed) == {uid: title for uid, (title, _) in seen.items()}


def test_nasty_text_is_text_to_all_readers(nasty_feed: bytes) -> None:
    titles = {f"nasty{number:02}@aisafety-tracker": an_event(title=text).title for number, text in enumerate(NASTY)}
    assert {uid: title for uid, (title, _) in seen_by_ical(nasty_feed).items()} == titles
    assert seen_by_libical(nasty_feed) == titles


def test_no_zone_is_written_that_a_reader_must_know(feed: bytes) -> None:
    assert b"TZID" not in feed
    assert not re.search(rb"^DT(?:START|END)(?:;[^:]*)?:\d{8}T\d{6}\r?$", feed, re.MULTILINE), "a floating time"
