"""Builds clusters from edges, surest first, without joining what a veto separates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

import numpy as np

from tracker.matching.columns import Flags, Ints


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


RowPair: TypeAlias = tuple[int, int]
_TIE = 2.0
"""Maximum difference in points at which two candidates count as equally likely."""
_MOST_IN_COMPONENT = 100
"""Maximum number of rows that are connected by weak edges."""
_STRONGER = 10.0
"""Points by which the edges of larger components have to be stronger, until they fall apart."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Two rows with enough points to be one event, unless a veto or ruling separates them."""

    i: int
    j: int
    points: float


@dataclass(slots=True)
class Clusters:
    """The result of clustering."""

    members: list[list[int]]
    """The rows of each event, sorted; single rows are left out."""
    joined_by: dict[int, Edge] = field(default_factory=dict)
    """The edge through which each row joined its cluster."""
    undecided: list[Edge] = field(default_factory=list)
    """Edges that were dropped because a rival edge is equally likely; a person may decide."""


@dataclass(frozen=True, slots=True)
class Conflicts:
    """What speaks against pairs of rows being in one cluster."""

    never: Flags
    """They never are."""
    unlikely: Flags
    """They are only if as many edges connect the clusters."""
    rivals: Flags
    """What could equally well be either of them is neither."""

    def part(self, chosen: slice) -> Conflicts:
        """Return some of the pairs."""
        return Conflicts(self.never[chosen], self.unlikely[chosen], self.rivals[chosen])


def cluster(
    edges: Sequence[Edge],
    conflicts: Callable[[Ints, Ints], Conflicts],
    *,
    same: Collection[RowPair] = (),
    different: Collection[RowPair] = (),
) -> Clusters:
    """Return the clusters; they do not depend on the order of ``edges``.

    The surest pairs are joined first. Two clusters stay apart if any pair of their members excludes the other, or if
    more pairs are unlikely than the edges between the clusters outweigh.

    Args:
        edges: pairs that have enough points; ``i < j``, with rows numbered in an order that never changes.
        conflicts: compares pairs of rows.
        same: pairs that are one event in spite of any conflict; they do not contradict ``different``.
        different: pairs that are never one event.
    """
    done = Clusters([])
    forbidden: dict[int, set[int]] = defaultdict(set)
    for one, other in different:
        forbidden[one].add(other)
        forbidden[other].add(one)
    allowed = [edge for edge in edges if edge.j not in forbidden.get(edge.i, ())]
    components = list(_components(allowed, list(same)))
    pairs = _pairs_within([component.rows for component in components if len(component.rows) > 2])
    found = conflicts(pairs[0], pairs[1])
    start = 0
    for component in components:
        count = len(component.rows)
        if count == 2 and not component.ties:
            done.members.append(component.rows)
            done.joined_by |= dict.fromkeys(component.rows, component.edges[0])
            continue
        size = count * (count - 1) // 2 if count > 2 else 0
        part = slice(start, start + size)
        start += size
        _ComponentClustering(component, found.part(part), forbidden, done).run()
    return done


@dataclass(frozen=True, slots=True)
class _Component:
    """Rows that are connected by edges or rulings."""

    rows: list[int]
    edges: list[Edge]
    """The surest first."""
    ties: list[RowPair]


def _components(edges: Sequence[Edge], ties: Sequence[RowPair], least: float = 0.0) -> Iterator[_Component]:
    """Yield the components; weak edges do not connect more than ``_MOST_IN_COMPONENT`` rows."""
    forest = Forest()
    for one, other in chain(ties, ((edge.i, edge.j) for edge in edges)):
        forest.join(one, other)
    edges_of: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        edges_of[forest.find(edge.i)].append(edge)
    ties_of: dict[int, list[RowPair]] = defaultdict(list)
    for pair in ties:
        ties_of[forest.find(pair[0])].append(pair)
    for root, rows in sorted(forest.groups().items()):
        inside = edges_of[root]
        weakest = max(least, min((edge.points for edge in inside), default=0.0)) + _STRONGER
        strong = [edge for edge in inside if edge.points >= weakest]
        if len(rows) > _MOST_IN_COMPONENT and strong:
            yield from _components(strong, ties_of[root], weakest)
        elif len(rows) <= _MOST_IN_COMPONENT or ties_of[root]:
            inside.sort(key=lambda edge: (-edge.points, edge.i, edge.j))
            yield _Component(rows, inside if len(rows) <= _MOST_IN_COMPONENT else [], ties_of[root])


