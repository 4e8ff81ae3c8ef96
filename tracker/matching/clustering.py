"""Edges → clusters: the surest first, and never two listings together that a veto keeps apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tracker.matching.table import Flags, Ints

_TIE = 2.0
"""Points: two candidates that are this close cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Two rows that are one event, if nothing speaks against it."""

    i: int
    j: int
    points: float


@dataclass(slots=True)
class Clusters:
    """What became of the edges."""

    members: list[list[int]]
    """Rows that are one event, each list sorted; rows alone are left out."""
    joined_by: dict[int, Edge] = field(default_factory=dict)
    """The edge by which a row joined the others."""
    undecided: list[Edge] = field(default_factory=list)
    """Edges that could as well be another: a person may know."""


def cluster(edges: Sequence[Edge], vetoed: Callable[[Ints, Ints], Flags]) -> Clusters:
    """Return the clusters, whatever the order of ``edges``.

    Args:
        edges: pairs that reached the points asked for; ``i < j``, numbered in an order that never changes.
        vetoed: says for pairs of rows whether a veto stands against each.
    """
    forest = _Forest()
    for edge in edges:
        forest.join(edge.i, edge.j)
    rows_of = forest.groups()
    edges_of: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        edges_of[forest.find(edge.i)].append(edge)
    apart = _conflicts(rows_of.values(), vetoed)
    done = Clusters([])
    for root, rows in sorted(rows_of.items()):
        _cluster_component(rows, edges_of[root], apart, done)
    return done


def _cluster_component(rows: list[int], edges: list[Edge], apart: dict[int, set[int]], done: Clusters) -> None:
    edges = sorted(edges, key=lambda edge: (-edge.points, edge.i, edge.j))
    if any(row in apart for row in rows):
        edges = _without_ties(edges, apart, done)
    forest = _Forest()
    foes = {row: set(apart.get(row, ())) for row in rows}
    for edge in edges:
        one, other = forest.find(edge.i), forest.find(edge.j)
        if one == other:
            continue
        if foes[one] & {other} or foes[other] & {one}:
            continue
        kept, gone = forest.join(one, other)
        done.joined_by.setdefault(edge.j, edge)
        done.joined_by.setdefault(edge.i, edge)
        # Whoever was apart from either is now apart from both.
        foes[kept] |= foes.pop(gone)
        for foe in {forest.find(each) for each in foes[kept]}:
            foes[foe] = {kept if each == gone else each for each in foes[foe]} | {kept}
        foes[kept] = {forest.find(each) for each in foes[kept]}
    done.members += [sorted(group) for group in forest.groups().values() if len(group) > 1]


def _without_ties(edges: list[Edge], apart: dict[int, set[int]], done: Clusters) -> list[Edge]:
    """Leave out edges to one of two rivals that are equally likely: what could be either is neither."""
    links: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for edge in edges:
        links[edge.i].append((edge.points, edge.j))
        links[edge.j].append((edge.points, edge.i))
    kept: list[Edge] = []
    for edge in edges:
        is_tied = any(
            points >= edge.points - _TIE and rival != there and rival in apart.get(there, ())
            for here, there in ((edge.i, edge.j), (edge.j, edge.i))
            for points, rival in links[here]
        )
        (done.undecided if is_tied else kept).append(edge)
    return kept


def _conflicts(groups: Iterable[list[int]], vetoed: Callable[[Ints, Ints], Flags]) -> dict[int, set[int]]:
    parts = []
    for rows in groups:
        if len(rows) > 2:
            one, other = np.triu_indices(len(rows), 1)
            listed = np.array(rows)
            parts.append(np.stack([listed[one], listed[other]]))
    apart: dict[int, set[int]] = defaultdict(set)
    if parts:
        pairs = np.concatenate(parts, axis=1)
        for one, other in pairs[:, vetoed(pairs[0], pairs[1])].T.tolist():
            apart[one].add(other)
            apart[other].add(one)
    return dict(apart)


class _Forest:
    """Union-find. The smaller row is the root, so that nothing depends on the order of joining."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def find(self, row: int) -> int:
        parent = self._parent
        root = row
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[row] != root:
            parent[row], row = root, parent[row]
        return root

    def join(self, one: int, other: int) -> tuple[int, int]:
        kept, gone = sorted((self.find(one), self.find(other)))
        self._parent[gone] = kept
        return kept, gone

    def groups(self) -> dict[int, list[int]]:
        groups: dict[int, list[int]] = defaultdict(list)
        for row in sorted(self._parent):
            groups[self.find(row)].append(row)
        return groups
