"""Repeating entries of calendars: a rule, the evenings dropped from it, and those moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.life.truths import Values, at_clock

AHEAD = timedelta(days=420)
"""How far ahead the world knows its evenings; calendars are read 400 days ahead."""


@dataclass(slots=True, eq=False)
class Series:
    """One entry with an RRULE."""

    key: str
    title: str
    zone: str
    place: str
    first: date
    hour: int
    weeks: int
    length: timedelta = timedelta(hours=2)
    until: date | None = None
    """Its last day, if it ends."""
    skipped: list[date] = field(default_factory=list)
    """Evenings that are dropped (EXDATE)."""
    moved: list[date] = field(default_factory=list)
    """Evenings with an entry of their own (RECURRENCE-ID)."""

    def days(self, until: date) -> Iterator[date]:
        """Yield the days of the rule, dropped and moved ones included."""
        day, last = self.first, min(until, self.until or until)
        while day <= last:
            yield day
            day += timedelta(weeks=self.weeks)

    def start(self, day: date) -> datetime:
        """Return the start of an evening by the rule."""
        return at_clock(day, self.hour, 30, self.zone)

    def values(self, day: date) -> Values:
        """Return an evening by the rule."""
        start = self.start(day)
        return Values(self.title, start, start + self.length, self.place)
