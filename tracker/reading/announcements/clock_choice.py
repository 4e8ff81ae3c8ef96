"""Finds the clock time of an event that stands apart from its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tracker.models.vocabulary import DatePrecision
from tracker.reading.announcements.cues import pattern
from tracker.reading.announcements.event_choice import first_day
from tracker.reading.announcements.parts import EVENT_ROLES, Mention
from tracker.reading.dates.mentions import Scan
from tracker.reading.dates.resolution import DateContext, ResolvedDate, resolve
from tracker.reading.dates.spans import DateExpression
from tracker.reading.dates.years import YearContext
from tracker.reading.dates.zoned_clocks import ZonedClock


def add_clock(
    when: ResolvedDate | None, found: Scan, mentions: Sequence[Mention], around: DateContext
) -> ResolvedDate | None:
    """Add the clock time that stands apart from its day to an event on a single day: "9 May in Leeds. Doors at 7pm".

    It belongs to the event if no other date stands between them, and no word makes it the end of something. A clock
    time beside the same day, written again, comes first.
    """
    if when is None or when.precision is not DatePrecision.DAY or when.starts is not None:
        return when
    if (again := _same_day(when, mentions)) is not None:
        return replace(again, year_inferred=when.year_inferred, text=when.text)
    zoned = _of_meetings(when, found) if found.repeats else _apart(when, found, mentions)
    days = (written for written, each in zip(found.found, mentions, strict=True) if first_day(each) == when.first)
    day = next(days, None)
    if zoned is None or day is None:
        return when
    pinned = DateExpression(day.first.with_year(when.first.year), None, day.start, day.end, at=zoned)
    timed = resolve(found, pinned, YearContext(), around)
    if timed is None:
        return when
    return replace(timed, year_inferred=when.year_inferred, text=when.text, last=when.last or timed.last)


def _same_day(when: ResolvedDate, mentions: Sequence[Mention]) -> ResolvedDate | None:
    """Return the date of another mention of the event's only day that has a clock time."""
    if when.last is not None:
        return None
    timed = (each.dated for each in mentions if each.role in EVENT_ROLES and each.dated and each.dated.starts)
    same = (dated for dated in timed if dated.first == when.first)
    return next((dated for dated in same if (dated.last or dated.first) - dated.first <= _ONE_DAY), None)


def _of_meetings(when: ResolvedDate, found: Scan) -> ZonedClock | None:
    """Return the time of what repeats, if the event begins on such a day: "from 6 October, every Tuesday at 7pm"."""
    repeats = found.repeats[0]
    is_on = not repeats.weekdays or when.last is not None or when.first.weekday() in repeats.weekdays
    return repeats.at if is_on else None


def _apart(when: ResolvedDate, found: Scan, mentions: Sequence[Mention]) -> ZonedClock | None:
    days = [(*found.position(written), mention) for written, mention in zip(found.found, mentions, strict=True)]
    clocks = [
        (
            bool(pattern("before_it_starts").search(found.text[max(0, position - 25) : position])),
            clock.clock.end is None,
            clock,
        )
        for clock, position in zip(found.clocks, found.clock_positions, strict=True)
        if _is_of_event(found.text, position, when, days)
    ]
    return min(clocks, key=lambda each: each[:2])[2] if clocks else None


_ONE_DAY = timedelta(days=1)
_CLOCK_REACH, _REACH_OF_SPAN = 240, 120


def _is_of_event(text: str, position: int, when: ResolvedDate, days: Sequence[tuple[int, int, Mention]]) -> bool:
    before = [each for each in days if each[1] <= position]
    nearest = before[-1] if before else (days[0] if days else None)
    if (
        nearest is None
        or (when.last is not None and not before)
        or pattern("not_a_start").search(text[max(0, position - 25) : position])
    ):
        return False
    if pattern("each").search(text[max(0, position - 25) : position]):
        return nearest[2].role in EVENT_ROLES
    distance = position - nearest[1] if before else nearest[0] - position
    reach = _CLOCK_REACH if when.last is None else _REACH_OF_SPAN
    return first_day(nearest[2]) == when.first and nearest[2].role in EVENT_ROLES and distance <= reach
