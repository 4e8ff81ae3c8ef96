"""Candidate pairs: blocks of listings worth comparing, and the pairs that meet in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from tracker.matching.table import Flags, Ints, Table

_LINK, _CITY, _WORD, _NAME, _MINUTE, _DEADLINE, _MONTH, _UNDATED, _PLACELESS = range(1, 10)
NAMES = {
    _LINK: "same link",
    _CITY: "same days, same city",
    _WORD: "same days, a word of the title",
    _NAME: "same days, same organiser",
    _MINUTE: "same minute",
    _DEADLINE: "same deadline, a word of the title",
    _MONTH: "same month, a word of the title",
    _UNDATED: "one without a date: two words, or a word and organiser or city",
    _PLACELESS: "same days, online",
}
_MOST_MONTHS = 5
"""Maximum number of months of a date span that get a block each; of a year, only the first ones do."""
_TELLING = 0.5
"""Minimum weight of a title word in the keys of month and deadline blocks."""
_TELLING_TOGETHER = 0.85
"""Minimum combined weight of two words of an undated title from which they form a key."""
Keys: TypeAlias = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Blocks:
    """Block keys of rows, one entry per membership."""

    keys: Keys
    rows: Ints
    kinds: Ints
    """Kind of the key, an index of ``NAMES``; after a split, the size of the block that was split."""
    active: Flags
    """Two members form a pair only if one is active: dated listings are in the block of their month to be found by
    listings that only name the month, not to be compared with each other."""

    def part(self, chosen: Ints | Flags) -> Blocks:
        """Return a subset of the memberships."""
        return Blocks(self.keys[chosen], self.rows[chosen], self.kinds[chosen], self.active[chosen])


def mix(*parts: Ints | int) -> Keys:
    """Return a hash of numbers that is the same in every process (the finaliser of SplitMix64)."""
    mixed: Keys = np.zeros(1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + np.asarray(part).astype(np.uint64)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            mixed ^= mixed >> np.uint64(31)
    return mixed


def block_keys(table: Table, rows: Ints | None = None) -> Blocks:
    """Return the blocks of each row of ``table``, or only of ``rows``; the blocks of a row depend on no other row."""
    chosen = np.arange(len(table)) if rows is None else rows
    times, words, names = table.times[chosen], table.words[chosen], table.names[chosen]
    weights, links, deadlines = table.weights[chosen], table.links[chosen], table.deadlines[chosen]
    named = table.spots[chosen, :, 2]
    cities: Ints = np.where(np.isnan(named), 0.0, named).astype(np.int64)
    kind, first, last = times[:, 0], times[:, 2], times[:, 3]
    found = _Found(chosen)
    found.add(_LINK, links > 0, links)
    dated = ((kind == 1) | (kind == 2))[:, None]
    # Days d and d+1 share the block of d+1; so do two listings of one day.
    for day in (first[:, None], first[:, None] + 1):
        found.add(_CITY, dated & (cities > 0), day, cities)
        found.add(_PLACELESS, dated & (table.spot_count[chosen, None] == 0) & (table.mode[chosen, None] == 1), day)
        found.add(_WORD, dated & (words > 0), day, words)
        found.add(_NAME, dated & (names[:, :4] > 0), day, names[:, :4])
    # Other sources may still say the day before it moved.
    earlier = table.moved_from[chosen, 2:3]
    for day in (earlier, earlier + 1):
        found.add(_WORD, (earlier > 0) & (words > 0), day, words)
    found.add(_MINUTE, (kind == 1)[:, None], times[:, 1:2])
    telling = np.where(weights >= _TELLING, words, 0)
    both = (deadlines[:, :, None] > 0) & (telling[:, None, :] > 0)
    for shift in (0, 1):
        found.add(_DEADLINE, both, deadlines[:, :, None] + shift, telling[:, None, :])
    # A listing dated to a month shares blocks with those dated to a day in it, by words of the title.
    month, last_month = ((first - 1) // 31)[:, None], ((last - 1) // 31)[:, None]
    found.add(_MONTH, dated & (telling > 0), month, telling, active=False)
    for step in range(_MOST_MONTHS):
        within = (kind == 3)[:, None] & (month + step <= last_month) & (telling > 0)
        found.add(_MONTH, within, month + step, telling)
    _add_undated(found, words, weights, names, cities, undated=kind == 0)
    return found.blocks()


def _add_undated(
    found: _Found, words: Ints, weights: npt.NDArray[np.float32], names: Ints, cities: Ints, undated: Flags
) -> None:
    """Add the blocks of undated listings: two distinctive words of the title, or one with an organiser or city."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    words, weights = np.take_along_axis(words, order, axis=1), np.take_along_axis(weights, order, axis=1)
    one, other = np.triu_indices(words.shape[1], 1)
    # Without a minimum weight, the block "AI safety" would hold most listings.
    telling = (words[:, other] > 0) & (weights[:, one] + weights[:, other] >= _TELLING_TOGETHER)
    pairs = np.sort(np.stack([words[:, one], words[:, other]]), axis=0)
    found.add(_UNDATED, telling, pairs[0], pairs[1], active=undated)
    named = (names[:, :2, None] > 0) & (words[:, None, :2] > 0)
    found.add(_UNDATED, named, names[:, :2, None], words[:, None, :2], active=undated)
    found.add(_UNDATED, (cities[:, :1] > 0) & (words[:, :3] > 0), cities[:, :1], words[:, :3], active=undated)


