"""Maintains an index of the blocks of all listings while listings are added and removed, and finds candidate pairs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tracker.matching.blocking import Blocks, Keys
from tracker.matching.pairs import MOST_IN_BLOCK, candidate_pairs, distinct
from tracker.matching.table import Ints, Table


class CandidateIndex:
    """Looks up the rows of a block. The initial rows are kept in sorted arrays, the few added later in a dictionary."""

    def __init__(self, table: Table, blocks: Blocks) -> None:
        self._table = table
        order = np.argsort(blocks.keys, kind="stable")
        self._first = Blocks(blocks.keys[order], blocks.rows[order], blocks.kinds[order], blocks.active[order])
        self._later: dict[int, list[tuple[int, int, bool]]] = {}
        self._gone = np.zeros(len(table), dtype=np.bool_)

    def add(self, blocks: Blocks) -> None:
        """Add the blocks of rows that were added to the table."""
        self._gone = np.append(self._gone, np.zeros(len(self._table) - len(self._gone), dtype=np.bool_))
        for key, row, kind, active in zip(
            blocks.keys.tolist(), blocks.rows.tolist(), blocks.kinds.tolist(), blocks.active.tolist(), strict=True
        ):
            self._later.setdefault(key, []).append((row, kind, active))

    def remove(self, rows: Ints) -> None:
        """Remove rows from all blocks."""
        self._gone[rows] = True

    def pairs_in(self, keys: Keys, place_of: Callable[[Ints], Ints]) -> Ints:
        """Return the candidate pairs in the blocks ``keys`` as sorted codes ``i * n + j`` for a table of ``n`` rows.

        Args:
            keys: block keys.
            place_of: returns the rank of rows in an order that never changes.
        """
        pairs = candidate_pairs(self._table, self._members(keys), place_of)
        return pairs.i * len(self._table) + pairs.j

    def crowded(self, keys: Keys, more: int) -> Keys:
        """Return those of ``keys`` whose blocks are split, or would be split with ``more`` additional members."""
        kinds, counts = np.unique(self._members(keys).keys, return_counts=True)
        answer: Keys = kinds[counts + more > MOST_IN_BLOCK]
        return answer

    def rows_in(self, keys: Keys) -> Ints:
        """Return the rows in any of the blocks ``keys``."""
        rows: Ints = distinct(self._members(keys).rows)
        return rows

    def _members(self, keys: Keys) -> Blocks:
        start, stop = (np.searchsorted(self._first.keys, keys, side=side) for side in ("left", "right"))
        lengths = stop - start
        at = np.repeat(start - np.append(0, np.cumsum(lengths)[:-1]), lengths) + np.arange(int(lengths.sum()))
        first = self._first.part(at)
        later = [(key, *each) for key in keys.tolist() for each in self._later.get(key, ())]
        if later:
            added, rows, kinds, active = zip(*later, strict=True)
            first = Blocks(
                np.concatenate([first.keys, np.array(added, dtype=np.uint64)]),
                np.concatenate([first.rows, np.array(rows, dtype=np.int64)]),
                np.concatenate([first.kinds, np.array(kinds, dtype=np.int64)]),
                np.concatenate([first.active, np.array(active, dtype=np.bool_)]),
            )
        return first.part(~self._gone[first.rows])
