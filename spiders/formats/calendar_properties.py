"""Repairs the properties of a calendar entry that real producers write wrongly, before icalendar parses them.

Only the properties that are read are kept, so that an unreadable alarm or attachment never costs the entry. What
cannot be repaired is dropped and named in ``X-UNREADABLE``, which survives the expansion of a series.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from icalendar import Component

from spiders.formats.recurrence_rules import UnsupportedRuleError, repair_rule
from tracker.models.moments import zone_of
from tracker.reading.dates.feed_formats import read_moment
from tracker.reading.time_zones import is_iana_zone, read_offset, read_zone

UNREADABLE = "X-UNREADABLE"
"""Property in which dropped values are named."""
_TEXTS = frozenset({"UID", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS", "CATEGORIES", "SEQUENCE"})
_DATES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID"})
_DATE_LISTS = frozenset({"EXDATE", "RDATE"})
_STAMPS = frozenset({"LAST-MODIFIED", "DTSTAMP"})
_ALL_DAY = "X-MICROSOFT-CDO-ALLDAYEVENT"
_LINE = re.compile(r'([\w-]+)((?:;[^:;"]*(?:"[^"]*"[^:;"]*)*)*):(.*)', re.DOTALL)
# Of a date's line, everything up to the date is parameters: some zone names have a colon and no quotes.
_DATE_LINE = re.compile(r"([\w-]+)\s*(?:;(.*?))?[:;]\s*\"?(\d{4}-?\d{2}-?\d{2}.*)", re.DOTALL)
_TZID = re.compile(r"TZID\s*=\s*(\"[^\"]*\"|.*?)(?:;\s*[A-Z-]+\s*=.*)?$", re.IGNORECASE | re.DOTALL)
_GEO = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[;,]\s*(-?\d{1,3}(?:\.\d+)?)")
_DURATION = re.compile(r"[+]?P(?=[\dT])(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?")
_LOOSE_DURATION = re.compile(r"P(\d+)([HMS])")
_NO_VALUE = frozenset({"", "NONE", "NULL", "0", "UNDEFINED", "N/A"})
_LONGEST_SAID = 60


@dataclass(slots=True)
class ZoneNames:
    """The time zones of one calendar, by the TZID that its entries use."""

    defined: Collection[str] = ()
    """TZIDs of the readable VTIMEZONEs."""
    default: str = ""
    """Zone of times without one: X-WR-TIMEZONE, else that of the source."""
    offsets: dict[str, str] = field(default_factory=dict)
    """UTC offset (``+0530``) of each TZID that is itself an offset; filled while entries are repaired."""

    def resolve(self, tzid: str) -> str:
        """Return the TZID under which icalendar finds the zone; an unknown name is returned as it is."""
        # EST, MST and HST are also zones of their own, without summer time; in prose they are not.
        if tzid in self.defined or tzid in self.offsets or is_iana_zone(tzid):
            return tzid
        named = read_zone(tzid)
        if named and named != "AoE":
            return named
        offset = read_offset(tzid) if named is None else None
        if offset is not None:
            self.offsets[tzid] = datetime.now(offset).strftime("%z")[:5]
        return tzid


@dataclass(frozen=True, slots=True)
class _DateValue:
    moment: date | datetime
    """A day, or a clock time; aware only if the value states UTC or an offset."""
    tzid: str = ""

    def line(self, name: str) -> str:
        if not isinstance(self.moment, datetime):
            return f"{name};VALUE=DATE:{self.moment:%Y%m%d}"
        if self.moment.tzinfo is not None:
            return f"{name}:{self.moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        zone = f';TZID="{self.tzid}"' if self.tzid else ""
        return f"{name}{zone}:{self.moment:%Y%m%dT%H%M%S}"


def repair_entry(lines: list[str], zones: ZoneNames) -> list[str]:
    """Return the lines of a VEVENT that icalendar can parse, with ``X-UNREADABLE`` for those it could not."""
    by_name: dict[str, list[str]] = {}
    for line in lines:
        name = re.match(r"[\w-]*", line)
        by_name.setdefault(name[0].upper() if name else "", []).append(line)
    entry = _Entry(by_name, zones)
    return [*entry.texts(), *entry.dates(), *entry.rules(), *(f"{UNREADABLE}:{each}" for each in entry.unreadable)]


def unreadable(entry: Component) -> list[str]:
    """Return the values of an entry that were dropped: ``DTEND '20262802'``."""
    said = entry.get(UNREADABLE, [])
    return [str(each) for each in (said if isinstance(said, list) else [said])]


class _Entry:
    def __init__(self, by_name: dict[str, list[str]], zones: ZoneNames) -> None:
        self._by_name = by_name
        self._zones = zones
        self._start: _DateValue | None = None
        self.unreadable: list[str] = []

    def texts(self) -> Iterator[str]:
        for name in sorted(_TEXTS & self._by_name.keys()):
            for line in self._by_name[name] if name == "CATEGORIES" else self._by_name[name][:1]:
                match = _LINE.match(line)
                value = (match[3] if match else "").strip()
                if match and "QUOTED-PRINTABLE" in match[2].upper():
                    value = quopri.decodestring(value.encode()).decode("utf-8", "replace").replace("\r\n", "\\n")
                if name == "SEQUENCE" and not re.fullmatch(r"\d{1,9}", value):
                    continue
                yield f"{name}:{value}"
        for line in self._by_name.get("GEO", [])[:1]:
            if geo := _GEO.search(line):
                yield f"GEO:{geo[1]};{geo[2]}"
        for line in self._by_name.get("ORGANIZER", [])[:1]:
            if person := re.search(r'CN\s*=\s*"?([^":;]+)', line):
                yield f'ORGANIZER;CN="{person[1].strip()}":mailto:'

    def dates(self) -> Iterator[str]:
        self._start = self._date("DTSTART")
        end, identity = self._date("DTEND"), self._date("RECURRENCE-ID")
        if self._is_all_day(end):
            self._start, end, identity = (self._as_day(each) for each in (self._start, end, identity))
        if self._start is not None:
            yield self._start.line("DTSTART")
        elif "DTSTART" in self._by_name:
            yield f"X-DTSTART:{self._value('DTSTART')}"
        if end is not None:
            yield end.line("DTEND")
        elif duration := self._duration():
            yield f"DURATION:{duration}"
        if identity is not None:
            onwards = re.search(r"RANGE\s*=\s*\"?THISANDFUTURE", self._by_name["RECURRENCE-ID"][0], re.IGNORECASE)
            name = "RECURRENCE-ID;RANGE=THISANDFUTURE" if onwards else "RECURRENCE-ID"
            yield self._in_zone_of_start(identity).line(name)
        for each in sorted(_STAMPS & self._by_name.keys()):
            if (stamp := self._date(each, said=False)) is not None:
                yield stamp.line(each)

    def rules(self) -> Iterator[str]:
        if self._start is None:
            return
        for name in ("RRULE", "EXRULE"):
            for line in self._by_name.get(name, []):
                _, _, value = line.partition(":")
                try:
                    yield f"{name}:{repair_rule(value, self._start.moment)}"
                except UnsupportedRuleError as error:
                    self.unreadable.append(f"{name} {value[:_LONGEST_SAID]!r}: {error}")
        for name in sorted(_DATE_LISTS & self._by_name.keys()):
            for line in self._by_name[name]:
                match = _LINE.match(line) or _DATE_LINE.match(line)
                for written in (match[3] if match else "").split(","):
                    # Of a period, only the start is read.
                    each = self._parse(f"{name}{match[2] if match else ''}:{written.partition('/')[0]}")
                    if each is not None:
                        yield self._in_zone_of_start(each).line(name)
                    elif written.strip():
                        self.unreadable.append(f"{name} {written[:_LONGEST_SAID]!r}")

    def _date(self, name: str, *, said: bool = True) -> _DateValue | None:
        for line in self._by_name.get(name, []):
            if (value := self._parse(line)) is not None:
                return value
        if said and name in self._by_name and self._value(name).upper() not in _NO_VALUE:
            self.unreadable.append(f"{name} {self._value(name)[:_LONGEST_SAID]!r}")
        return None

    def _value(self, name: str) -> str:
        return self._by_name[name][0].partition(":")[2].strip()

    def _parse(self, line: str) -> _DateValue | None:
        match = _DATE_LINE.match(line)
        if match is None:
            return None
        written, parameters = match[3].strip().strip('"'), match[2] or ""
        moment = _moment(written)
        if moment is None:
            return None
        if (
            isinstance(moment, datetime)
            and moment.time() == time()
            and re.search(r"VALUE\s*=\s*\"?DATE(?!-)", parameters)
        ):
            return _DateValue(moment.date())
        tzid = _TZID.search(parameters)
        if tzid is None or not isinstance(moment, datetime) or moment.tzinfo is not None:
            return _DateValue(moment)
        zone = self._zones.resolve(re.sub(r'["\x00-\x1f]', "", tzid[1]).strip())
        return _DateValue(moment.replace(tzinfo=UTC) if zone == "UTC" else moment, zone)

    def _duration(self) -> str:
        if "DURATION" not in self._by_name:
            return ""
        value = self._value("DURATION").upper()
        value = _LOOSE_DURATION.sub(r"PT\1\2", value) if _LOOSE_DURATION.fullmatch(value) else value
        if _DURATION.fullmatch(value):
            return value
        if value not in _NO_VALUE:
            self.unreadable.append(f"DURATION {value[:_LONGEST_SAID]!r}")
        return ""

    def _is_all_day(self, end: _DateValue | None) -> bool:
        """Return whether Outlook's flag says that the midnights of the entry stand for days."""
        flag = self._by_name.get(_ALL_DAY, [""])[0].upper()
        timed = [each for each in (self._start, end) if each is not None and isinstance(each.moment, datetime)]
        return flag.endswith("TRUE") and all(self._local(each).time() == time() for each in timed)

    def _local(self, value: _DateValue) -> datetime:
        """Return a clock time in the zone of the calendar, where UTC is written for it."""
        assert isinstance(value.moment, datetime)
        if value.moment.tzinfo is None or value.moment.time() == time():
            return value.moment
        try:
            return value.moment.astimezone(zone_of(read_zone(self._zones.default)))
        except ValueError:
            return value.moment

    def _as_day(self, value: _DateValue | None) -> _DateValue | None:
        if value is None or not isinstance(value.moment, datetime):
            return value
        return _DateValue(self._local(value).date())

    def _in_zone_of_start(self, value: _DateValue) -> _DateValue:
        """Return a floating time in the zone of the start, which is what is meant."""
        start, moment = self._start, value.moment
        if start is None or not isinstance(moment, datetime) or moment.tzinfo is not None or value.tzid:
            return value
        if isinstance(start.moment, datetime) and start.moment.tzinfo is not None:
            return _DateValue(moment.replace(tzinfo=UTC))
        return _DateValue(moment, start.tzid)


def _moment(written: str) -> date | datetime | None:
    """Return a date or time in the format of RFC 5545, or in another that producers use: ISO 8601, RFC 2822."""
    said = read_moment(written).value
    if said is None or said.clock is None:
        return None if said is None else said.day
    return datetime.combine(said.day, said.clock, said.offset)
