"""Defines a deadline: a moment with a kind and a time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Self

from pydantic import model_validator

from tracker.models.moments import (
    ANYWHERE_ON_EARTH,
    Moment,
    ZoneName,
    day_of,
    end_of_day,
    start_of_day,
    zone_of,
)
from tracker.models.record import Record
from tracker.models.text import PlainLine
from tracker.models.vocabulary import DeadlineKind, ZoneSource


class Deadline(Record):
    """One deadline. A day without a time means the end of that day, by convention anywhere on Earth (AoE)."""

    kind: DeadlineKind = DeadlineKind.APPLICATION
    """What must be done by then."""
    label: PlainLine = ""
    """The source's own name for it: ``Priority deadline``."""
    at: Moment | None = None
    """The last day, or the instant. None: rolling, or not announced."""
    timezone: ZoneName | None = None
    """Zone of the moment; for a day, the zone in which it ends. None: not stated."""
    timezone_source: ZoneSource = ZoneSource.UNKNOWN
    """``assumed`` if the zone follows from the convention."""
    opens: Moment | None = None
    """When applications open, if they are not open yet."""
    not_yet_open: bool = False
    """True if the source says that applications are not open yet."""
    rolling: bool = False
    """True if applications are accepted on a rolling basis."""
    closed: bool = False
    """True if the source says that the deadline has passed, without saying when."""
    text: PlainLine = ""
    """The source's own words."""

    @model_validator(mode="after")
    def _say_something(self) -> Self:
        if self.at is None and not (self.rolling or self.not_yet_open or self.closed or self.opens or self.text):
            raise ValueError("a deadline has a moment, is rolling, not yet open, or has words")
        return self

    @property
    def closes_at(self) -> datetime | None:
        """The first instant at which it is too late.

        "16 Nov, AoE" closes at 17 Nov 12:00:00 UTC, so 11:59:59 is still in time. A stated 23:59
        lasts to the end of that minute.
        """
        if self.at is None:
            return None
        if not isinstance(self.at, datetime):
            return end_of_day(self.at, self.timezone or ANYWHERE_ON_EARTH)
        local = self.at.astimezone(zone_of(self.timezone))
        if (local.hour, local.minute) == (23, 59):
            return self.at.replace(second=0) + timedelta(minutes=1)
        return self.at

    @property
    def zone_is_assumed(self) -> bool:
        """True if the source states no zone for the moment: it is then shown as written, and never converted."""
        if self.at is None:
            return False
        return self.timezone_source is ZoneSource.ASSUMED or (
            self.timezone is None and not isinstance(self.at, datetime)
        )

    @property
    def day(self) -> date | None:
        """The last day as written: midnight is the end of the day before."""
        if not isinstance(self.at, datetime):
            return self.at
        local = self.at.astimezone(zone_of(self.timezone))
        return day_of(local - timedelta(days=1), self.timezone) if local.time() == time() else local.date()

    def closes_in(self, zone: str | None) -> datetime | None:
        """The first instant at which it is too late if the moment, as written, is meant in ``zone``."""
        if self.at is None or not self.zone_is_assumed:
            return self.closes_at
        if not isinstance(self.at, datetime):
            return end_of_day(self.at, zone)
        written = self.at.astimezone(zone_of(self.timezone)).replace(tzinfo=zone_of(zone))
        return self.model_copy(update={"at": written, "timezone": zone, "timezone_source": ZoneSource.STATED}).closes_at

    @property
    def opens_at(self) -> datetime | None:
        """The instant at which applications open, if that is known."""
        if self.opens is None or isinstance(self.opens, datetime):
            return self.opens
        return start_of_day(self.opens, self.timezone)


def deadlines_contradict(one: tuple[Deadline, ...], other: tuple[Deadline, ...]) -> bool:
    """Return whether a kind of deadline has known moments in both lists, but no common one.

    Where a zone is only assumed, the day is all that is known.
    """
    left, right = _by_kind(one), _by_kind(other)
    return any(
        not any(_is_common(each, said) for each in left[kind] for said in right[kind])
        for kind in left.keys() & right.keys()
    )


def _by_kind(deadlines: tuple[Deadline, ...]) -> dict[tuple[DeadlineKind, str], list[Deadline]]:
    found: dict[tuple[DeadlineKind, str], list[Deadline]] = {}
    for each in deadlines:
        if each.closes_at is not None:
            found.setdefault((each.kind, each.label), []).append(each)
    return found


def _is_common(one: Deadline, other: Deadline) -> bool:
    is_vague = one.zone_is_assumed or other.zone_is_assumed
    return one.closes_at == other.closes_at or (is_vague and one.day == other.day)
