"""Says when a deadline closes at the earliest: where no zone is stated, it is never shown as later than meant."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from tracker.models.deadline import Deadline
from tracker.models.moments import day_of, end_of_day, zone_of
from tracker.models.vocabulary import ZoneSource

_FIRST_ZONE = "Etc/GMT-14"
"""Where a day ends first: UTC+14."""


def is_zone_stated(deadline: Deadline) -> bool:
    """Return whether the source says in which zone the deadline closes; an instant without a named zone has one."""
    has_zone = deadline.timezone is not None or isinstance(deadline.at, datetime)
    return has_zone and deadline.timezone_source is not ZoneSource.ASSUMED


def written_day(deadline: Deadline) -> date | None:
    """Return the last day as the source writes it; None if the deadline has no moment."""
    if deadline.at is None or not isinstance(deadline.at, datetime):
        return deadline.at
    local = deadline.at.astimezone(zone_of(deadline.timezone))
    is_midnight = (local.hour, local.minute) == (0, 0)  # the end of the day before
    return day_of(deadline.at, deadline.timezone) - timedelta(days=is_midnight)


def earliest_closing(deadline: Deadline) -> datetime | None:
    """Return the first instant at which it may be too late, or None.

    Where no zone is stated, that is when the written moment comes in the zone where days end first.
    """
    if deadline.at is None or is_zone_stated(deadline):
        return deadline.closes_at
    if isinstance(deadline.at, datetime):
        local = deadline.at.astimezone(zone_of(deadline.timezone))
        return local.replace(tzinfo=timezone(timedelta(hours=14)))
    return end_of_day(deadline.at, _FIRST_ZONE)


def time_left(deadline: Deadline, now: datetime) -> str:
    """Return how long one has, in words: ``closes in 46 hours``; days to the written day where no zone is stated."""
    closes, day = deadline.closes_at, written_day(deadline)
    if closes is None or day is None:
        return ""
    if not is_zone_stated(deadline):
        days = (day - now.date()).days
        if days < 0:
            return "may have closed"
        return {0: "closes today", 1: "closes tomorrow"}.get(days, f"closes in {days} days")
    hours = int((closes - now).total_seconds() // 3600)
    if hours < 0:
        return "closed"
    if hours >= 72:
        return f"closes in {hours // 24} days"
    return {0: "closes within the hour", 1: "closes in 1 hour"}.get(hours, f"closes in {hours} hours")
