"""What is true in the simulated world: events with their values over time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Moment = date | datetime
AOE_SLACK = timedelta(hours=36)
"""How much later than UTC's midnight a day without a zone may end."""


@dataclass(frozen=True, slots=True)
class Values:
    """What can be said about an event."""

    title: str
    start: Moment
    end: Moment | None = None
    """The end, or the last day. None: not stated."""
    place: str = ""
    """``Berlin, Germany``; empty: online."""
    deadline: date | None = None

    @property
    def first_day(self) -> date:
        """The local day on which it starts."""
        return self.start.date() if isinstance(self.start, datetime) else self.start

    @property
    def last_day(self) -> date:
        """The local day on which it ends."""
        end = self.end or self.start
        return end.date() if isinstance(end, datetime) else end

    def shifted(self, by: timedelta) -> Values:
        """Return the values with start and end moved; wall clocks stay what they are over a change of clocks."""
        end = self.end + by if self.end is not None else None
        return replace(self, start=self.start + by, end=end)


def instant(moment: Moment) -> datetime:
    """Return an instant for sorting: days begin at midnight in UTC."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), UTC)


def over_at(values: Values) -> datetime:
    """Return the instant at which an event is over everywhere."""
    end = values.end or values.start
    return instant(end) if isinstance(end, datetime) else instant(end) + AOE_SLACK


def at_clock(day: date, hour: int, minute: int, zone: str) -> datetime:
    """Return a wall clock time in a zone."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone))


@dataclass(slots=True, eq=False)
class Truth:
    """One event of the world, told apart from all others by its id."""

    id: str
    owner: str
    """Id of the organiser's own outlet."""
    zone: str
    kind: str
    """``meetup``, ``workshop``, ``fellowship``…"""
    called_off: datetime | None = None
    """When it was cancelled; None: it takes place."""
    since: list[datetime] = field(default_factory=list)
    versions: list[Values] = field(default_factory=list)
    """The values that hold from each moment of ``since`` on."""

    @property
    def values(self) -> Values:
        """The values that hold now."""
        return self.versions[-1]

    def change(self, now: datetime, **changes: Any) -> None:
        """Let other values hold from now on."""
        self.set(now, replace(self.values, **changes))

    def set(self, now: datetime, values: Values) -> None:
        """Let these values hold from now on."""
        self.since.append(now)
        self.versions.append(values)

    def values_at(self, moment: datetime) -> Values:
        """Return the values that held at a moment; before the first, the first."""
        return self.versions[max(0, bisect_right(self.since, moment) - 1)]

    def is_off(self, moment: datetime) -> bool:
        """Return whether it was cancelled at a moment."""
        return self.called_off is not None and self.called_off <= moment

    def is_over(self, moment: datetime) -> bool:
        """Return whether it has ended."""
        return over_at(self.values) <= moment

    @property
    def starts_at(self) -> datetime:
        """When it starts."""
        return instant(self.values.start)