def _pairs_within(groups: Iterable[list[int]]) -> Ints:
    """Return all pairs of rows of one group, group by group."""
    parts = [np.empty((2, 0), dtype=np.int64)]
    for rows in groups:
        listed = np.array(rows)
        parts.append(listed[_all_pairs(len(rows))])
    return np.concatenate(parts, axis=1)


@lru_cache(maxsize=_MOST_IN_COMPONENT)
def _all_pairs(count: int) -> Ints:
    """Return all pairs of numbers below ``count``, the smaller one in the first row."""
    return np.stack(np.triu_indices(count, 1))


class _ComponentClustering:
    """Clusters one component. Clusters are numbered by the place of their first row."""

    def __init__(
        self,
        component: _Component,
        conflicts: Conflicts,
        forbidden: Mapping[int, Collection[int]],
        done: Clusters,
    ) -> None:
        rows = component.rows
        self._rows = rows
        self._place = {row: place for place, row in enumerate(rows)}
        self._component = component
        self._done = done
        self._never = self._matrix(conflicts.never)
        self._unlikely = self._matrix(conflicts.unlikely)
        self._rivals = self._matrix(conflicts.rivals)
        self._ruled = np.zeros_like(self._never)
        for row in rows:
            for other in forbidden.get(row, ()):
                if other in self._place:
                    self._ruled[self._place[row], self._place[other]] = 1
        self._edges = np.zeros_like(self._never)
        self._size = np.ones(len(rows), dtype=np.int64)
        self._forest = Forest()

    def _matrix(self, pairs: Flags) -> Ints:
        """Return a symmetric matrix of counts between clusters, which are single rows at first."""
        count = len(self._rows)
        matrix = np.zeros((count, count), dtype=np.int64)
        if len(pairs):
            one, other = _all_pairs(count)
            matrix[one, other] = matrix[other, one] = pairs
        return matrix

    def run(self) -> None:
        """Add the clusters of the component to the result."""
        for row in range(len(self._rows)):
            self._forest.find(row)
        edges = [(self._place[edge.i], self._place[edge.j], edge) for edge in self._component.edges]
        self._rivals |= self._ruled
        if self._rivals.any():
            edges = self._without_ties(edges)
        for one, other, _ in edges:
            self._edges[one, other] = self._edges[other, one] = 1
        for pair in self._component.ties:
            self._join(*(self._forest.find(self._place[row]) for row in pair))
        # A listing in a cluster joined by a ruling is known to be wrong, so vetoes count only if they are unanimous.
        self._never = (self._never == self._size[:, None] * self._size[None, :]).astype(np.int64) | self._ruled
        joined = True
        while joined:
            joined = False
            for one, other, edge in edges:
                kept, gone = self._forest.find(one), self._forest.find(other)
                if kept != gone and self._may_join(kept, gone):
                    self._join(kept, gone)
                    self._done.joined_by.setdefault(edge.j, edge)
                    self._done.joined_by.setdefault(edge.i, edge)
                    joined = True
        for group in self._forest.groups().values():
            if len(group) > 1:
                self._done.members.append([self._rows[place] for place in sorted(group)])

    def _may_join(self, one: int, other: int) -> bool:
        return not self._never[one, other] and bool(self._unlikely[one, other] <= self._edges[one, other])

    def _join(self, one: int, other: int) -> None:
        if one == other:
            return
        kept, gone = self._forest.join(one, other)
        for counts in (self._never, self._unlikely, self._edges, self._ruled):
            counts[kept] += counts[gone]
            counts[:, kept] += counts[:, gone]
        self._size[kept] += self._size[gone]

    def _without_ties(self, edges: list[tuple[int, int, Edge]]) -> list[tuple[int, int, Edge]]:
        """Drop edges to one of two equally likely rivals that exclude each other: what fits both joins neither."""
        links: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for one, other, edge in edges:
            links[one].append((edge.points, other))
            links[other].append((edge.points, one))
        kept = []
        for one, other, edge in edges:
            is_tied = any(
                points >= edge.points - _TIE and rival != there and self._rivals[there, rival]
                for here, there in ((one, other), (other, one))
                for points, rival in links[here]
            )
            if is_tied:
                self._done.undecided.append(edge)
            else:
                kept.append((one, other, edge))
        return kept
