"""Groups rows that are joined pair by pair (union-find)."""

from __future__ import annotations

from collections import defaultdict


class Forest:
    """Union-find. The smallest row of a group is its root, so that the result does not depend on the order of joins."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def knows(self, row: int) -> bool:
        """Return whether a row was ever passed to ``find`` or ``join``."""
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
        """Merge two groups; return the root that is kept and the one that was merged into it."""
        kept, gone = sorted((self.find(one), self.find(other)))
        self._parent[gone] = kept
        return kept, gone

    def groups(self) -> dict[int, list[int]]:
        """Return the rows of each group by its root."""
        groups: dict[int, list[int]] = defaultdict(list)
        for row in sorted(self._parent):
            groups[self.find(row)].append(row)
        return groups
