"""Ids of events: assigned once, kept over re-crawls, never derived from content."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tracker.matching.grouping import Group
from tracker.models.listing import ListingKey

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 12


def new_id() -> str:
    """Return a fresh id of 60 random bits, readable aloud (Crockford's alphabet)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def assign_ids(
    groups: Sequence[Group],
    known: Mapping[ListingKey, str],
    *,
    first: Mapping[ListingKey, str] | None = None,
    ages: Mapping[str, datetime] | None = None,
    make_id: Callable[[], str] = new_id,
) -> list[str]:
    """Return one id per group: that of most of its listings, ties to the older, then the smaller id; else a fresh one.

    Where a group was split, the part with more of the old listings keeps the id; the other gets back the id that its
    listings first had, if nobody has it now. So a merge that is undone gives both their own ids again.

    Args:
        groups: the groups, in an order that never changes.
        known: the event that each listing belongs to by now.
        first: the event that each listing first belonged to.
        ages: when each event was first seen.
        make_id: makes fresh ids.
    """
    given: dict[int, str] = {}
    taken: set[str] = set()
    for claims in (known, first or {}):
        wanted: list[tuple[int, float, str, int]] = []
        for index, group in enumerate(groups):
            held = Counter(claims[listing.key] for listing in group.listings if listing.key in claims)
            wanted += [(-count, _age(event_id, ages), event_id, index) for event_id, count in held.items()]
        for _, _, event_id, index in sorted(wanted):
            if index not in given and event_id not in taken:
                given[index] = event_id
                taken.add(event_id)
    return [given[index] if index in given else make_id() for index in range(len(groups))]


def _age(event_id: str, ages: Mapping[str, datetime] | None) -> float:
    seen = (ages or {}).get(event_id)
    return seen.timestamp() if seen else float("inf")
