"""Converts moments in JSON (Unix times, durations, separate clock times) into text that ``tracker.reading`` parses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_EPOCH = re.compile(r"-?\d{9,13}(?:\.\d+)?")
_MILLISECONDS = 10**11
_PERIOD = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:\.\d+)?S)?)?"
)


def epoch_to_iso(value: Any, *, is_local: bool = False) -> str:
    """Convert a Unix time in seconds or milliseconds to ISO 8601; return an empty string for other values.

    Args:
        value: a number, or a string of digits.
        is_local: True if the system encodes local time as if it were UTC (EventON); the result then has no zone.

    >>> epoch_to_iso(1666807200588), epoch_to_iso("1568368800", is_local=True)
    ('2022-10-26T18:00:00Z', '2019-09-13T10:00:00')
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return ""
    if not _EPOCH.fullmatch(str(value).strip()):
        return ""
    number = float(value)
    try:
        moment = datetime.fromtimestamp(number / 1000 if abs(number) >= _MILLISECONDS else number, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}" + ("" if is_local else "Z")


def add_duration(start: str, span: Any) -> str:
    """Return ``start`` plus ``span``, an ISO 8601 duration or milliseconds; an empty string if either is invalid.

    >>> add_duration("2025-10-21T22:00:00.000Z", "P0Y0M0DT2H0M0S")
    '2025-10-22T00:00:00+00:00'
    """
    try:
        begins = datetime.fromisoformat(start)
        length = _length(span)
        return (begins + length).isoformat() if length else ""
    except (ValueError, OverflowError):
        return ""


def _length(span: Any) -> timedelta | None:
    if isinstance(span, (int, float)) and not isinstance(span, bool):
        return timedelta(milliseconds=span) if span >= 60_000 else None  # less is not a duration in milliseconds
    if not isinstance(span, str) or not (match := _PERIOD.fullmatch(span.strip())):
        return None
    parts = {name: int(number) for name, number in match.groupdict().items() if number}
    if parts.pop("years", 0) or parts.pop("months", 0):
        return None  # years and months have no fixed length
    return timedelta(**parts) if any(parts.values()) else None


def join_date_time(day: Any, clock: Any) -> str:
    """Join a day and a clock time; a time that does not begin with a digit is ignored."""
    written = day.strip() if isinstance(day, str) else ""
    time = clock.strip() if isinstance(clock, str) else ""
    return f"{written} {time}" if written and time[:1].isdigit() and len(written) <= 10 else written


def day_of(written: str, zone: str) -> str:
    """Return the day of a written moment; for an instant, the local day in ``zone``.

    >>> day_of("2026-12-04T23:00:00Z", "Europe/Berlin"), day_of("2026-12-05T00:00:00.000Z", "")
    ('2026-12-05', '2026-12-05')
    """
    try:
        moment = datetime.fromisoformat(written)
        is_instant = moment.tzinfo is not None and bool(zone)
        return moment.astimezone(ZoneInfo(zone)).date().isoformat() if is_instant else written[:10]
    except (ValueError, OverflowError, OSError, KeyError):
        return written[:10]  # not ISO 8601, or an unknown zone: the day as written


def is_whole_day(value: Any) -> bool:
    """Return whether a value is a day of Google's API (``date`` without ``dateTime``): its end is then exclusive."""
    return isinstance(value, Mapping) and set(value) <= {"date", "timeZone"} and "date" in value
