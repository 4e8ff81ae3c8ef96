from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import icalendar
import pytest

from tests.factories import FETCHED, a_when, an_event, published
from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.text import clean_line
from tracker.models.vocabulary import DatePrecision, EventType, Lifecycle, Mode, ZoneSource
from tracker.publishing.ical.deadline_entries import dated_items, render_deadline
from tracker.publishing.ical.event_entry import render_calendar, render_vevent
from tracker.publishing.ical.vevent import Text, to_bytes, without_version_lines
from tracker.publishing.lint.rules import lint
from tracker.publishing.phrases import zone_words

EVENING = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)
NASTY = [
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\n",
    "lone\nfeed",
    "lone\rreturn",
    "👩‍👩‍👧" * 20,
    "gpj.\u202egnp.exe",
    "שלום עולם / مرحبا",
    "a,b;c:d\\e\"f'g",
    "nul\x00 bell\x07 vt\x0b ff\x0c esc\x1b",
    "ls\u2028 ps\u2029 nel\x85",
    "w" * 500,
    "trailing\\",
    r"literal \n \N \, \; C:\New folder",
    "𝔸" * 100,
    "long " * 2_000,
]


def render(event: Event | None = None, **changes: Any) -> bytes:
    vevent = render_vevent(published(event, **changes))
    assert vevent is not None
    return vevent


def calendar_of(*vevents: bytes) -> bytes:
    return render_calendar(vevents, name="Events", description="All of them", changed_at=FETCHED)


def parse(vevent: bytes) -> Any:
    calendar = icalendar.Calendar.from_ical(calendar_of(vevent))
    (entry,) = calendar.walk("VEVENT")
    return entry


def test_every_zone_reaches_the_calendar() -> None:
    """Etc/GMT once crashed the rendering, and the event stood nowhere."""
    names = sorted(available_timezones() - {"localtime"})
    assert len(names) > 400
    for zone in [*names, "AoE", "UTC", "Etc/GMT+12"]:
        deadline = Deadline(at=date(2026, 11, 30), timezone=zone, timezone_source=ZoneSource.STATED)
        when = a_when(EVENING, EVENING + timedelta(hours=2), timezone=zone, timezone_source=ZoneSource.STATED)
        event = an_event(when=when, deadlines=(deadline,))
        assert b"\r\nDTSTART:20261203T180000Z\r\n" in render(event), zone
        assert zone_words(zone), zone
        for item in dated_items(event):
            entry = render_deadline(event, item, sequence=0, first_seen=FETCHED, changed_at=FETCHED)
            assert b"DTSTART" in entry, zone


@pytest.mark.parametrize("tail", ["", "e", "\\", "^", "\\n", "é"])
def test_lines_are_folded_as_the_library_folds_them(tail: str) -> None:
    entry = icalendar.Event()
    for length in range(55, 240):
        entry[f"X-{length}"] = Text("a" * length + tail + "b,c" * (length % 40))
    assert to_bytes(entry) == entry.to_ical()
    for text in NASTY:
        entry["SUMMARY"] = Text(clean_line(text))
        entry["DESCRIPTION"] = Text(text)
        assert to_bytes(entry) == entry.to_ical()


def test_the_bytes_of_a_simple_entry() -> None:
    """Where this has to change, RENDERING has to rise, or stored entries stay as they were."""
    event = an_event(
        when=a_when(EVENING, EVENING + timedelta(hours=2), timezone="Europe/Berlin"),
        types=(EventType.READING_GROUP,),
        places=(Place(raw="Berlin, Germany", city="Berlin", country="DE", latitude=52.52, longitude=13.41),),
    )
    assert render(event, sequence=3).decode().splitlines() == [
        "BEGIN:VEVENT",
        "SUMMARY:Winter Social",
        "DTSTART:20261203T180000Z",
        "DTEND:20261203T200000Z",
        "DTSTAMP:20261123T120000Z",
        "UID:k3v9q2m8xa01@aisafety-tracker",
        "SEQUENCE:3",
        "CATEGORIES:Reading group",
        "CREATED:20261123T120000Z",
        "DESCRIPTION:https://berlin.example/social\\nThu 3 Dec 2026\\, 19:00–21:00 ",
        " Berlin time\\n\\nSource: AI Safety Berlin (https://berlin.example/)",
        "GEO:52.52;13.41",
        "LAST-MODIFIED:20261123T120000Z",
        "LOCATION:Berlin\\, Germany",
        "STATUS:CONFIRMED",
        "URL:https://berlin.example/social",
        "END:VEVENT",
    ]


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        (a_when(date(2026, 12, 3)), date(2026, 12, 3), date(2026, 12, 4)),
        (a_when(date(2026, 12, 3), date(2026, 12, 5)), date(2026, 12, 3), date(2026, 12, 6)),
        (a_when(EVENING), EVENING, EVENING + timedelta(hours=1)),
    ],
)
def test_an_end_is_always_written_and_is_exclusive(when: When, start: date, end: date) -> None:
    entry = parse(render(an_event(when=when)))
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (start, end)


@pytest.mark.parametrize(
    "when",
    [
        When(),
        When(text="soon"),
        When(start=date(2026, 9, 1), end=date(2026, 9, 30), precision=DatePrecision.MONTH, text="early September"),
    ],
)
def test_a_day_that_is_not_certain_never_stands_in_a_calendar(when: When) -> None:
    assert render_vevent(published(an_event(when=when))) is None


