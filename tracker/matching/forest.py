"""Which things hang together, joined pair by pair."""

from __future__ import annotations

from collections import defaultdict


class Forest:
    """Union-find. The smaller row is the root, so that nothing depends on the order of joining."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def knows(self, row: int) -> bool:
        """Say whether it was ever asked for a row."""
        return row in self._parent

    def find(self, row: int) -> int:
        """Return the root of a row's group."""
        parent = self._parent
        root = row
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[row] != root:
            parent[row], row = root, parent[row]
        return root

    def join(self, one: int, other: int) -> tuple[int, int]:
        """Make two groups one, and return the root that it keeps and the one that is none any more."""
        kept, gone = sorted((self.find(one), self.find(other)))
        self._parent[gone] = kept
        return kept, gone

    def groups(self) -> dict[int, list[int]]:
        """Return the rows of each group by its root."""
        groups: dict[int, list[int]] = defaultdict(list)
        for row in sorted(self._parent):
            groups[self.find(row)].append(row)
        return groups