def link_keys(links: Ints) -> Keys:
    """Return the block keys of link codes."""
    return mix(_LINK, links)


class _Found:
    """Collects block keys."""

    def __init__(self, chosen: Ints) -> None:
        self._chosen = chosen
        self._parts: list[tuple[Keys, Ints, int, Flags]] = []

    def add(self, kind: int, where: Flags, *values: Ints, active: bool | Flags = True) -> None:
        """Add a key made of ``values`` wherever ``where`` is true; the first axis of ``where`` is the rows."""
        at = np.nonzero(where)
        if not len(at[0]):
            return
        keys = mix(kind, *(np.broadcast_to(each, where.shape)[at] for each in values))
        flags = np.full(len(keys), active) if isinstance(active, bool) else active[at[0]]
        self._parts.append((keys, self._chosen[at[0]], kind, flags))

    def blocks(self) -> Blocks:
        """Return all keys that were added."""
        if not self._parts:
            none = np.empty(0, dtype=np.int64)
            return Blocks(none.astype(np.uint64), none, none, none.astype(np.bool_))
        keys, rows, kinds, flags = zip(*self._parts, strict=True)
        every_kind = [np.full(len(each), kind, dtype=np.int64) for each, kind in zip(rows, kinds, strict=True)]
        return Blocks(np.concatenate(keys), np.concatenate(rows), np.concatenate(every_kind), np.concatenate(flags))


MOST_IN_BLOCK = 50
"""Maximum size of a block; larger blocks are split by further attributes of their members."""
_AT_ONCE = 2_000_000
"""Maximum number of pairs that are held in memory at once."""
_DEEPEST = 3
"""Maximum number of successive splits of a block."""
_NEIGHBOURS = 20
"""Number of neighbours that each member is compared with in a block that cannot be split."""
_SHRUNK = 0.7
"""A split is considered failed if it leaves more than this share of the members together."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows ``i < j``, each once, and the number of blocks that could not be split enough."""

    i: Ints
    j: Ints
    crowded: int = 0
    """Number of blocks whose members agree in all attributes: each is compared with its neighbours only."""


@dataclass(frozen=True)
class _Met:
    """Memberships sorted by block, without blocks that contain no pair to compare."""

    blocks: Blocks
    position: Ints
    """Position within the block."""
    size: Ints
    """Number of members of the block."""
    is_small: Flags
    """Whether all members of the block are compared with each other."""


