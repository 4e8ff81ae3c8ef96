from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import an_event
from tests.publishing.test_icalendar import NASTY, calendar_of, render
from tracker.publishing.lint.rules import lint

HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n"
EVENT = "BEGIN:VEVENT\nUID:1@x\nDTSTAMP:20261123T120000Z\n{}SUMMARY:Talk\nEND:VEVENT\n"
SPAN = "DTSTART:20261203T180000Z\nDTEND:20261203T200000Z\n"


def wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def with_lines(lines: str, *, span: str = SPAN, head: str = "") -> bytes:
    return wire(HEAD + head + EVENT.format(span + lines) + "END:VCALENDAR\n")


def test_a_plain_calendar_is_faultless() -> None:
    assert lint(with_lines("LOCATION:Berlin\\, Germany\nURL:https://x.example/\n")) == []
    assert lint(with_lines("RRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z\nATTACH:https://x.example/poster.pdf\n")) == []
    assert lint(with_lines("ATTACH;ENCODING=BASE64;VALUE=BINARY:QUFB\n")) == []


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        (with_lines("", span=""), "missing", 4),
        (with_lines("").replace(b"UID:1@x\r\n", b""), "missing", 4),
        (with_lines("").replace(b"DTSTAMP:20261123T120000Z\r\n", b""), "missing", 4),
        (with_lines("").replace(b"T120000Z", b"T120000"), "stamp-not-utc", 6),
        (with_lines("").replace(b"VERSION:2.0\r\n", b""), "missing", 1),
        (with_lines("", span="DTSTART:20261203T180000Z\n"), "no-end", 4),
        (with_lines("DURATION:PT1H\n"), "two-ends", 8),
        (with_lines("", span="DTSTART;VALUE=DATE:20261203\nDTEND;VALUE=DATE:20261203\n"), "empty-span", 8),
        (with_lines("", span="DTSTART;VALUE=DATE:20261203\nDTEND:20261203T200000Z\n"), "mixed-span", 8),
        (with_lines("", span="DTSTART:20261203\nDTEND;VALUE=DATE:20261204\n"), "day-without-type", 7),
        (with_lines("", span="DTSTART:20261203T180000\nDTEND:20261203T190000\n"), "floating", 7),
        (with_lines("", span="DTSTART;TZID=\"UTC+05:30\":20261203T180000\nDTEND;TZID=\"UTC+05:30\":20261203T190000\n"),
         "unknown-zone", 7),
        (with_lines("", span="DTSTART;TZID=UTC:20261203T180000Z\nDTEND;TZID=UTC:20261203T190000Z\n"), "zone-of-utc", 7),
        (with_lines("", span="DTSTART:tomorrow\nDTEND:later\n"), "not-a-time", 7),
        (with_lines("", span="DTSTART;VALUE=DATE:20261301\nDTEND;VALUE=DATE:20261302\n"), "not-a-time", 7),
        (with_lines("", span="DTSTART;VALUE=DATE:20261201T100000Z\nDTEND:20261201T110000Z\n"), "time-as-day", 7),
        (with_lines("RDATE:20261210T180000\n"), "floating", 9),
        (with_lines("SEQUENCE:abc\n"), "sequence", 9),
        (with_lines("RRULE:FREQ=WEEKLY;UNTIL=20270101\n"), "until-kind", 9),
        (with_lines("RRULE:FREQ=WEEKLY;UNTIL=20270101T000000\n"), "until-kind", 9),
        (with_lines("RRULE:FREQ=DAILY;UNTIL=20270101T000000Z\n",
                    span="DTSTART;VALUE=DATE:20261203\nDTEND;VALUE=DATE:20261204\n"), "until-kind", 9),
        (with_lines("", span="DTSTART:20261203T180000Z\nDURATION:-PT1H\n"), "duration", 8),
        (with_lines("", span="DTSTART:20261203T180000Z\nDURATION:1 hour\n"), "duration", 8),
        (with_lines("ATTACH;ENCODING=BASE64;VALUE=BINARY:<redacted>\n"), "attachment", 9),
        (with_lines("ATTACH:poster.pdf\n"), "attachment", 9),
        (with_lines("BEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM\n"), "missing", 9),
        (wire("BEGIN:X\n" * 3_000), "unbalanced", 1),
        (with_lines("STATUS:SCHEDULED\n"), "status", 9),
        (with_lines("LOCATION:Berlin, Germany\n"), "unescaped", 9),
        (with_lines("LOCATION:C:\\Temp\n"), "bad-escape", 9),
        (with_lines("SUMMARY:Second\n"), "twice", 4),
        (with_lines("").replace(b"SUMMARY:Talk", b"SUMMARY:Talk\\nmore"), "title-of-lines", 9),
        (with_lines("URL:javascript:alert(1)\n"), "unsafe-link", 9),
        (with_lines("CONFERENCE:https://x.example/\n"), "no-value-type", 9),
        (with_lines("", head="REFRESH-INTERVAL:PT6H\n"), "no-value-type", 4),
        (with_lines("", head="UID:all@x\n"), "calendar-uid", 4),
        (with_lines("", head="METHOD:PUBLISH\n"), "method", 4),
        (with_lines("", head="BEGIN:VTODO\nEND:VTODO\n"), "to-do", 4),
        (with_lines("DESCRIPTION:" + "x" * 80 + "\n"), "too-long", 9),
        (with_lines("DESCRIPTION:bell\x07\n"), "control-character", 9),
        (with_lines("DESCRIPTION:one\ntwo\n"), "not-a-line", 10),
        (with_lines("").replace(b"\r\n", b"\n"), "line-ending", 1),
        (b"\xef\xbb\xbf" + with_lines(""), "byte-order-mark", 1),
        (with_lines("DESCRIPTION:caf\xe9\n").replace("é".encode(), b"\xe9"), "not-utf-8", 9),
        (with_lines("")[:-15], "unbalanced", 1),
        (wire("END:VEVENT\n") + with_lines(""), "unbalanced", 1),
        (with_lines("") + wire("BEGIN:VEVENT\nEND:VEVENT\n"), "outside", 12),
        (b"<!doctype html><html></html>", "no-calendar", 1),
        (b"", "no-calendar", 1),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(body: bytes, rule: str, line: int) -> None:
    assert (line, rule) in [(fault.line, fault.rule) for fault in lint(body)]


def test_two_entries_of_one_uid_are_named_unless_they_are_of_one_series() -> None:
    twice = wire(HEAD + EVENT.format(SPAN) * 2 + "END:VCALENDAR\n")
    assert [fault.rule for fault in lint(twice)] == ["same-uid"]
    series = wire(
        HEAD + EVENT.format(SPAN) + EVENT.format(SPAN + "RECURRENCE-ID:20261203T180000Z\n") + "END:VCALENDAR\n"
    )
    assert lint(series) == []


def test_a_zone_that_is_described_may_be_used() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\n"
        "TZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    span = "DTSTART;TZID=Europe/Berlin:20261203T180000\nDTEND;TZID=Europe/Berlin:20261203T190000\n"
    assert lint(with_lines("", span=span, head=zone)) == []


def test_what_we_write_is_faultless() -> None:
    vevents = [render(an_event(id=f"nasty{number}", title=text, description=text)) for number, text in enumerate(NASTY)]
    assert lint(calendar_of(*vevents)) == []


@given(st.binary(max_size=300) | st.text(alphabet='BEGIN:VCALENDAR;=\r\n \\,"', max_size=300).map(str.encode))
def test_no_bytes_break_it(body: bytes) -> None:
    assert lint(body)
