"""Parses a moment in a feed format (ISO 8601, iCalendar, RFC 2822): a day, optionally a clock time and an offset."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from tracker.models.moments import EARLIEST_YEAR, LATEST_YEAR, Moment, zone_of
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.time_zones import read_offset

_DAY = r"(\d{4})-?(\d{2})-?(\d{2})"
# A real ticket shop writes a third ":00" before the offset: 2025-06-01T11:00:00:00+01:00
# Three or five digits are a clock time with one missing: 13000 is neither 01:30 nor 13:00.
_CLOCK = r"(?!(?:\d{3}|\d{5})(?!\d))(\d{1,2})(?::?(\d{2}))?(?::?(\d{2})(?::\d{2}(?!\d))?(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?"
# After a space, "10:00-12:00" is a time span; "-12:00" is an offset only after a T, and "+12:00" always.
_OFFSET = r"(Z|z|UTC|GMT|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?(?::00)?)(?:\s*\([A-Za-z .]{1,40}\))?"
_ISO = re.compile(rf"{_DAY}(?:(?:[Tt]|\s+){_CLOCK}\s*(?:{_OFFSET})?)?")
_CLOCK_SPAN = re.compile(r"(\d{4}-?\d{2}-?\d{2}\s+\d{1,2}:\d{2})\s*-\s*\d{1,2}:\d{2}")
_ISO_DAY_FIRST = re.compile(rf"{_DAY}(?=[Tt\s,;])")
_RFC_2822 = re.compile(
    r"(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})?"
    r"(?:\s+(?:[+-]\d{4}|[A-Z]{1,5}))?(?:\s*\([^()]*\))?"
)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class WrittenMoment:
    """A moment as written: a day, with clock time and UTC offset if written."""

    day: date
    clock: time | None = None
    offset: timezone | None = None

    def at(self, zone: str) -> datetime:
        """Return the instant in UTC; ``zone`` applies if no offset is written.

        Raises:
            ValueError: no clock time is written.
        """
        if self.clock is None:
            raise ValueError("a day without a clock time is not an instant")
        return datetime.combine(self.day, self.clock, self.offset or zone_of(zone)).astimezone(UTC)


NOTHING: Reading[None] = Reading(None)


def read_moment(text: str) -> Reading[WrittenMoment | None]:
    """Parse one moment in a feed format; it is less than certain if words beside it say more.

    >>> written = read_moment("2026-12-01T18:00:00+0100").value
    >>> str(written.day), str(written.clock), str(written.offset)
    ('2026-12-01', '18:00:00', 'UTC+01:00')
    """
    text = text.strip()[:_LONGEST]
    if (match := _CLOCK_SPAN.fullmatch(text)) and (span := _ISO.fullmatch(match[1])):
        return replace(_from_iso(span), certainty=Certainty.LIKELY)
    if (match := _ISO.fullmatch(text)) and (reading := _from_iso(match)).value is not None:
        return reading
    if match := _ISO_DAY_FIRST.match(text):
        # The day is certain even if the time beside it cannot be read.
        return _as_day(match)
    if _RFC_2822.fullmatch(text):
        try:
            stamp = parsedate_to_datetime(text)
        except ValueError:
            return NOTHING
        if not EARLIEST_YEAR <= stamp.year <= LATEST_YEAR:
            return NOTHING
        offset = stamp.utcoffset()
        return Reading(
            WrittenMoment(stamp.date(), stamp.time(), None if offset is None else timezone(offset)),
            Certainty.SURE,
            text,
        )
    return NOTHING


def _as_day(match: re.Match[str]) -> Reading[WrittenMoment | None]:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return NOTHING
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return NOTHING
    return Reading(WrittenMoment(day), Certainty.LIKELY, match[0], ("the time beside the day cannot be read",))


def _from_iso(match: re.Match[str]) -> Reading[WrittenMoment | None]:
    year, month, day, hour, minute, second, meridiem, offset = match.groups()
    try:
        on = date(int(year), int(month), int(day))
        if not EARLIEST_YEAR <= on.year <= LATEST_YEAR:
            return NOTHING
        if hour is None:
            return Reading(WrittenMoment(on), Certainty.SURE, match[0])
        hours = int(hour)
        if meridiem:
            hours = hours % 12 + (12 if meridiem[0] in "pP" else 0)
        if hours == 24:  # ISO 8601 writes the end of a day as 24:00
            on, hours = on + timedelta(days=1), 0
        clock = time(hours, int(minute or 0), min(int(second or 0), 59))
    except (ValueError, OverflowError):
        return NOTHING
    zone = UTC if offset in {"Z", "z", "UTC", "GMT"} else read_offset(offset or "")
    return Reading(WrittenMoment(on, clock, zone), Certainty.SURE, match[0])


def as_moment(written: WrittenMoment, zone: str | None) -> Moment:
    """Return the instant if clock time and zone or offset are known, otherwise the day."""
    if written.clock is None or (written.offset is None and zone is None):
        return written.day
    return written.at(zone or "UTC")
