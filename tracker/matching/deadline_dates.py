"""Tells listings that give the last day to apply as the date: boards of opportunities often do."""

from __future__ import annotations

from datetime import date, datetime

from tracker.models.listing import Listing
from tracker.models.vocabulary import OPPORTUNITY_TYPES, TRAINING_TYPES, DatePrecision, DeadlineKind

ENTRY_DEADLINES = frozenset(
    {DeadlineKind.APPLICATION, DeadlineKind.REGISTRATION, DeadlineKind.SUBMISSION, DeadlineKind.ABSTRACT}
)
"""Kinds of deadline by which one enters."""
_APPLIED_FOR = TRAINING_TYPES | OPPORTUNITY_TYPES


def entry_days(listing: Listing) -> tuple[date, ...]:
    """Return the last days to apply or register."""
    # An instant just after midnight UTC is the evening before for most organisers; comparisons allow ±1 day anyway.
    return tuple(
        deadline.at.date() if isinstance(deadline.at, datetime) else deadline.at
        for deadline in listing.deadlines
        if deadline.at is not None and deadline.kind in ENTRY_DEADLINES
    )


def may_start_later(listing: Listing) -> bool:
    """Return whether a course or call "starts" on its last day to apply, without a time or an end."""
    when = listing.when
    if _APPLIED_FOR.isdisjoint(listing.types) or when.end is not None or when.precision is not DatePrecision.DAY:
        return False
    return when.start in entry_days(listing)
