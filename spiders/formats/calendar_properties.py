"""Reads the properties of a calendar entry into a component of icalendar, one by one.

Only the properties that are used are read, so that an unreadable alarm or attachment never costs the entry. Values that
real producers write wrongly are repaired; what cannot be is dropped, and named in ``X-UNREADABLE``, which survives the
expansion of a series.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from icalendar import Component, Event, vCalAddress, vCategory, vDDDLists, vDuration, vGeo, vInt, vRecur, vText

from spiders.formats.calendar_moments import DateValue, ZoneNames, read_date
from spiders.formats.recurrence_rules import UnsupportedRuleError, repair_rule

UNREADABLE = "X-UNREADABLE"
"""Property in which dropped values are named."""
REPEATING = ("RRULE", "RDATE")
"""Properties by which an entry stands for several dates."""
_TEXTS = ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS")
_ALL_DAY = "X-MICROSOFT-CDO-ALLDAYEVENT"
_NAME = re.compile(r"[\w-]*")
_LINE = re.compile(r'[\w-]+((?:;[^:;"]*(?:"[^"]*"[^:;"]*)*)*):(.*)', re.DOTALL)
# Zone names may have colons and commas: "(UTC-06:00) Guadalajara, Mexico City, Monterrey".
_BEFORE_DATES = re.compile(r":(?=\s{0,9}\d{4}-?\d\d-?\d\d)")
_COMMA = re.compile(r"(?<!\\),")
_ESCAPE = re.compile(r"\\([\\;,nN])")
_GEO = re.compile(r":\s*(-?\d{1,3}(?:\.\d+)?)\s*[;,]\s*(-?\d{1,3}(?:\.\d+)?)\s*$")
_NAME_OF_PERSON = re.compile(r'CN\s*=\s*"?([^":;]+)')
_DURATION = re.compile(r"\+?P(?=[\dT])(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?")
_LOOSE_DURATION = re.compile(r"P(\d+)([HMS])")
_NO_VALUE = frozenset({"", "NONE", "NULL", "0", "UNDEFINED", "N/A"})
_LONGEST_SAID = 60
_LONGEST_EVENT = timedelta(days=3_660)


def read_entry(lines: list[str], zones: ZoneNames) -> Event:
    """Return a VEVENT; without DTSTART if that cannot be read, but with its text as ``X-DTSTART``."""
    by_name: dict[str, list[str]] = {}
    for line in lines:
        name = _NAME.match(line)
        by_name.setdefault(name[0].upper() if name else "", []).append(line)
    return _Reader(by_name, zones).read()


def unreadable(entry: Component) -> list[str]:
    """Return the values of an entry that were dropped: ``DTEND '20262802'``."""
    said = entry.get(UNREADABLE, [])
    return [str(each) for each in (said if isinstance(said, list) else [said])]


def unreadable_rules(entry: Component) -> list[str]:
    """Return the dropped values that would have repeated the entry: ``RRULE 'FREQ=SOMETIMES'``."""
    return [said for said in unreadable(entry) if said.startswith(REPEATING)]


def _unescaped(text: str) -> str:
    """Return a TEXT without its escapes (RFC 5545, section 3.3.11); other backslashes stay."""
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def _length_of(text: str) -> timedelta | None:
    """Return a duration; None if no event is so long."""
    try:
        length: timedelta = vDuration.from_ical(text)  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError):
        return None
    return length if length < _LONGEST_EVENT else None


class _Reader:
    def __init__(self, by_name: dict[str, list[str]], zones: ZoneNames) -> None:
        self._by_name = by_name
        self._zones = zones
        self._event = Event()
        self._unreadable: list[str] = []

    def read(self) -> Event:
        self._read_texts()
        start = self._read_span()
        if start is not None:
            self._read_rules(start)
            for name in ("EXDATE", "RDATE"):
                if dates := list(self._dates_of_list(name, start)):
                    self._event[name] = vDDDLists(dates)
        if self._unreadable:
            self._event[UNREADABLE] = [vText(each) for each in self._unreadable]
        return self._event

    def _read_texts(self) -> None:
        event = self._event
        for name in _TEXTS:
            if (value := self._text(name)) is not None:
                event[name] = vText(value if name == "URL" else _unescaped(value))
        if (sequence := self._text("SEQUENCE")) and re.fullmatch(r"\d{1,9}", sequence):
            event["SEQUENCE"] = vInt(sequence)
        if categories := [match[2] for line in self._by_name.get("CATEGORIES", []) if (match := _LINE.match(line))]:
            event["CATEGORIES"] = [
                vCategory([_unescaped(each.strip()) for each in _COMMA.split(value)]) for value in categories
            ]
        if (line := self._first("GEO")) and (geo := _GEO.search(line)):
            event["GEO"] = vGeo((float(geo[1]), float(geo[2])))
        if (line := self._first("ORGANIZER")) and (person := _NAME_OF_PERSON.search(line)):
            event["ORGANIZER"] = vCalAddress("mailto:")
            event["ORGANIZER"].params["CN"] = person[1].strip()

    def _read_span(self) -> DateValue | None:
        """Read start, end, and which date of a series the entry changes; return the start."""
        event = self._event
        start, end, identity = self._date("DTSTART"), self._date("DTEND"), self._date("RECURRENCE-ID")
        if self._is_all_day([start, end]):
            start, end, identity = (each and self._local(each).as_day() for each in (start, end, identity))
        if start is not None:
            event["DTSTART"] = start.as_property()
        elif "DTSTART" in self._by_name:
            event["X-DTSTART"] = vText(self._value("DTSTART"))
        if end is not None:
            event["DTEND"] = end.beside(start, self._zones.default_zone).as_property()
        elif duration := self._duration():
            event["DURATION"] = vDuration(duration)
        if identity is not None:
            event["RECURRENCE-ID"] = identity.beside(start, self._zones.default_zone).as_property()
            if re.search(r"RANGE\s*=\s*\"?THISANDFUTURE", self._by_name["RECURRENCE-ID"][0], re.IGNORECASE):
                event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
        for name in ("LAST-MODIFIED", "DTSTAMP"):
            if (line := self._first(name)) and (stamp := read_date(line, self._zones)) is not None:
                event[name] = stamp.as_property()
        return start

    def _read_rules(self, start: DateValue) -> None:
        for name in ("RRULE", "EXRULE"):
            rules = []
            for line in self._by_name.get(name, []):
                value = line.partition(":")[2]
                try:
                    rules.append(vRecur.from_ical(repair_rule(value, start.moment)))
                except (UnsupportedRuleError, ValueError) as error:
                    self._unreadable.append(f"{name} {value[:_LONGEST_SAID]!r}: {error}")
            if rules:
                self._event[name] = rules

    def _dates_of_list(self, name: str, start: DateValue) -> Iterator[object]:
        for line in self._by_name.get(name, []):
            head, _, values = line.partition(":")
            if (colon := _BEFORE_DATES.search(line)) is not None:
                head, values = line[: colon.start()], line[colon.end() :]
            for written in values.split(","):
                begins, _, until = written.partition("/")
                each = self._date_of_series(read_date(f"{head}:{begins}", self._zones), start)
                if each is not None:
                    length = self._length_of_period(head, until, each)
                    yield (each.moment, length) if length else each.moment
                elif written.strip():
                    self._unreadable.append(f"{name} {written[:_LONGEST_SAID]!r}")

    def _date_of_series(self, value: DateValue | None, start: DateValue) -> DateValue | None:
        """Return an EXDATE or RDATE as it compares with the start, or None; a day of a timed series means its hour."""
        if value is None:
            return None
        if isinstance(start.moment, datetime) and not isinstance(value.moment, datetime):
            return DateValue(datetime.combine(value.moment, start.moment.timetz()), start.tzid)
        value = value.beside(start, self._zones.default_zone)
        return value if value.kind == start.kind else None

    def _length_of_period(self, head: str, until: str, begins: DateValue) -> timedelta | None:
        """Return the length of ``20261203T190000/PT2H`` or ``…/20261203T210000`` (RFC 5545, section 3.3.9)."""
        if _DURATION.fullmatch(until.strip().upper()):
            return _length_of(until.strip().upper())
        end = read_date(f"{head}:{until}", self._zones) if until else None
        if end is None or not isinstance(end.moment, datetime) or end.kind != begins.kind:
            return None
        return max(end.moment - begins.moment, timedelta()) if isinstance(begins.moment, datetime) else None

    def _first(self, name: str) -> str:
        return next(iter(self._by_name.get(name, ())), "")

    def _value(self, name: str) -> str:
        return self._first(name).partition(":")[2].strip()

    def _text(self, name: str) -> str | None:
        match = _LINE.match(self._first(name))
        if match is None:
            return None
        if "QUOTED-PRINTABLE" in match[1].upper():
            return quopri.decodestring(match[2].encode()).decode("utf-8", "replace").replace("\r\n", "\\n").strip()
        return match[2].strip()

    def _date(self, name: str) -> DateValue | None:
        for line in self._by_name.get(name, []):
            if (value := read_date(line, self._zones)) is not None:
                return value
        if name in self._by_name and self._value(name).upper() not in _NO_VALUE:
            self._unreadable.append(f"{name} {self._value(name)[:_LONGEST_SAID]!r}")
        return None

    def _duration(self) -> timedelta | None:
        value = self._value("DURATION").upper()
        value = _LOOSE_DURATION.sub(r"PT\1\2", value) if _LOOSE_DURATION.fullmatch(value) else value
        if _DURATION.fullmatch(value) and (length := _length_of(value)) is not None:
            return length
        if value not in _NO_VALUE:
            self._unreadable.append(f"DURATION {value[:_LONGEST_SAID]!r}")
        return None

    def _is_all_day(self, span: list[DateValue | None]) -> bool:
        """Return whether Outlook's flag says that the midnights of the entry stand for days."""
        timed = [each for each in span if each is not None and isinstance(each.moment, datetime)]
        return self._first(_ALL_DAY).upper().endswith("TRUE") and all(self._local(each).is_midnight for each in timed)

    def _local(self, value: DateValue) -> DateValue:
        """Return a time in UTC in the calendar's own zone: Outlook writes local midnights so."""
        zone = self._zones.default_zone
        if value.is_midnight or not isinstance(value.moment, datetime) or value.tzid or zone is None:
            return value
        return DateValue(value.moment.astimezone(zone)) if value.moment.tzinfo else value
