"""Checks calendars and entries against the rules that make all programs read them alike."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.publishing.lint.content_lines import ContentLine, Fault, read_lines

_DATE = re.compile(r"\d{8}")
_UTC = re.compile(r"\d{8}T\d{6}Z")
_LOCAL = re.compile(r"\d{8}T\d{6}")
_NEEDS_VALUE = {"REFRESH-INTERVAL": "DURATION", "SOURCE": "URI", "CONFERENCE": "URI", "IMAGE": "URI"}
_LINKS = ("URL", "SOURCE", "CONFERENCE", "IMAGE", "ATTACH")
_SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:", "cid:")
_TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "NAME", "X-WR-CALNAME", "X-WR-CALDESC")
_UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[,;]")
_BAD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?![\\;,nN])")
_ONCE = (
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "DURATION",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "SEQUENCE",
    "STATUS",
    "URL",
)
_UNTIL = re.compile(r"(?:^|;)UNTIL=([^;]*)", re.IGNORECASE)
_POSITIVE = re.compile(r"\+?P(?=[\dT])(?:\d+W|(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)")
"""A length of RFC 5545 section 3.3.6 that is not negative."""
_STATUSES = ("CONFIRMED", "TENTATIVE", "CANCELLED")


@dataclass(slots=True)
class Component:
    """One block from ``BEGIN`` to ``END``."""

    name: str
    line: int
    lines: list[ContentLine] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)

    def first(self, name: str) -> ContentLine | None:
        """Return the first line of this name, or None."""
        return next((line for line in self.lines if line.name == name), None)

    def text(self, name: str) -> str:
        """Return the value of the first line of this name; empty if there is none."""
        line = self.first(name)
        return line.value if line else ""


def lint(body: bytes) -> list[Fault]:
    """Return the faults of a calendar file, sorted by line. Never raises, whatever the bytes are."""
    lines, faults = read_lines(body)
    calendars, broken = _components(lines)
    faults += broken
    if not calendars:
        faults.append(Fault(1, "no-calendar", "There is no BEGIN:VCALENDAR."))
    for calendar in calendars:
        faults += _check_calendar(calendar)
        zones = {each.text("TZID") for each in calendar.inside if each.name == "VTIMEZONE"}
        seen: dict[tuple[str, str], int] = {}
        for entry in calendar.inside:
            if entry.name == "VEVENT":
                faults += _check_entry(entry, seen)
            if entry.name == "VTIMEZONE":
                continue  # its times have to be local
            for each in _all(entry):
                faults += _check_lines(each.lines, zones)
        faults += _check_lines(calendar.lines, zones)
    return sorted(faults, key=lambda fault: (fault.line, fault.rule))


def _components(lines: Sequence[ContentLine]) -> tuple[list[Component], list[Fault]]:
    calendars: list[Component] = []
    open_ones: list[Component] = []
    faults: list[Fault] = []
    for line in lines:
        if line.name == "BEGIN":
            component = Component(line.value.upper(), line.number)
            if open_ones:
                open_ones[-1].inside.append(component)
            elif component.name == "VCALENDAR":
                calendars.append(component)
            else:
                faults.append(Fault(line.number, "outside", f"{component.name} stands outside of any VCALENDAR."))
            open_ones.append(component)
        elif line.name == "END":
            if not open_ones or open_ones[-1].name != line.value.upper():
                faults.append(Fault(line.number, "unbalanced", f"END:{line.value[:40]} ends nothing that is open."))
            else:
                open_ones.pop()
        elif open_ones:
            open_ones[-1].lines.append(line)
        else:
            faults.append(Fault(line.number, "outside", f"{line.name} stands outside of any VCALENDAR."))
    faults += [Fault(each.line, "unbalanced", f"{each.name} has no END: is the file whole?") for each in open_ones]
    return calendars, faults


def _all(component: Component) -> Iterator[Component]:
    waiting = [component]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += each.inside


def _check_calendar(calendar: Component) -> Iterator[Fault]:
    for name in ("VERSION", "PRODID"):
        if calendar.first(name) is None:
            yield Fault(calendar.line, "missing", f"The calendar has no {name}.")
    if (line := calendar.first("UID")) is not None:
        yield Fault(line.number, "calendar-uid", "A UID of the calendar: vdirsyncer would see one single item.")
    if (line := calendar.first("METHOD")) is not None:
        yield Fault(line.number, "method", "METHOD asks for an ORGANIZER in each entry. Leave it out of feeds.")
    for each in calendar.inside:
        if each.name == "VTODO":
            yield Fault(each.line, "to-do", "Google and Nextcloud drop to-dos of subscriptions. Write a VEVENT.")


def _check_entry(entry: Component, seen: dict[tuple[str, str], int]) -> Iterator[Fault]:
    for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
        if not entry.text(name):
            yield Fault(entry.line, "missing", f"The entry has no {name}.")
    for name in _ONCE:
        if sum(line.name == name for line in entry.lines) > 1:
            yield Fault(entry.line, "twice", f"The entry has {name} more than once.")
    key = (entry.text("UID"), entry.text("RECURRENCE-ID"))
    if key[0] and key in seen:
        yield Fault(entry.line, "same-uid", f"UID {key[0][:60]} is that of the entry in line {seen[key]}, too.")
    seen.setdefault(key, entry.line)
    stamp = entry.first("DTSTAMP")
    if stamp is not None and not _UTC.fullmatch(stamp.value):
        yield Fault(stamp.number, "stamp-not-utc", "DTSTAMP is written in UTC: 20261201T180000Z.")
    status = entry.first("STATUS")
    if status is not None and status.value.upper() not in _STATUSES:
        yield Fault(status.number, "status", f"STATUS:{status.value[:40]} is none of {', '.join(_STATUSES)}.")
    for alarm in entry.inside:
        for name in ("ACTION", "TRIGGER") if alarm.name == "VALARM" else ():
            if not alarm.text(name):
                yield Fault(alarm.line, "missing", f"The alarm has no {name}.")
    yield from _check_span(entry)
    yield from _check_rules(entry)


def _check_rules(entry: Component) -> Iterator[Fault]:
    """Check that a rule ends in the form in which the entry starts (RFC 5545, section 3.3.10)."""
    start = entry.first("DTSTART")
    for rule in (line for line in entry.lines if line.name in {"RRULE", "EXRULE"}):
        until = _UNTIL.search(rule.value)
        if start is None or until is None:
            continue
        is_local = "TZID" not in start.parameters and not _UTC.fullmatch(start.value)
        wanted = _DATE if _DATE.fullmatch(start.value) else _LOCAL if is_local else _UTC
        if not wanted.fullmatch(until[1]):
            what = {_DATE: "a day", _LOCAL: "a local time", _UTC: "a time in UTC"}[wanted]
            message = f"UNTIL={until[1][:20]} is not of the kind of DTSTART: write {what}."
            yield Fault(rule.number, "until-kind", message)


def _check_attachment(line: ContentLine) -> Iterator[Fault]:
    is_binary = line.parameters.get("VALUE", "").upper() == "BINARY" or "ENCODING" in line.parameters
    if is_binary and not _is_base64(line.value):
        yield Fault(line.number, "attachment", "ATTACH says that it holds base64, and does not.")
    elif not is_binary and not re.match(r"[a-z][a-z0-9+.-]*:\S", line.value, re.IGNORECASE):
        yield Fault(line.number, "attachment", f"ATTACH is a link, not {line.value[:30]!r}.")


def _is_base64(value: str) -> bool:
    try:
        b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(value.strip())


def _check_span(entry: Component) -> Iterator[Fault]:
    start, end = entry.first("DTSTART"), entry.first("DTEND")
    if start is None:
        return
    if end is None:
        if entry.first("DURATION") is None:
            yield Fault(entry.line, "no-end", "Neither DTEND nor DURATION: some programs invent an hour.")
        return
    if entry.first("DURATION") is not None:
        yield Fault(end.number, "two-ends", "Both DTEND and DURATION. Write one.")
    if bool(_DATE.fullmatch(start.value)) != bool(_DATE.fullmatch(end.value)):
        yield Fault(end.number, "mixed-span", "DTSTART and DTEND are both days or both times.")
    elif start.parameters.get("TZID") == end.parameters.get("TZID") and end.value <= start.value:
        yield Fault(end.number, "empty-span", "DTEND does not lie after DTSTART; the end of a day is the next day.")


def _check_lines(lines: Sequence[ContentLine], zones: set[str]) -> Iterator[Fault]:
    for line in lines:
        if line.name in _NEEDS_VALUE and "VALUE" not in line.parameters:
            value = _NEEDS_VALUE[line.name]
            yield Fault(line.number, "no-value-type", f"{line.name} needs its type: {line.name};VALUE={value}:…")
        if line.name in _LINKS and ":" in line.value and not line.value.lower().startswith(_SAFE_SCHEMES):
            yield Fault(
                line.number, "unsafe-link", f"{line.name} leads to {line.value[:30]!r}: only http(s) and mailto."
            )
        if line.name in _TEXTS:
            yield from _check_text(line)
        if line.name in {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"}:
            yield from _check_time(line, zones)
        if line.name == "ATTACH":
            yield from _check_attachment(line)
        if line.name in {"DURATION", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"} and not _POSITIVE.fullmatch(line.value):
            yield Fault(line.number, "duration", f"{line.name} is a length such as PT2H, not {line.value[:20]!r}.")
        if line.name == "SEQUENCE" and not line.value.isdecimal():
            yield Fault(line.number, "sequence", f"SEQUENCE is a number, not {line.value[:20]!r}.")


def _check_text(line: ContentLine) -> Iterator[Fault]:
    if _UNESCAPED.search(line.value):
        yield Fault(line.number, "unescaped", f"{line.name} holds a bare comma or semicolon. Write \\, and \\;")
    if _BAD_ESCAPE.search(line.value):
        yield Fault(line.number, "bad-escape", f"{line.name} holds a lone backslash. Write \\\\")
    if line.name == "SUMMARY" and re.search(r"(?<!\\)(?:\\\\)*\\[nN]", line.value):
        yield Fault(line.number, "title-of-lines", "SUMMARY has a line break; some programs skip such entries.")


def _check_time(line: ContentLine, zones: set[str]) -> Iterator[Fault]:
    zone = line.parameters.get("TZID")
    is_day = line.parameters.get("VALUE", "").upper() == "DATE"
    for value in line.value.split(","):
        if line.parameters.get("VALUE", "").upper() == "PERIOD":
            continue
        if not _exists(value):
            yield Fault(line.number, "not-a-time", f"{value[:30]!r} is neither a day nor a time.")
        elif _DATE.fullmatch(value):
            if not is_day:
                yield Fault(line.number, "day-without-type", f"A day needs its type: {line.name};VALUE=DATE:{value}")
        elif is_day:
            yield Fault(line.number, "time-as-day", f"{line.name} says VALUE=DATE, and has a time. Leave one out.")
        elif _UTC.fullmatch(value):
            if zone:
                yield Fault(line.number, "zone-of-utc", "A time in UTC takes no TZID.")
        elif not zone:
            yield Fault(line.number, "floating", "A time without zone is another moment for everyone. Write UTC.")
        elif zone not in zones:
            yield Fault(
                line.number, "unknown-zone", f"TZID={zone[:40]} has no VTIMEZONE; Home Assistant refuses the file."
            )


def _exists(value: str) -> bool:
    form = "%Y%m%d" if _DATE.fullmatch(value) else "%Y%m%dT%H%M%S"
    try:
        datetime.strptime(value.removesuffix("Z"), form)  # noqa: DTZ007 - only whether there is such a day
    except ValueError:
        return False
    return bool(_DATE.fullmatch(value) or _UTC.fullmatch(value) or _LOCAL.fullmatch(value))
