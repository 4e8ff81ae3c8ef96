"""Words for the time left until a deadline. One without a stated zone is counted in days, to the day as written."""

from __future__ import annotations

from datetime import datetime

from tracker.models.application_status import may_have_closed
from tracker.models.deadline import Deadline
from tracker.models.details import Details
from tracker.models.moments import day_of
from tracker.publishing.phrases import deadline_line

MAY_HAVE_CLOSED = "may have closed"


def days_left(deadline: Deadline, now: datetime, zone: str | None) -> int:
    """Return the days left, rounded down; without a stated zone, those of a calendar in ``zone`` to the day as written.

    Raises:
        ValueError: the deadline has no moment.
    """
    if deadline.closes_at is None or deadline.day is None:
        raise ValueError("this deadline has no moment")
    if deadline.zone_is_assumed:
        return (deadline.day - day_of(now, zone)).days
    return (deadline.closes_at - now).days


def left_words(details: Details, deadline: Deadline, now: datetime, zone: str | None) -> str:
    """Return the time left in words: ``5 days left``, ``closes today``, ``closes in 3 hours``, ``may have closed``.

    Args:
        details: the event, whose place tells where an unstated zone probably is.
        deadline: a deadline that has not passed everywhere.
        now: the current time.
        zone: the reader's time zone.
    """
    days = days_left(deadline, now, zone)
    if deadline.zone_is_assumed:
        if days < 0 or may_have_closed(details, deadline, now, zone):
            return MAY_HAVE_CLOSED
        return _days(days) if days else "closes today"
    if days >= 1:
        return _days(days)
    hours = int(((deadline.closes_at or now) - now).total_seconds() // 3600)
    return f"closes in {hours} hour{'s' if hours != 1 else ''}" if hours else "closes within the hour"


def line_at(details: Details, deadline: Deadline, now: datetime) -> str:
    """Return a deadline in words for a page without a visitor's clock, with a note if it may have closed."""
    note = f" ({MAY_HAVE_CLOSED})" if may_have_closed(details, deadline, now) else ""
    return deadline_line(deadline) + note


def _days(days: int) -> str:
    return f"{days} day{'s' if days != 1 else ''} left"
