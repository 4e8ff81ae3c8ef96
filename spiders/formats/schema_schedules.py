"""Expands a schema.org ``Schedule`` (https://schema.org/Schedule) into the starts and ends of its dates.

A part that cannot be read leaves the first date only: a rule without it would give false ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr

from spiders.formats.json_times import add_duration
from spiders.formats.recurrence_rules import UnsupportedRuleError, has_occurrence, repair_rule
from spiders.formats.rrule_expansion import Horizon
from tracker.models.moments import zone_of
from tracker.reading.dates.feed_formats import WrittenMoment, read_moment
from tracker.reading.time_zones import read_zone

MAX_DATES = 500
_MOST_COUNTED = 20_000
_FREQUENCY = re.compile(r"P([1-9]\d{0,2})([DWMY])", re.IGNORECASE)
_NAMED = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_WORDS = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "yearly": "YEARLY", "annually": "YEARLY"}
_REGULAR = frozenset({"p1d", "p1w", "p1m", "daily", "weekly", "monthly"})
_WEEKDAYS = {
    name[:2].upper(): {name, name[:2], name[:3]}
    for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}


def schedule_dates(schedule: Mapping[str, Any], span: Horizon) -> Iterator[tuple[str, str, str]]:
    """Yield (start, end, zone) of each date within the horizon, as the schedule writes its clock times.

    A schedule without a readable frequency gives its first date only. One without a first date is read from today on if
    its weekdays or days of the month say when, else nothing.
    """
    first = read_moment(_text(schedule.get("startDate"))).value or _today_if_regular(schedule, span)
    if first is None:
        return
    zone = _text(schedule.get("scheduleTimezone"))
    excluded = set(_excluded(schedule, zone))
    for day in _days(schedule, first.day, span):
        if day in excluded:
            continue
        starts = _at(day, _text(schedule.get("startTime"))) or _joined(day, first)
        ends = add_duration(starts, _text(schedule.get("duration"))) or _at(day, _text(schedule.get("endTime")))
        begins, finishes = read_moment(starts).value, read_moment(ends).value
        if begins and finishes and begins.clock and finishes.clock and finishes.day == day:
            crosses = finishes.clock <= begins.clock  # "22:00" to "02:00"
            ends = _at(day + timedelta(days=crosses), _text(schedule.get("endTime"))) or ends
        yield starts, ends if begins and begins.clock else "", zone


def _today_if_regular(schedule: Mapping[str, Any], span: Horizon) -> WrittenMoment | None:
    is_regular = _frequency(schedule).casefold() in _REGULAR
    says_when = _texts(schedule.get("byDay")) or _texts(schedule.get("byMonthDay"))
    if schedule.get("startDate") or not (is_regular and says_when):
        return None
    return WrittenMoment(span.now.date())


def _at(day: date, clock: str) -> str:
    """Return a clock time on a day, as written, with its offset; empty if it cannot be read."""
    written = f"{day} {clock.rpartition('T')[2]}"
    moment = read_moment(written).value if clock else None
    return written if moment is not None and moment.clock is not None else ""


def _joined(day: date, first: WrittenMoment) -> str:
    """Return a day with the clock time of the first date, if it has one."""
    return day.isoformat() if first.clock is None else datetime.combine(day, first.clock, first.offset).isoformat()


def _excluded(schedule: Mapping[str, Any], zone: str) -> Iterator[date]:
    """Yield the local days on which it does not take place."""
    for text in _texts(schedule.get("exceptDate")):
        moment = read_moment(text).value
        known = read_zone(zone)
        if moment is not None and moment.clock is not None and moment.offset is not None and known:
            yield moment.at("UTC").astimezone(zone_of(known)).date()
        elif moment is not None:
            yield moment.day


def _days(schedule: Mapping[str, Any], first: date, span: Horizon) -> Iterator[date]:
    last = read_moment(_text(schedule.get("endDate"))).value
    try:
        rule = repair_rule(_rule(schedule), first)
    except UnsupportedRuleError:
        rule = ""
    if not rule and not schedule.get("startDate"):
        return
    if not rule or (last is None and _text(schedule.get("endDate"))) or not has_occurrence(rule, first.month):
        yield first
        return
    until = min(last.day, span.stop.date()) if last is not None else span.stop.date()
    count = 0
    for moment in islice(rrulestr(rule, dtstart=datetime.combine(first, time())), _MOST_COUNTED):
        if moment.date() > until or count >= MAX_DATES:
            return
        if moment.date() >= span.start.date():
            count += 1
            yield moment.date()


def _rule(schedule: Mapping[str, Any]) -> str:
    """Return the schedule as a recurrence rule.

    Raises:
        UnsupportedRuleError: a part cannot be read, or does not go with the frequency.
    """
    said = _frequency(schedule)
    match = _FREQUENCY.fullmatch(said)
    name = _NAMED[match[2].upper()] if match else _WORDS.get(said.casefold(), "")
    parts = [f"FREQ={name}", f"INTERVAL={match[1]}" if match else "INTERVAL=1"]
    days = [_weekday(each) for each in _texts(schedule.get("byDay"))]
    weeks = _numbers(schedule, "byMonthWeek")
    if weeks and (name != "MONTHLY" or not days):
        raise UnsupportedRuleError("byMonthWeek goes with the days of a month")
    if days:
        parts.append(f"BYDAY={','.join([f'{week}{day}' for week in weeks for day in days] or days)}")
    for key, part in (("byMonth", "BYMONTH"), ("byMonthDay", "BYMONTHDAY"), ("repeatCount", "COUNT")):
        if numbers := _numbers(schedule, key):
            parts.append(f"{part}={','.join(numbers)}")
    return ";".join(parts)


def _frequency(schedule: Mapping[str, Any]) -> str:
    """Return the frequency as written; weeks of a month imply a monthly one."""
    return _text(schedule.get("repeatFrequency")) or ("P1M" if _texts(schedule.get("byMonthWeek")) else "")


def _weekday(text: str) -> str:
    """Return the day of ``https://schema.org/Monday``, ``Monday`` or ``MO``; with its week, of ``2MO``."""
    match = re.fullmatch(r"(-?[1-5])?([a-z]+)", re.split(r"[/#:]", text)[-1].strip().casefold())
    day = next((code for code, names in _WEEKDAYS.items() if match and match[2] in names), "")
    if not match or not day:
        raise UnsupportedRuleError(f"byDay {text[:40]!r} is no weekday")
    return f"{match[1] or ''}{day}"


def _numbers(schedule: Mapping[str, Any], key: str) -> list[str]:
    texts = [text.removesuffix(".0") for text in _texts(schedule.get(key))]
    if not all(re.fullmatch(r"-?[1-9]\d{0,2}", text) for text in texts):
        raise UnsupportedRuleError(f"{key} cannot be read")
    return texts


def _texts(value: Any) -> list[str]:
    return [text for each in (value if isinstance(value, list) else [value]) if (text := _text(each))]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("@id") or value.get("name") or ""
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
