"""Graph of the pairs that are, or nearly are, one event by their points, and the rows connected through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from tracker.matching.clustering import RowPair

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
