"""Whether one can still apply: computed when read, in the deadline's own zone."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.models.deadline import Deadline
from tracker.models.details import Details
from tracker.models.vocabulary import ApplicationStatus, DeadlineKind

CLOSING_SOON = timedelta(days=7)

TO_ENTER = frozenset(
    {
        DeadlineKind.APPLICATION,
        DeadlineKind.REGISTRATION,
        DeadlineKind.EARLY_BIRD,
        DeadlineKind.SCHOLARSHIP,
        DeadlineKind.SUBMISSION,
        DeadlineKind.ABSTRACT,
    }
)
"""Deadlines by which one has to do something to take part."""


def next_deadline(details: Details, now: datetime) -> Deadline | None:
    """Return the first deadline that has not passed at ``now``, or None."""
    ahead = [
        (closes_at, index, deadline)
        for index, deadline in enumerate(details.deadlines)
        if deadline.kind in TO_ENTER and (closes_at := deadline.closes_at) and closes_at > now
    ]
    return min(ahead)[2] if ahead else None


def application_status(details: Details, now: datetime) -> ApplicationStatus:
    """Return whether one can apply at ``now``. Without a known deadline the answer is ``unknown``, not ``open``."""
    if details.over_at <= now:
        return ApplicationStatus.ENDED
    deadlines = [deadline for deadline in details.deadlines if deadline.kind in TO_ENTER]
    if any(_is_not_yet_open(deadline, now) for deadline in deadlines):
        return ApplicationStatus.NOT_YET_OPEN
    coming = next_deadline(details, now)
    if coming is not None and coming.closes_at is not None:
        soon = coming.closes_at - now <= CLOSING_SOON
        return ApplicationStatus.CLOSING_SOON if soon else ApplicationStatus.OPEN
    if any(deadline.rolling for deadline in deadlines):
        return ApplicationStatus.ROLLING
    if any(deadline.at is not None or deadline.closed for deadline in deadlines):
        return ApplicationStatus.CLOSED
    return ApplicationStatus.UNKNOWN


def _is_not_yet_open(deadline: Deadline, now: datetime) -> bool:
    if deadline.opens_at is not None:
        return deadline.opens_at > now
    return deadline.not_yet_open
