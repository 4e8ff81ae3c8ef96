"""Builds clusters from edges, surest first, without joining what a veto separates; and the groups they become."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

import numpy as np

from tracker.matching.table import Flags, Ints
from tracker.models.listing import ListingKey


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


@dataclass(frozen=True, slots=True)
class Group:
    """Listings of one event, each with the reason why it belongs to it."""

    members: tuple[tuple[ListingKey, str], ...]

    @property
    def keys(self) -> tuple[ListingKey, ...]:
        """Keys of the listings, without the reasons."""
        return tuple(key for key, _ in self.members)


@dataclass(slots=True)
class Grouping:
    """All groups, and the pairs that a person should review."""

    groups: list[Group]
    uncertain: list[tuple[ListingKey, ListingKey, float]] = field(default_factory=list)
    """Pairs with nearly enough points or an equally likely rival, with their points, highest first."""


FIRST = "first listing"
"""The reason given for the first listing of a group."""


def reason(other: ListingKey, points: float, terms: Mapping[str, float]) -> str:
    """Return the reason why a listing is in the group of ``other``, as text."""
    said = ", ".join(f"{name} {value:+.0f}" for name, value in terms.items() if round(value))
    return f"with {other}: {points:.0f} points ({said})"


RowPair: TypeAlias = tuple[int, int]
_TIE = 2.0
"""Maximum difference in points at which two candidates count as equally likely."""


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


def cluster(
    edges: Sequence[Edge],
    vetoed: Callable[[Ints, Ints], Flags],
    *,
    same: Collection[RowPair] = (),
    different: Collection[RowPair] = (),
) -> Clusters:
    """Return the clusters; they do not depend on the order of ``edges``.

    Args:
        edges: pairs that have enough points; ``i < j``, with rows numbered in an order that never changes.
        vetoed: returns for pairs of rows whether a veto separates each.
        same: pairs that are one event in spite of any veto; they do not contradict ``different``.
        different: pairs that are never one event.
    """
    forest = Forest()
    for one, other in chain(same, ((edge.i, edge.j) for edge in edges)):
        forest.join(one, other)
    rows_of = forest.groups()
    edges_of: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        edges_of[forest.find(edge.i)].append(edge)
    ties_of: dict[int, list[RowPair]] = defaultdict(list)
    for pair in same:
        ties_of[forest.find(pair[0])].append(pair)
    apart = _conflicts(rows_of.values(), vetoed)
    forbidden = _both_ways(different)
    done = Clusters([])
    for root, rows in sorted(rows_of.items()):
        _cluster_component(rows, edges_of[root], ties_of[root], apart, forbidden, done)
    return done


def _cluster_component(
    rows: list[int],
    edges: list[Edge],
    ties: list[RowPair],
    apart: dict[int, set[int]],
    forbidden: dict[int, set[int]],
    done: Clusters,
) -> None:
    edges = [edge for edge in edges if edge.j not in forbidden.get(edge.i, ())]
    edges.sort(key=lambda edge: (-edge.points, edge.i, edge.j))
    if any(row in apart or row in forbidden for row in rows):
        edges = _without_ties(edges, {row: apart.get(row, set()) | forbidden.get(row, set()) for row in rows}, done)
    forest = Forest()
    for one, other in ties:
        forest.join(one, other)
    foes = _foes(rows, forest, apart, forbidden)
    for edge in edges:
        one, other = forest.find(edge.i), forest.find(edge.j)
        if one == other:
            continue
        if foes[one] & {other} or foes[other] & {one}:
            continue
        kept, gone = forest.join(one, other)
        done.joined_by.setdefault(edge.j, edge)
        done.joined_by.setdefault(edge.i, edge)
        # A group that was separated from either is now separated from both.
        foes[kept] |= foes.pop(gone)
        for foe in {forest.find(each) for each in foes[kept]}:
            foes[foe] = {kept if each == gone else each for each in foes[foe]} | {kept}
        foes[kept] = {forest.find(each) for each in foes[kept]}
    done.members += [sorted(group) for group in forest.groups().values() if len(group) > 1]


def _foes(
    rows: list[int], forest: Forest, apart: dict[int, set[int]], forbidden: dict[int, set[int]]
) -> dict[int, set[int]]:
    """Return for each initial group the groups that it never joins.

    Rulings may have joined rows to groups already. Between two groups, one ``different`` ruling is enough; vetoes count
    only if they stand against every pair, because a listing in a group joined by a ruling is known to be wrong.
    """
    parts: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        parts[forest.find(row)].append(row)
    foes: dict[int, set[int]] = {part: set() for part in parts}
    for part, members in parts.items():
        ruled = {forest.find(foe) for row in members for foe in forbidden.get(row, ()) if forest.knows(foe)}
        foes[part] |= ruled & parts.keys()
        held = [apart.get(row, set()) for row in members]
        for other in {forest.find(foe) for foe in held[0] if forest.knows(foe)} - {part}:
            if all(foe in each for each in held for foe in parts[other]):
                foes[part].add(other)
    return foes


def _both_ways(pairs: Collection[RowPair]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return dict(found)


def _without_ties(edges: list[Edge], apart: dict[int, set[int]], done: Clusters) -> list[Edge]:
    """Drop edges to one of two equally likely rivals that exclude each other: a row that fits both joins neither."""
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
