"""Finds the clock time of an event that stands apart from its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.models.vocabulary import DatePrecision
from tracker.reading.announcements.cues import pattern
from tracker.reading.announcements.event_choice import first_day
from tracker.reading.announcements.parts import EVENT_ROLES, Mention
from tracker.reading.dates.mentions import Scan
from tracker.reading.dates.resolution import DateContext, ResolvedDate, resolve
from tracker.reading.dates.spans import DateExpression
from tracker.reading.dates.years import YearContext


def add_clock(
    when: ResolvedDate | None, found: Scan, mentions: Sequence[Mention], around: DateContext
) -> ResolvedDate | None:
    """Add the clock time that stands apart from its day to an event on a single day: "9 May in Leeds. Doors at 7pm".

    It belongs to the event if no other date stands between them, and no word makes it the end of something.
    """
    if when is None or when.precision is not DatePrecision.DAY or when.last is not None or found.repeats:
        return when
    days = [(*found.position(written), mention) for written, mention in zip(found.found, mentions, strict=True)]
    clocks = [
        (
            bool(pattern("before_it_starts").search(found.text[max(0, position - 25) : position])),
            clock.clock.end is None,
            clock,
        )
        for clock, position in zip(found.clocks, found.clock_positions, strict=True)
        if _is_of_event(found.text, position, when.first, days)
    ]
    if not clocks:
        return when
    *_, zoned = min(clocks, key=lambda each: each[:2])
    day = next(written for written, each in zip(found.found, mentions, strict=True) if first_day(each) == when.first)
    pinned = DateExpression(day.first.with_year(when.first.year), None, day.start, day.end, at=zoned)
    timed = resolve(found, pinned, YearContext(), around)
    return replace(timed, year_inferred=when.year_inferred, text=when.text) if timed else when


_CLOCK_REACH = 240


def _is_of_event(text: str, position: int, day: date, days: Sequence[tuple[int, int, Mention]]) -> bool:
    before = [each for each in days if each[1] <= position]
    nearest = before[-1] if before else (days[0] if days else None)
    if nearest is None or pattern("not_a_start").search(text[max(0, position - 25) : position]):
        return False
    if pattern("each").search(text[max(0, position - 25) : position]):
        return nearest[2].role in EVENT_ROLES
    distance = position - nearest[1] if before else nearest[0] - position
    return first_day(nearest[2]) == day and nearest[2].role in EVENT_ROLES and distance <= _CLOCK_REACH
