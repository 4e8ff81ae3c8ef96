"""Ids of events and series, assigned once and never derived from content; and which events form a series."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import numpy as np

from tracker.matching.clustering import Forest
from tracker.matching.columns import Ints
from tracker.matching.table import Table

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
            if index in given:
                continue
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


def link_series(table: Table, groups: Sequence[Sequence[int]]) -> list[int | None]:
    """Return the series number of each group of rows, or None for a group in no series.

    Two events are of one series if their titles are equal without edition and date, and they share an organiser, a link
    or a city; they remain two events. If the title is distinctive, a common source is enough.
    """
    rows = np.array([row for group in groups for row in group], dtype=np.int64)
    numbers = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    leads = Forest()
    for kind, values in enumerate(_shared(table, rows)):
        core = table.titles.core[table.title[rows]]
        at, place = np.nonzero((core > 0)[:, None] & (values > 0))
        signs = _mixed(core[at], values[at, place] * 4 + kind)
        order = np.argsort(signs, kind="stable")
        same = signs[order][1:] == signs[order][:-1]
        ones, others = numbers[at][order][:-1][same], numbers[at][order][1:][same]
        for one, other in np.unique(np.stack([ones, others]), axis=1).T.tolist():
            if one != other:
                leads.join(one, other)
    leaders = [leads.find(number) for number in range(len(groups))]
    sizes = Counter(leaders)
    return [leader if sizes[leader] > 1 else None for leader in leaders]


def _shared(table: Table, rows: Ints) -> Iterator[Ints]:
    """Yield the attributes of which events of one series share at least one: codes per row, 0 for none."""
    yield table.organizers[rows]
    yield table.links[rows]
    yield table.city[rows]
    yield np.where(table.titles.is_telling[table.title[rows]], table.source[rows], 0)[:, None]


def _mixed(one: Ints, other: Ints) -> Ints:
    """Return hashes of pairs of codes."""
    mixed = one.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ other.view(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    hashes: Ints = (mixed ^ mixed >> np.uint64(29)).view(np.int64)
    return hashes