@pytest.mark.parametrize(
    ("lifecycle", "status", "title"),
    [
        (Lifecycle.SCHEDULED, "CONFIRMED", "Winter Social"),
        (Lifecycle.MOVED_ONLINE, "CONFIRMED", "Winter Social"),
        (Lifecycle.TENTATIVE, "TENTATIVE", "Winter Social"),
        (Lifecycle.POSTPONED, "TENTATIVE", "[POSTPONED] Winter Social"),
        (Lifecycle.CANCELLED, "CANCELLED", "[CANCELLED] Winter Social"),
        (Lifecycle.WITHDRAWN, "CANCELLED", "[CANCELLED] Winter Social"),
    ],
)
def test_what_became_of_it_is_in_status_and_title(lifecycle: Lifecycle, status: str, title: str) -> None:
    entry = parse(render(an_event(lifecycle=lifecycle)))
    assert (entry["STATUS"], entry["SUMMARY"]) == (status, title)


def test_deadline_doubts_and_credit_stand_in_the_description() -> None:
    event = an_event(
        deadlines=(Deadline(at=date(2026, 11, 30), timezone="AoE", timezone_source=ZoneSource.ASSUMED),),
        doubts=("The Directory says it starts on 2026-12-04",),
        apply_url="https://berlin.example/apply",
    )
    text = str(parse(render(event))["DESCRIPTION"])
    assert text.startswith("https://berlin.example/apply\n")
    assert "Apply by Mon 30 Nov 2026, time zone not stated" in text
    assert "Note: The Directory says it starts on 2026-12-04" in text
    assert text.endswith("Source: AI Safety Berlin (https://berlin.example/)")


@pytest.mark.parametrize(
    ("mode", "places", "location"),
    [
        (Mode.ONLINE, (), "Online"),
        (Mode.HYBRID_CHOICE, (Place(raw="Berlin"),), "Berlin & Online"),
        (Mode.IN_PERSON, (Place(raw="Berlin"), Place(raw="London")), "Berlin & London"),
        (Mode.UNKNOWN, (), None),
    ],
)
def test_online_and_places_stand_in_the_location(mode: Mode, places: tuple[Place, ...], location: str | None) -> None:
    assert parse(render(an_event(mode=mode, places=places))).get("LOCATION") == location


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_text_stays_text_in_every_field(text: str) -> None:
    event = an_event(
        title=text, description=text, organizers=(text,), places=(Place(raw=text, city=text),), doubts=(text,)
    )
    vevent = render(event)
    body = calendar_of(vevent)
    assert b"\r" not in body.replace(b"\r\n", b"") and b"\n" not in body.replace(b"\r\n", b"")  # noqa: PT018
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert not any(byte < 0x20 and byte not in (0x0D, 0x0A) for byte in body)
    entry = parse(vevent)
    assert str(entry["UID"]) == "k3v9q2m8xa01@aisafety-tracker"
    assert str(entry["SUMMARY"]).replace("\\N", "\\N") == event.title
    assert "\n" not in str(entry["SUMMARY"]) + str(entry["LOCATION"])


def test_the_visible_part_leaves_out_what_only_carries_the_version() -> None:
    later = FETCHED + timedelta(days=3)
    assert without_version_lines(render()) == without_version_lines(render(sequence=9, changed_at=later))
    assert without_version_lines(render()) != without_version_lines(render(an_event(title="Other")))
    assert b"SEQUENCE" in render(an_event(title="SEQUENCE:1"), sequence=1)


def test_a_calendar_says_who_it_is_and_how_often_to_look() -> None:
    body = calendar_of(render())
    lines = body.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lines
    assert "X-PUBLISHED-TTL:PT6H" in lines
    assert "X-WR-CALNAME:Events" in lines
    assert "NAME:Events" in lines
    assert "LAST-MODIFIED:20261123T120000Z" in lines
    assert not [line for line in lines[: lines.index("BEGIN:VEVENT")] if line.startswith(("UID", "METHOD", "DTSTAMP"))]


def test_a_calendar_names_its_own_address_where_it_has_one() -> None:
    body = render_calendar([], name="E", description="D", changed_at=None, url="https://e.example/events.ics?type=talk")
    assert b"SOURCE;VALUE=URI:https://e.example/events.ics?type=talk\r\n" in body


def test_an_empty_calendar_is_a_calendar() -> None:
    assert icalendar.Calendar.from_ical(calendar_of()).walk("VEVENT") == []


@pytest.mark.long
def test_all_of_it_holds_without_asserts() -> None:
    """Some of icalendar's own protection is written as assert, which ``python -O`` leaves out."""
    here = Path(__file__)
    result = subprocess.run(
        [sys.executable, "-O", "-c", f"import runpy; runpy.run_path({str(here)!r})['render_all_nasty']()"],
        capture_output=True, text=True, check=False, cwd=here.parents[2],
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def render_all_nasty() -> None:
    for text in NASTY:
        event = an_event(title=text, organizers=(text,), doubts=(text,), deadlines=(Deadline(label=text, at=FETCHED),))
        (item,) = dated_items(event)
        whole = calendar_of(
            render(event), render_deadline(event, item, sequence=0, first_seen=FETCHED, changed_at=FETCHED)
        )
        if whole.count(b"BEGIN:VEVENT\r\n") != 2 or b"\nUID:evil" in whole or lint(whole):
            raise SystemExit(f"injected into a whole feed: {text!r}")
        vevent = render_vevent(published(an_event(title=text, description=text, places=(Place(raw=text),))))
        if vevent is None or vevent.count(b"BEGIN:VEVENT\r\n") != 1 or b"\nUID:evil" in vevent:
            raise SystemExit(f"injected: {text!r}")