def candidate_pairs(
    table: Table, blocks: Blocks | None = None, place_of: Callable[[Ints], Ints] | None = None
) -> Pairs:
    """Return the pairs of rows that are worth comparing.

    Args:
        table: the profiles.
        blocks: the blocks to search; by default all blocks of the table.
        place_of: returns the rank of rows in an order that never changes, if that of the rows does.
    """
    blocks = block_keys(table) if blocks is None else blocks
    if not len(blocks.keys):
        return Pairs(blocks.rows, blocks.rows)
    found, crowded = [np.empty(0, dtype=np.int64)], 0
    # Sort each block by time and place, so that neighbours are the likeliest pairs.
    rows = distinct(blocks.rows)
    places = rows if place_of is None else place_of(rows)
    by_rank = rows[np.lexsort((places, table.spots[rows, 0, 2], table.times[rows, 1], table.times[rows, 2]))]
    rank = np.empty(len(table), dtype=np.int64)
    rank[by_rank] = np.arange(len(by_rank))
    blocks = blocks.part(np.argsort(rank[blocks.rows], kind="stable"))
    for depth in range(_DEEPEST + 1):
        met = _met(blocks.part(_with_active(blocks)))
        found.append(_within(table, met, met.is_small, MOST_IN_BLOCK))
        stuck = ~met.is_small & ((depth == _DEEPEST) | ((depth > 0) & (met.size > _SHRUNK * met.blocks.kinds)))
        found.append(_within(table, met, stuck, _NEIGHBOURS))
        crowded += int((stuck & (met.position == 0)).sum())
        large = ~met.is_small & ~stuck
        if not large.any():
            break
        blocks = _split(table, met.blocks.part(large), met.size[large])
    codes = distinct(np.concatenate(found))
    return Pairs(codes // max(1, len(table)), codes % max(1, len(table)), crowded)


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the sorted distinct values. ``np.unique`` hashes them, which takes five times as long for large arrays."""
    values = np.sort(values)
    new = np.ones(len(values), dtype=np.bool_)
    new[1:] = values[1:] != values[:-1]
    return values[new]


def _with_active(blocks: Blocks) -> Flags:
    """Return which memberships are in blocks with an active member: most are not, and sorting them all is slow."""
    if blocks.active.all():
        return blocks.active
    keys = distinct(blocks.keys[blocks.active])
    at = np.minimum(np.searchsorted(keys, blocks.keys), max(0, len(keys) - 1))
    answer: Flags = blocks.active | ((keys[at] == blocks.keys) if len(keys) else False)
    return answer


def _met(blocks: Blocks) -> _Met:
    blocks = blocks.part(np.argsort(blocks.keys, kind="stable"))
    new = np.ones(len(blocks.keys), dtype=np.bool_)
    new[1:] = (blocks.keys[1:] != blocks.keys[:-1]) | (blocks.rows[1:] != blocks.rows[:-1])
    blocks = blocks.part(new)
    keys = blocks.keys
    heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, dtype=np.int64)
    lengths = np.diff(np.append(heads, len(keys)))
    active = np.add.reduceat(blocks.active, heads, dtype=np.int64) if len(keys) else heads
    meeting = np.repeat((lengths > 1) & (active > 0), lengths)
    position = np.arange(len(keys)) - np.repeat(heads, lengths)
    size = np.repeat(lengths, lengths)[meeting]
    return _Met(blocks.part(meeting), position[meeting], size, size <= MOST_IN_BLOCK)


def _within(table: Table, met: _Met, chosen: Flags, furthest: int) -> Ints:
    """Return codes ``i * n + j`` of the pairs inside each chosen block, at most ``furthest`` positions apart."""
    parts = [np.empty(0, dtype=np.int64)]
    at = np.flatnonzero(chosen)
    counts = np.minimum(met.size[at] - 1 - met.position[at], furthest)
    ends = np.cumsum(counts)
    for first in range(0, int(ends[-1]) if len(ends) else 0, _AT_ONCE):
        some = slice(*np.searchsorted(ends, [first, first + _AT_ONCE], side="right").tolist())
        parts.append(_following(table, met.blocks, at[some], counts[some]))
    return np.concatenate(parts)


def _following(table: Table, blocks: Blocks, at: Ints, counts: Ints) -> Ints:
    """Return codes of the pairs of each membership in ``at`` with the ``counts`` memberships that follow it."""
    rows, active = blocks.rows, blocks.active
    here = np.repeat(at, counts)
    there = here + 1 + np.arange(len(here)) - np.repeat(np.cumsum(counts) - counts, counts)
    one, other = rows[here], rows[there]
    together = (active[here] | active[there]) & (one != other)
    # A source does not list an event twice, unless both entries state the same, or one of them is gone.
    same_source = table.source[one] == table.source[other]
    gone = (table.absent_since[one] > 0) | (table.absent_since[other] > 0)
    together &= ~same_source | (table.statement[one] == table.statement[other]) | gone
    one, other = one[together], other[together]
    codes: Ints = np.minimum(one, other) * len(table) + np.maximum(one, other)
    return codes


def _split(table: Table, blocks: Blocks, sizes: Ints) -> Blocks:
    rows = blocks.rows
    cities = table.spots[rows, 0, 2]
    traits = [
        table.words[rows],
        table.names[rows, :1],
        table.names[rows, 1:2],
        np.where(np.isnan(cities), 0.0, cities).astype(np.int64)[:, None],
        table.times[rows, 1:2],
        table.page[rows, None],
    ]
    keys, members = [], []
    for kind, trait in enumerate(traits):
        has, place = np.nonzero(trait)
        # The sum makes keys independent of the order of splits: by word, then city equals by city, then word.
        with np.errstate(over="ignore"):
            keys.append(blocks.keys[has] + mix(kind, trait[has, place]))
        members.append(has)
    at = np.concatenate(members)
    return Blocks(np.concatenate(keys), rows[at], sizes[at], blocks.active[at])
