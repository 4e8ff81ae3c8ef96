"""Tells another round of something from the same event with changed dates."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.matching.editions import Edition, part_of_year_words
from tracker.matching.titles import read_title
from tracker.models.listing import Listing

EXTENSION = timedelta(days=21)
"""Maximum time by which a deadline is extended; a later one belongs to the next round."""
_OTHER_DATES = timedelta(days=5)
_SLOT = timedelta(days=7)
_NEXT_DAY = timedelta(days=1)
_BEGINS_WITHIN = timedelta(days=180)
"""Maximum time after the last deadline of a call within which what it is for begins."""


def is_another_round(old: Listing, new: Listing, *, first_seen: datetime, now: datetime) -> bool:
    """Return whether ``new``, shown under the id of ``old``, is the next round of it and not the same event.

    What is over does not move, nor does what has begun; so other dates are those of the next round then. Before, the
    titles must name another edition as well: "Cohort 3" and "Cohort 4", "Forum 2027" and "Forum 2028"; or it is the day
    before, and the date is whole weeks later, as of a slot that shows the next meetup.

    Args:
        old: the entry as it was.
        new: what its id shows now.
        first_seen: when the entry was first seen; what was never seen as coming is corrected rather than replaced.
        now: the time of the crawl.
    """
    if old.recurring or new.recurring:
        return False
    if _closings(old) & _closings(new):
        return False  # a call whose days are announced after it has closed
    if names_other_edition(old.title, new.title) and _have_other_dates(old, new):
        return True
    if first_seen < old.when.starts_at and _is_switched_early(old, new, now):
        return True
    if old.ends_at > now or first_seen >= old.ends_at or new.ends_at <= now:
        return False
    if old.when.start is not None:
        return new.when.start is None or (
            new.when.first_day != old.when.first_day and new.when.starts_at >= old.ends_at
        )
    if new.when.start is None:
        return new.ends_at - old.ends_at > EXTENSION
    return new.when.starts_at - old.ends_at > _BEGINS_WITHIN


def _is_switched_early(old: Listing, new: Listing, now: datetime) -> bool:
    if old.when.start is None or new.when.start is None or new.when.starts_at < old.when.ends_at:
        return False
    shift = new.when.starts_at - old.when.starts_at
    if old.when.starts_at <= now:
        return shift >= _NEXT_DAY
    days = round(shift / _NEXT_DAY)
    return old.when.starts_at - now <= _NEXT_DAY and shift >= _SLOT - _NEXT_DAY / 2 and days % _SLOT.days == 0


def names_other_edition(one: str, other: str) -> bool:
    """Return whether two titles name different editions, years or parts of the year of one thing."""
    left, right = read_title(one), read_title(other)
    # Seasons and months stay in the text, because they may be part of a name.
    ours, theirs = set(left.text.split()), set(right.text.split())
    is_another_part = bool(ours - theirs) and bool(theirs - ours)
    return ours ^ theirs <= part_of_year_words() and (is_another_part or _differ(left.edition, right.edition))


def _differ(one: Edition, other: Edition) -> bool:
    pairs = ((one.number, other.number), (one.years, other.years))
    if any(left and right and not set(left) & set(right) for left, right in pairs):
        return True
    return any(
        left and right and left != right
        for left, right in (
            (one.session, other.session),
            (one.part_of_year, other.part_of_year),
            (one.month, other.month),
        )
    )


def _have_other_dates(old: Listing, new: Listing) -> bool:
    if old.when.start is not None and new.when.start is not None:
        return abs(new.when.starts_at - old.when.starts_at) > _OTHER_DATES
    before, after = _closings(old), _closings(new)
    return bool(before and after) and min(after) - max(before) > EXTENSION


def _closings(listing: Listing) -> set[datetime]:
    return {each.closes_at for each in listing.deadlines if each.closes_at}
