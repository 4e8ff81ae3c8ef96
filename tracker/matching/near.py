"""The pairs that came near to being one event, and who hangs together through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from tracker.matching.clustering import RowPair

Near: TypeAlias = tuple[float, bool]
"""Points, and whether they are enough."""
NOT_NEAR: Near = (0.0, False)


class NearPairs:
    """A graph whose edges are pairs that came near; each is known from both ends."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, Near]] = defaultdict(dict)

    def __getitem__(self, pair: RowPair) -> Near:
        return self._of.get(pair[0], {}).get(pair[1], NOT_NEAR)

    def update(self, changed: Mapping[RowPair, Near]) -> None:
        """Take over what became of pairs; those that are not near any more are forgotten."""
        for (i, j), near in changed.items():
            if near == NOT_NEAR:
                self._of[i].pop(j, None)
                self._of[j].pop(i, None)
            else:
                self._of[i][j] = self._of[j][i] = near

    def forget(self, row: int) -> None:
        """Forget all pairs of a row."""
        for other in self._of.pop(row, {}):
            del self._of[other][row]

    def enough(self, row: int) -> Iterator[tuple[int, float]]:
        """Yield the rows that are one event with ``row`` if nothing speaks against it, with their points."""
        return ((other, points) for other, (points, is_enough) in self._of.get(row, {}).items() if is_enough)

    def almost(self) -> Iterator[tuple[int, int, float]]:
        """Yield each pair whose points are not enough, once."""
        for row, others in self._of.items():
            for other, (points, is_enough) in others.items():
                if row < other and not is_enough:
                    yield row, other, points

    def reachable(self, rows: Collection[int], ties: Mapping[int, Collection[int]]) -> set[int]:
        """Return the rows that hang together with ``rows``, through pairs with enough points or through ``ties``."""
        found, to_do = set(rows), list(rows)
        while to_do:
            row = to_do.pop()
            for other in (*(other for other, _ in self.enough(row)), *ties.get(row, ())):
                if other not in found:
                    found.add(other)
                    to_do.append(other)
        return found
