"""Blocks → the pairs that meet in them. Oversize blocks are split by what else their members say; none is skipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.matching.blocking import MOST_IN_BLOCK, Blocks, block_keys, mix
from tracker.matching.table import Ints, Table

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


def candidate_pairs(table: Table) -> Pairs:
    """Return the pairs of rows that are worth comparing."""
    blocks, found, crowded = block_keys(table), [np.empty(0, dtype=np.int64)], 0
    # Within a block by time and place, so that neighbours are the likeliest.
    rank = np.empty(len(table), dtype=np.int64)
    rank[np.lexsort((table.spots[:, 0, 2], table.times[:, 1], table.times[:, 2]))] = np.arange(len(table))
    for depth in range(_DEEPEST + 1):
        blocks, position, sizes = _met(blocks, rank)
        small = sizes <= MOST_IN_BLOCK
        found.append(_within(table, blocks, position, np.where(small, sizes, 0), MOST_IN_BLOCK))
        stuck = ~small & ((depth == _DEEPEST) | ((depth > 0) & (sizes > _SHRUNK * blocks.kinds)))
        found.append(_within(table, blocks, position, np.where(stuck, sizes, 0), _NEIGHBOURS))
        crowded += int((stuck & (position == 0)).sum())
        large = ~small & ~stuck
        if not large.any():
            break
        blocks = _split(table, Blocks(blocks.keys[large], blocks.rows[large], sizes[large], blocks.active[large]))
    codes = np.unique(np.concatenate(found))
    return Pairs(codes // max(1, len(table)), codes % max(1, len(table)), crowded)


def _met(blocks: Blocks, rank: Ints) -> tuple[Blocks, Ints, Ints]:
    """Return the memberships by block, with place in and size of each, those blocks left out in which nobody meets."""
    order = np.lexsort((rank[blocks.rows], blocks.keys))
    keys, rows, of, active = blocks.keys[order], blocks.rows[order], blocks.kinds[order], blocks.active[order]
    first = np.ones(len(keys), dtype=np.bool_)
    first[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    keys, rows, of, active = keys[first], rows[first], of[first], active[first]
    heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, dtype=np.int64)
    lengths = np.diff(np.append(heads, len(keys)))
    some_active = np.add.reduceat(active, heads, dtype=np.int64) > 0 if len(keys) else heads > 0
    meets = np.repeat((lengths > 1) & some_active, lengths)
    position = (np.arange(len(keys)) - np.repeat(heads, lengths))[meets]
    return Blocks(keys[meets], rows[meets], of[meets], active[meets]), position, np.repeat(lengths, lengths)[meets]


def _within(table: Table, blocks: Blocks, position: Ints, sizes: Ints, furthest: int) -> Ints:
    """Return codes ``i * n + j`` of the pairs inside each block, at most ``furthest`` apart."""
    rows, active = blocks.rows, blocks.active
    parts = []
    at = np.flatnonzero(sizes)
    for step in range(1, min(furthest, int(sizes.max(initial=0)))):
        at = at[position[at] + step < sizes[at]]
        one, other = rows[at], rows[at + step]
        meets = (active[at] | active[at + step]) & (one != other)
        # One source lists nothing twice, unless it says the very same.
        meets &= (table.source[one] != table.source[other]) | (table.statement[one] == table.statement[other])
        one, other = one[meets], other[meets]
        parts.append(np.minimum(one, other) * len(table) + np.maximum(one, other))
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _split(table: Table, blocks: Blocks) -> Blocks:
    rows = blocks.rows
    traits = [table.words[rows, column] for column in range(table.words.shape[1])]
    traits += [table.names[rows, column] for column in range(2)]
    traits += [table.spots[rows, 0, 2].astype(np.int64), table.times[rows, 1], table.page[rows]]
    keys, members, sizes, active = [], [], [], []
    for number, trait in enumerate(traits):
        kind = 1 if number < table.words.shape[1] else number
        has = np.flatnonzero(trait)
        # The sum keeps the order of splitting out of the key: by word, then city, is by city, then word.
        with np.errstate(over="ignore"):
            keys.append(blocks.keys[has] + mix(kind, trait[has]))
        members.append(rows[has])
        sizes.append(blocks.kinds[has])
        active.append(blocks.active[has])
    return Blocks(np.concatenate(keys), np.concatenate(members), np.concatenate(sizes), np.concatenate(active))
