"""Reads the dates and times of a calendar entry and the time zones that its calendar names, as producers write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from icalendar import vDDDTypes

from tracker.models.moments import zone_of
from tracker.reading.dates.feed_formats import read_moment
from tracker.reading.time_zones import is_iana_zone, read_offset, read_zone

# Everything up to the date is parameters: some zone names have a colon and no quotes.
_DATE_LINE = re.compile(r"[\w-]+\s*(?:;(.*?))?[:;]\s*\"?(\d{4}-?\d{2}-?\d{2}.*)", re.DOTALL)
_TZID = re.compile(r"(?:^|;)\s*TZID\s*=\s*(\"[^\"]*\"|.*?)(?:;\s*[A-Z-]+\s*=.*)?$", re.IGNORECASE | re.DOTALL)
_UNSAFE = re.compile(r'["\x00-\x1f]')
_LONGEST = 1_000


@dataclass(slots=True)
class ZoneNames:
    """The time zones of one calendar, by the TZID that its entries use."""

    defined: Mapping[str, tzinfo] = field(default_factory=dict)
    """The readable VTIMEZONEs by TZID."""
    default: str = ""
    """Zone of times without one: X-WR-TIMEZONE, else that of the source."""
    _found: dict[str, tuple[str, tzinfo | None]] = field(default_factory=dict)

    def find(self, tzid: str) -> tuple[str, tzinfo | None]:
        """Return the name of a zone, and the zone; None if nobody knows it."""
        if tzid not in self._found:
            self._found[tzid] = self._find(tzid)
        return self._found[tzid]

    def _find(self, tzid: str) -> tuple[str, tzinfo | None]:
        if is_iana_zone(tzid):
            # EST, MST and HST are also zones of their own, without summer time; in prose they are not.
            return tzid, ZoneInfo(tzid)
        if tzid in self.defined:
            return tzid, self.defined[tzid]
        if named := read_zone(tzid):
            return named, zone_of(named)
        return tzid, read_offset(tzid)

    @property
    def default_zone(self) -> tzinfo | None:
        """The zone of times without one; None if it is not known."""
        return self.find(self.default)[1] if self.default else None


@dataclass(frozen=True, slots=True)
class DateValue:
    """A day, or a clock time, aware if its zone or UTC offset is known."""

    moment: date | datetime
    tzid: str = ""
    """Name of the zone; empty for days, UTC and times without a zone."""

    @property
    def is_midnight(self) -> bool:
        """True for a clock time at midnight of its zone."""
        return isinstance(self.moment, datetime) and self.moment.time() == time()

    @property
    def kind(self) -> tuple[bool, bool]:
        """Whether it has a clock time, and whether that has a zone."""
        return kind_of(self.moment)

    def as_day(self) -> DateValue:
        """Return the day of a clock time."""
        return DateValue(self.moment.date()) if isinstance(self.moment, datetime) else self

    def beside(self, start: DateValue | None, zone: tzinfo | None) -> DateValue:
        """Return a time so that it compares with the entry's start: with a zone if the start has one, else without.

        Args:
            start: the start of the entry.
            zone: the zone of times without one, if it is known.
        """
        moment = self.moment
        if start is None or not isinstance(moment, datetime) or not isinstance(start.moment, datetime):
            return self
        if moment.tzinfo is None and start.moment.tzinfo is not None and not self.tzid:
            return DateValue(moment.replace(tzinfo=start.moment.tzinfo), start.tzid)
        if moment.tzinfo is not None and start.moment.tzinfo is None and zone is not None:
            return DateValue(moment.astimezone(zone).replace(tzinfo=None), start.tzid)
        return self

    def as_property(self) -> vDDDTypes:
        """Return the value as a property of icalendar, with the name of its zone as ``TZID``."""
        value = vDDDTypes(self.moment)
        value.params.pop("TZID", None)
        if self.tzid:
            value.params["TZID"] = self.tzid
        return value


def kind_of(moment: date | datetime) -> tuple[bool, bool]:
    """Return whether a moment has a clock time, and whether that has a zone: only equal kinds compare."""
    return isinstance(moment, datetime), isinstance(moment, datetime) and moment.tzinfo is not None


def read_date(line: str, zones: ZoneNames) -> DateValue | None:
    """Return the moment of a line such as ``DTSTART;TZID=Europe/Berlin:20261203T190000``; None if it has none.

    Besides RFC 5545 section 3.3.5, ISO 8601 and RFC 2822 are read. A time in UTC takes no TZID (section 3.2.19), and
    ``VALUE=DATE`` makes a midnight a day.
    """
    match = _DATE_LINE.match(line[:_LONGEST])
    if match is None:
        return None
    parameters, written = match[1] or "", match[2].strip().strip('"')
    said = read_moment(written).value
    if said is None:
        return None
    if said.clock is None:
        return DateValue(said.day)
    value = DateValue(datetime.combine(said.day, said.clock, said.offset))
    if value.is_midnight and re.search(r"VALUE\s*=\s*\"?DATE(?!-)", parameters, re.IGNORECASE):
        return value.as_day()
    tzid = _TZID.search(parameters)
    if tzid is None or said.offset is not None:
        return value
    name, zone = zones.find(_UNSAFE.sub("", tzid[1]).strip())
    moment = datetime.combine(said.day, said.clock, zone)
    return DateValue(moment, "" if zone is UTC else name)
