"""Candidate pairs: the pairs of listings that meet in a block, without comparing everything in large ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.matching.blocks import Blocks, block_keys, mix
from tracker.matching.columns import Codes, Flags, Ints
from tracker.matching.table import Rows, Table

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
class CandidatePairs:
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


def candidate_pairs(table: Table) -> CandidatePairs:
    """Return the pairs of rows that are worth comparing."""
    blocks = block_keys(table)
    if not len(blocks.keys):
        return CandidatePairs(blocks.rows, blocks.rows)
    found, crowded = [np.empty(0, dtype=np.int64)], 0
    # Sort each block by time and place, so that neighbours are the likeliest pairs.
    rank = np.empty(len(table), dtype=np.int64)
    rank[np.lexsort((table.city[:, 0], table.start_minute, table.first_day))] = np.arange(len(table))
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
    return CandidatePairs(codes // max(1, len(table)), codes % max(1, len(table)), crowded)


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
    # A source rarely lists an event twice: both have the same title or page, one may be a part or gone.
    twice = np.flatnonzero(table.source[one] == table.source[other])
    some, others = Rows(table, one[twice]), Rows(table, other[twice])
    same = (some.squeezed == others.squeezed) | ((some.page == others.page) & (some.page > 0))
    for each in (some, others):
        same |= (each.whole[:, 0] > 0) | (each.absent_since > 0)
    together[twice[~same]] = False
    one, other = one[together], other[together]
    codes: Ints = np.minimum(one, other) * len(table) + np.maximum(one, other)
    return codes


def _split(table: Table, blocks: Blocks, sizes: Ints) -> Blocks:
    rows = blocks.rows
    traits: list[Codes] = [
        table.titles.words[table.title[rows]],
        table.organizers[rows, :1],
        table.organizers[rows, 1:2],
        table.city[rows, :1],
        table.start_minute[rows, None],
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
