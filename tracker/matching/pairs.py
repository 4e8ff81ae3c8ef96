"""Blocks → the pairs that meet in them. Oversize blocks are split by what else their members say; none is skipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.matching.blocking import MOST_IN_BLOCK, Blocks, block_keys, mix
from tracker.matching.table import Flags, Ints, Table

_DEEPEST = 3
_NEIGHBOURS = 20


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
    for depth in range(_DEEPEST + 1):
        order = np.lexsort((blocks.rows, blocks.keys))
        keys, rows, active = blocks.keys[order], blocks.rows[order], blocks.active[order]
        starts = np.ones(len(keys), dtype=np.bool_)
        starts[1:] = keys[1:] != keys[:-1]
        heads = np.flatnonzero(starts)
        lengths = np.diff(np.append(heads, len(keys)))
        # Where nobody is alone and nobody waits to be found only.
        some_active = np.add.reduceat(active, heads, dtype=np.int64) > 0 if len(keys) else starts
        meets = np.repeat((lengths > 1) & some_active, lengths)
        keys, rows, active, starts = keys[meets], rows[meets], active[meets], starts[meets]
        heads = np.flatnonzero(starts)
        lengths = np.diff(np.append(heads, len(keys)))
        sizes = np.repeat(lengths, lengths)
        position = np.arange(len(keys)) - np.repeat(heads, lengths)
        small = sizes <= MOST_IN_BLOCK
        found.append(_within(table, rows, active, position, np.where(small, sizes, 0), MOST_IN_BLOCK))
        if small.all():
            break
        large = ~small
        if depth == _DEEPEST:
            crowded = int((starts & large).sum())
            found.append(_within(table, rows, active, position, np.where(large, sizes, 0), _NEIGHBOURS))
            break
        blocks = _split(table, Blocks(keys[large], rows[large], rows[large], active[large]))
    codes = np.unique(np.concatenate(found))
    return Pairs(codes // max(1, len(table)), codes % max(1, len(table)), crowded)


def _within(table: Table, rows: Ints, active: Flags, position: Ints, sizes: Ints, furthest: int) -> Ints:
    """Return codes ``i * n + j`` of the pairs inside each block, at most ``furthest`` apart."""
    parts = []
    for step in range(1, min(furthest, int(sizes.max(initial=0)))):
        at = np.flatnonzero(position + step < sizes)
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
    keys, members, active = [], [], []
    for number, trait in enumerate(traits):
        kind = 1 if number < table.words.shape[1] else number
        has = np.flatnonzero(trait)
        # The sum keeps the order of splitting out of the key: by word, then city, is by city, then word.
        with np.errstate(over="ignore"):
            keys.append(blocks.keys[has] + mix(kind, trait[has]))
        members.append(rows[has])
        active.append(blocks.active[has])
    all_keys, all_rows, all_active = np.concatenate(keys), np.concatenate(members), np.concatenate(active)
    order = np.lexsort((all_rows, all_keys))
    all_keys, all_rows, all_active = all_keys[order], all_rows[order], all_active[order]
    first = np.ones(len(all_keys), dtype=np.bool_)
    first[1:] = (all_keys[1:] != all_keys[:-1]) | (all_rows[1:] != all_rows[:-1])
    return Blocks(all_keys[first], all_rows[first], all_rows[first], all_active[first])
