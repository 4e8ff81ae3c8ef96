"""One written moment → a day, maybe a clock time, maybe an offset. Feed formats: ISO 8601, iCalendar, RFC 2822."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from tracker.models.moments import EARLIEST_YEAR, LATEST_YEAR, Moment, zone_of
from tracker.models.vocabulary import DatePrecision
from tracker.reading.reading import Certainty, Reading
from tracker.reading.time_zones import read_offset

_DAY = r"(\d{4})-?(\d{2})-?(\d{2})"
# A third ":00" before the offset is written by a real ticket shop: 2025-06-01T11:00:00:00+01:00
_CLOCK = r"(\d{1,2})(?::?(\d{2}))?(?::?(\d{2})(?::\d{2}(?!\d))?(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?"
# After a space, "10:00-12:00" is a span of time; only after a T, or a plus, is "-12:00" an offset.
_OFFSET = r"(Z|z|UTC|GMT|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?(?::00)?)(?:\s*\([A-Za-z .]{1,40}\))?"
_ISO = re.compile(rf"{_DAY}(?:(?:[Tt]|\s+){_CLOCK}\s*(?:{_OFFSET})?)?")
_CLOCK_SPAN = re.compile(r"(\d{4}-?\d{2}-?\d{2}\s+\d{1,2}:\d{2})\s*-\s*\d{1,2}:\d{2}")
_ISO_DAY_FIRST = re.compile(rf"{_DAY}(?=[Tt\s,;])")
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
_SEASONS = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "fall": (9, 11),
    "winter": (12, 14),
}
_MONTH_YEAR = re.compile(rf"\b({'|'.join(_MONTHS)})\.?,?\s+(20\d\d)\b", re.IGNORECASE)
_SEASON_YEAR = re.compile(rf"\b({'|'.join(_SEASONS)})\s+(?:of\s+)?(20\d\d)\b", re.IGNORECASE)
_QUARTER_YEAR = re.compile(r"\bQ([1-4])\s*/?\s*(20\d\d)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(20\d\d)\b")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class WrittenMoment:
    """A moment as written: the day, and what else was said."""

    day: date
    clock: time | None = None
    offset: timezone | None = None

    def at(self, zone: str) -> datetime:
        """Return the instant, taking ``zone`` where no offset is written.

        Raises:
            ValueError: no clock time is written.
        """
        if self.clock is None:
            raise ValueError("a day without a clock time is not an instant")
        return datetime.combine(self.day, self.clock, self.offset or zone_of(zone)).astimezone(UTC)


NOTHING: Reading[None] = Reading(None)


def read_moment(text: str) -> Reading[WrittenMoment | None]:
    """Read one moment in a feed format.

    >>> written = read_moment("2026-12-01T18:00:00+0100").value
    >>> str(written.day), str(written.clock), str(written.offset)
    ('2026-12-01', '18:00:00', 'UTC+01:00')
    """
    text = text.strip()[:_LONGEST]
    if match := _CLOCK_SPAN.fullmatch(text):
        text = match[1]
    if (match := _ISO.fullmatch(text)) and (reading := _from_iso(match)).value is not None:
        return reading
    if match := _ISO_DAY_FIRST.match(text):
        # The day is certain even where the time beside it cannot be read.
        return _as_day(match)
    if _RFC_2822.match(text):
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
        if hours == 24:  # ISO 8601 writes the end of a day so
            on, hours = on + timedelta(days=1), 0
        clock = time(hours, int(minute or 0), min(int(second or 0), 59))
    except (ValueError, OverflowError):
        return NOTHING
    zone = UTC if offset in {"Z", "z", "UTC", "GMT"} else read_offset(offset or "")
    return Reading(WrittenMoment(on, clock, zone), Certainty.SURE, match[0])


def read_approximate(text: str) -> Reading[tuple[date, date, DatePrecision] | None]:
    """Read a month, season, quarter or year as its first and last day. Never a false exact day.

    >>> read_approximate("early September 2026").value
    (datetime.date(2026, 9, 1), datetime.date(2026, 9, 30), <DatePrecision.MONTH: 'month'>)
    """
    text = text.strip()[:_LONGEST]
    if match := _MONTH_YEAR.search(text):
        month = _MONTHS[match[1].lower()]
        span = (month, month, DatePrecision.MONTH)
    elif match := _SEASON_YEAR.search(text):
        span = (*_SEASONS[match[1].lower()], DatePrecision.SEASON)
    elif match := _QUARTER_YEAR.search(text):
        last = int(match[1]) * 3
        span = (last - 2, last, DatePrecision.QUARTER)
    elif match := _YEAR.search(text):
        return Reading(
            (date(int(match[1]), 1, 1), date(int(match[1]), 12, 31), DatePrecision.YEAR),
            Certainty.LIKELY,
            match[0],
        )
    else:
        return NOTHING
    year = int(match[2])
    return Reading(
        (_first_of(year, span[0]), _first_of(year, span[1] + 1) - timedelta(days=1), span[2]),
        Certainty.LIKELY,
        match[0],
    )


def _first_of(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def as_moment(written: WrittenMoment, zone: str | None) -> Moment:
    """Return the instant where clock and zone are known, the bare day otherwise."""
    if written.clock is None or (written.offset is None and zone is None):
        return written.day
    return written.at(zone or "UTC")
