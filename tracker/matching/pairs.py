"""Blocks → the pairs that meet in them. Oversize blocks are split by what else their members say; none is skipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.matching.blocking import Blocks, block_keys, mix
from tracker.matching.table import Flags, Ints, Table

MOST_IN_BLOCK = 50
"""Larger blocks are split by what else their members say."""
_DEEPEST = 3
_NEIGHBOURS = 20
_SHRUNK = 0.7
"""A split that leaves a larger share of the members together is none."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows ``i < j``, each once, and how many blocks could not be split enough."""

    i: Ints
    j: Ints
    crowded: int = 0
    """Blocks whose members say the same in everything: each is compared with its neighbours only."""


@dataclass(frozen=True)
class _Met:
    """Memberships by block, those of blocks in which nobody meets left out."""

    blocks: Blocks
    position: Ints
    """Place in its block."""
    size: Ints
    """How many the block has."""
    is_small: Flags
    """Whether all in it are compared with all."""


def candidate_pairs(table: Table, blocks: Blocks | None = None, order: Ints | None = None) -> Pairs:
    """Return the pairs of rows that are worth comparing.

    Args:
        table: the profiles.
        blocks: the blocks that they are in; all of them by default.
        order: a place for each row in an order that never changes, where that of rows does.
    """
    blocks = block_keys(table) if blocks is None else blocks
    found, crowded = [np.empty(0, dtype=np.int64)], 0
    # Within a block by time and place, so that neighbours are the likeliest.
    place = np.arange(len(table)) if order is None else order
    rows = distinct(blocks.rows)
    by_rank = rows[np.lexsort((place[rows], table.spots[rows, 0, 2], table.times[rows, 1], table.times[rows, 2]))]
    rank = np.empty(len(table), dtype=np.int64)
    rank[by_rank] = np.arange(len(by_rank))
    blocks = _part(blocks, np.argsort(rank[blocks.rows], kind="stable"))
    for depth in range(_DEEPEST + 1):
        met = _met(_part(blocks, _with_active(blocks)))
        found.append(_within(table, met, met.is_small, np.iinfo(np.int64).max))
        stuck = ~met.is_small & ((depth == _DEEPEST) | ((depth > 0) & (met.size > _SHRUNK * met.blocks.kinds)))
        found.append(_within(table, met, stuck, _NEIGHBOURS))
        crowded += int((stuck & (met.position == 0)).sum())
        large = ~met.is_small & ~stuck
        if not large.any():
            break
        blocks = _split(table, _part(met.blocks, large), met.size[large])
    codes = distinct(np.concatenate(found))
    return Pairs(codes // max(1, len(table)), codes % max(1, len(table)), crowded)


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the sorted distinct values. ``np.unique`` hashes them, which takes five times as long for so many."""
    values = np.sort(values)
    new = np.ones(len(values), dtype=np.bool_)
    new[1:] = values[1:] != values[:-1]
    return values[new]


def _part(blocks: Blocks, chosen: Ints | Flags) -> Blocks:
    return Blocks(blocks.keys[chosen], blocks.rows[chosen], blocks.kinds[chosen], blocks.active[chosen])


def _with_active(blocks: Blocks) -> Flags:
    """Say which memberships are of blocks with an active member: most are not, and sorting is what takes long."""
    if blocks.active.all():
        return blocks.active
    keys = distinct(blocks.keys[blocks.active])
    at = np.minimum(np.searchsorted(keys, blocks.keys), max(0, len(keys) - 1))
    answer: Flags = blocks.active | ((keys[at] == blocks.keys) if len(keys) else False)
    return answer


def _met(blocks: Blocks) -> _Met:
    blocks = _part(blocks, np.argsort(blocks.keys, kind="stable"))
    new = np.ones(len(blocks.keys), dtype=np.bool_)
    new[1:] = (blocks.keys[1:] != blocks.keys[:-1]) | (blocks.rows[1:] != blocks.rows[:-1])
    blocks = _part(blocks, new)
    keys = blocks.keys
    heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, dtype=np.int64)
    lengths = np.diff(np.append(heads, len(keys)))
    active = np.add.reduceat(blocks.active, heads, dtype=np.int64) if len(keys) else heads
    meeting = np.repeat((lengths > 1) & (active > 0), lengths)
    position = np.arange(len(keys)) - np.repeat(heads, lengths)
    size = np.repeat(lengths, lengths)[meeting]
    return _Met(_part(blocks, meeting), position[meeting], size, size <= MOST_IN_BLOCK)


def _within(table: Table, met: _Met, chosen: Flags, furthest: int) -> Ints:
    """Return codes ``i * n + j`` of the pairs inside each chosen block, at most ``furthest`` apart."""
    rows, active = met.blocks.rows, met.blocks.active
    parts = []
    at = np.flatnonzero(chosen)
    for step in range(1, min(furthest, int(met.size[at].max(initial=0)))):
        at = at[met.position[at] + step < met.size[at]]
        one, other = rows[at], rows[at + step]
        together = (active[at] | active[at + step]) & (one != other)
        # One source lists nothing twice, unless it says the very same.
        together &= (table.source[one] != table.source[other]) | (table.statement[one] == table.statement[other])
        one, other = one[together], other[together]
        parts.append(np.minimum(one, other) * len(table) + np.maximum(one, other))
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _split(table: Table, blocks: Blocks, sizes: Ints) -> Blocks:
    rows = blocks.rows
    traits = [table.words[rows, column] for column in range(table.words.shape[1])]
    traits += [table.names[rows, column] for column in range(2)]
    cities = table.spots[rows, 0, 2]
    traits += [np.where(np.isnan(cities), 0.0, cities).astype(np.int64), table.times[rows, 1], table.page[rows]]
    parts = []
    for number, trait in enumerate(traits):
        kind = 1 if number < table.words.shape[1] else number
        has = np.flatnonzero(trait)
        # The sum keeps the order of splitting out of the key: by word, then city, is by city, then word.
        with np.errstate(over="ignore"):
            keys = blocks.keys[has] + mix(kind, trait[has])
        parts.append(Blocks(keys, rows[has], sizes[has], blocks.active[has]))
    return Blocks(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.kinds for part in parts]),
        np.concatenate([part.active for part in parts]),
    )
