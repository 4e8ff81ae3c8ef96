"""Assigns the ids of events and series: once, kept over re-crawls, never derived from content."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

Member = TypeVar("Member", bound=Hashable)
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 12


def new_id() -> str:
    """Return a new id of 60 random bits in Crockford's base32 alphabet, which can be read aloud."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def assign_ids(
    groups: Sequence[Collection[Member]],
    known: Mapping[Member, str],
    *,
    first: Mapping[Member, str] | None = None,
    ages: Mapping[str, datetime] | None = None,
    ranks: Mapping[Member, int] | None = None,
    make_id: Callable[[], str] = new_id,
) -> list[str]:
    """Return one id per group: existing ids are kept, and a group without one gets a new id.

    If groups were merged, the id of most members is kept; of equally frequent ids the older, then the smaller. If a
    group was split, the members that had the id first keep it, then the larger part, then the most trusted; the other
    parts get back the first ids of their members, if these are unused. So undoing a merge restores the ids before it.

    Args:
        groups: the groups, in an order that never changes: listings of one event, or events of one series.
        known: the current id of each member.
        first: the first id of each member.
        ages: when each id was first seen.
        ranks: trust rank of each member; smaller is more trusted.
        make_id: creates new ids.
    """
    given: dict[int, str] = {}
    taken: set[str] = set()
    for claims in (known, first or {}):
        wanted: list[tuple[int, int, float, str, int, int]] = []
        for index, group in enumerate(groups):
            held = Counter(claims[member] for member in group if member in claims)
            own = Counter((first or {}).get(member) for member in group)
            rank = min(((ranks or {}).get(member, 0) for member in group), default=0)
            wanted += [(-own[each], -count, _age(each, ages), each, rank, index) for each, count in held.items()]
        for _, _, _, each, _, index in sorted(wanted):
            if index not in given and each not in taken:
                given[index] = each
                taken.add(each)
    return [given[index] if index in given else make_id() for index in range(len(groups))]


def _age(event_id: str, ages: Mapping[str, datetime] | None) -> float:
    seen = (ages or {}).get(event_id)
    return seen.timestamp() if seen else float("inf")
