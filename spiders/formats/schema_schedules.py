"""Expands a schema.org ``Schedule`` (https://schema.org/Schedule) into the starts and ends of its dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.rrule import rrulestr

from spiders.formats.json_times import add_duration
from spiders.formats.rrule_expansion import Horizon
from tracker.reading.dates.feed_formats import read_moment

MAX_DATES = 500
_FREQUENCY = re.compile(r"P(\d{1,3})([DWMY])", re.IGNORECASE)
_NAMED = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_WORDS = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "yearly": "YEARLY", "annually": "YEARLY"}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def schedule_dates(schedule: Mapping[str, Any], span: Horizon) -> Iterator[tuple[str, str, str]]:
    """Yield (start, end, zone) of each date within the horizon, as the schedule writes its clock times.

    A schedule without a readable frequency gives its first date only, one without a first date nothing.
    """
    first = read_moment(_text(schedule.get("startDate"))).value
    if first is None:
        return
    zone = _text(schedule.get("scheduleTimezone"))
    begins = _clock(schedule.get("startTime")) or first.clock
    ends = _clock(schedule.get("endTime"))
    left_out = [read_moment(each).value for each in _texts(schedule.get("exceptDate"))]
    excluded = {each.day for each in left_out if each is not None}
    for day in _days(schedule, first.day, span.start.date(), span.stop.date()):
        if day in excluded:
            continue
        if begins is None:
            yield day.isoformat(), "", zone
            continue
        written = datetime.combine(day, begins).isoformat()
        until = add_duration(written, _text(schedule.get("duration")))
        if ends is not None:
            until = datetime.combine(day + timedelta(days=ends <= begins), ends).isoformat()
        yield written, until, zone


def _days(schedule: Mapping[str, Any], first: date, start: date, stop: date) -> Iterator[date]:
    rule = _rule(schedule)
    if rule is None:
        yield first
        return
    last = read_moment(_text(schedule.get("endDate"))).value
    until = min(last.day, stop) if last is not None else stop
    count = 0
    for moment in rrulestr(rule, dtstart=datetime.combine(first, time())):
        day = moment.date()
        if day > until or count >= MAX_DATES:
            return
        if day >= start:
            count += 1
            yield day


def _rule(schedule: Mapping[str, Any]) -> str | None:
    said = _text(schedule.get("repeatFrequency"))
    match = _FREQUENCY.fullmatch(said)
    name = _NAMED[match[2].upper()] if match else _WORDS.get(said.casefold())
    if name is None or (match and not int(match[1])):
        return None
    parts = [f"FREQ={name}", f"INTERVAL={match[1]}" if match else "INTERVAL=1"]
    days = [day for each in _texts(schedule.get("byDay")) if (day := _weekday(each))]
    if days:
        weeks = [number for each in _texts(schedule.get("byMonthWeek")) if (number := _number(each, 5))]
        numbered = [f"{week}{day}" for week in weeks for day in days] if name == "MONTHLY" else []
        parts.append(f"BYDAY={','.join(numbered or days)}")
    for key, part, most in (("byMonth", "BYMONTH", 12), ("byMonthDay", "BYMONTHDAY", 31)):
        numbers = [number for each in _texts(schedule.get(key)) if (number := _number(each, most))]
        if numbers:
            parts.append(f"{part}={','.join(numbers)}")
    if count := _number(_text(schedule.get("repeatCount")), MAX_DATES):
        parts.append(f"COUNT={count}")
    return ";".join(parts)


def _weekday(text: str) -> str:
    """Return the day of ``https://schema.org/Monday``, ``Monday`` or ``MO``; with its week, of ``2MO``."""
    name = re.split(r"[/#:]", text)[-1].strip()
    match = re.fullmatch(r"(-?[1-5])?([A-Za-z]{2})[A-Za-z]*", name)
    return f"{match[1] or ''}{match[2].upper()}" if match and match[2].upper() in _DAYS else ""


def _number(text: str, most: int) -> str:
    return text if re.fullmatch(r"[1-9]\d{0,2}", text) and int(text) <= most else ""


def _clock(value: Any) -> time | None:
    text = _text(value)
    match = _CLOCK.match(text.rpartition("T")[2])
    return time(int(match[1]), int(match[2])) if match and int(match[1]) < 24 and int(match[2]) < 60 else None


def _texts(value: Any) -> list[str]:
    return [text for each in (value if isinstance(value, list) else [value]) if (text := _text(each))]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("@id") or value.get("name") or ""
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
