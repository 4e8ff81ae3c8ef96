"""Tells listings that give the last day to apply as the date: boards of opportunities often do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tracker.models.listing import Listing
from tracker.models.vocabulary import OPPORTUNITY_TYPES, TRAINING_TYPES, DatePrecision, DeadlineKind
from tracker.reading.announcements.cues import is_deadline

_ENTRY_DEADLINES = frozenset(
    {DeadlineKind.APPLICATION, DeadlineKind.REGISTRATION, DeadlineKind.SUBMISSION, DeadlineKind.ABSTRACT}
)
_APPLIED_FOR = TRAINING_TYPES | OPPORTUNITY_TYPES


def entry_days(listing: Listing) -> tuple[date, ...]:
    """Return the last days to apply or register."""
    # An instant just after midnight UTC is the evening before for most organisers; comparisons allow ±1 day anyway.
    return tuple(
        deadline.at.date() if isinstance(deadline.at, datetime) else deadline.at
        for deadline in listing.deadlines
        if deadline.at is not None and deadline.kind in _ENTRY_DEADLINES
    )


def may_start_later(listing: Listing) -> bool:
    """Return whether a course or call "starts" on its own last day to apply, without a time or an end."""
    return not _APPLIED_FOR.isdisjoint(listing.types) and _only_day(listing) in entry_days(listing)


def is_day_to_apply(listing: Listing) -> bool:
    """Return whether the words of its date call it a deadline: "Apply by 13 October"."""
    return bool(listing.when.text) and _only_day(listing) is not None and is_deadline(listing.when.text)


def with_own_dates(listings: Sequence[Listing]) -> list[Listing]:
    """Return the listings of an event that say when it takes place, not by when to apply; all if none does.

    A day without an end is one to apply by if a later start and that deadline are stated as well.
    """
    last_start = max((day for each in listings if (day := each.when.first_day)), default=date.min)
    days = {day for each in listings for day in entry_days(each)}
    closing = [(day := _only_day(each)) in days and day is not None and day < last_start for each in listings]
    own = [each for each, closes in zip(listings, closing, strict=True) if not closes and not may_start_later(each)]
    return own or list(listings)


def _only_day(listing: Listing) -> date | None:
    """Return the day of a listing that gives no more than a day."""
    when = listing.when
    is_day = when.precision is DatePrecision.DAY and when.end is None and not isinstance(when.start, datetime)
    return when.first_day if is_day else None
