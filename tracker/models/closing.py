"""Says when a deadline closes at the earliest: where no zone is stated, it is never shown as later than meant."""

from __future__ import annotations

from datetime import datetime

from tracker.models.deadline import Deadline

_FIRST_ZONE = "Etc/GMT-14"
"""Where a day ends first: UTC+14."""


def earliest_closing(deadline: Deadline) -> datetime | None:
    """Return the first instant at which it may be too late, or None.

    Where no zone is stated, that is when the written moment comes in the zone where days end first.
    """
    return deadline.closes_in(_FIRST_ZONE)


def time_left(deadline: Deadline, now: datetime) -> str:
    """Return how long one has, in words: ``closes in 46 hours``; days to the written day where no zone is stated."""
    closes, day = deadline.closes_at, deadline.day
    if closes is None or day is None:
        return ""
    if deadline.zone_is_assumed:
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
