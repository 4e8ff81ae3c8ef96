"""Ids of events: assigned once, kept over re-crawls, never derived from content."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from tracker.matching.grouping import Group
from tracker.models.listing import ListingKey

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 12


def new_id() -> str:
    """Return a fresh id of 60 random bits, readable aloud (Crockford's alphabet)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def assign_ids(
    groups: Sequence[Group], known: Mapping[ListingKey, str], make_id: Callable[[], str] = new_id
) -> list[str]:
    """Return one id per group: that of most of its listings; ties go to the smaller id; else a fresh one.

    Where a group was split, the part with more of the old listings keeps the id.
    """
    claims: list[tuple[int, str, int]] = []
    for index, group in enumerate(groups):
        held = Counter(known[listing.key] for listing in group.listings if listing.key in known)
        claims += [(-count, event_id, index) for event_id, count in held.items()]
    given: dict[int, str] = {}
    taken: set[str] = set()
    for _, event_id, index in sorted(claims):
        if index not in given and event_id not in taken:
            given[index] = event_id
            taken.add(event_id)
    return [given[index] if index in given else make_id() for index in range(len(groups))]
