"""Blocks and near pairs of all listings, updated while listings come and go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeAlias

import numpy as np

from tracker.matching.blocking import MOST_IN_BLOCK, Blocks, Keys, candidate_pairs, distinct
from tracker.matching.clustering import RowPair
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


Near: TypeAlias = tuple[float, bool]
"""Points of a pair, and whether they are enough for one event."""
NOT_NEAR: Near = (0.0, False)


class NearPairs:
    """A graph whose edges are near pairs, each stored at both ends."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, Near]] = defaultdict(dict)

    def __getitem__(self, pair: RowPair) -> Near:
        return self._of.get(pair[0], {}).get(pair[1], NOT_NEAR)

    def update(self, changed: Mapping[RowPair, Near]) -> None:
        """Apply the new values of changed pairs; pairs that are no longer near are removed."""
        for (i, j), near in changed.items():
            if near == NOT_NEAR:
                self._of[i].pop(j, None)
                self._of[j].pop(i, None)
            else:
                self._of[i][j] = self._of[j][i] = near

    def forget(self, row: int) -> None:
        """Remove all pairs of a row."""
        for other in self._of.pop(row, {}):
            del self._of[other][row]

    def enough(self, row: int) -> Iterator[tuple[int, float]]:
        """Yield the rows that have enough points to be one event with ``row``, with the points."""
        return ((other, points) for other, (points, is_enough) in self._of.get(row, {}).items() if is_enough)

    def almost(self) -> Iterator[tuple[int, int, float]]:
        """Yield each near pair that does not have enough points, once."""
        for row, others in self._of.items():
            for other, (points, is_enough) in others.items():
                if row < other and not is_enough:
                    yield row, other, points

    def reachable(self, rows: Collection[int], ties: Mapping[int, Collection[int]]) -> set[int]:
        """Return the rows connected to ``rows`` by pairs with enough points or by ``ties``, including ``rows``."""
        found, to_do = set(rows), list(rows)
        while to_do:
            row = to_do.pop()
            for other in (*(other for other, _ in self.enough(row)), *ties.get(row, ())):
                if other not in found:
                    found.add(other)
                    to_do.append(other)
        return found
