"""Connected components: how systems that only score pairs get their clusters."""

from __future__ import annotations

from collections.abc import Iterable


def components(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return the cluster of each of ``count`` records when all ``pairs`` are joined."""
    parent = list(range(count))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for left, right in pairs:
        parent[root(left)] = root(right)
    return [root(number) for number in range(count)]
