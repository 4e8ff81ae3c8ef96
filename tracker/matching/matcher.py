"""Matches listings: compares the pairs that meet in a block, and clusters those with enough points into events."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np

from tracker.matching.blocking import candidate_pairs
from tracker.matching.clustering import Clusters, Conflicts, Edge, RowPair, cluster
from tracker.matching.columns import Flags, Floats, Ints
from tracker.matching.grouping import FIRST, Group, Grouping, reason
from tracker.matching.identity import link_series
from tracker.matching.pairs import Pairs
from tracker.matching.popularity import measure_popularity
from tracker.matching.profiles import read_profile
from tracker.matching.rulings import DecidedPairs, Pair
from tracker.matching.scoring import APART, PERHAPS, RIVALS, score_likely, score_pairs
from tracker.matching.table import Table
from tracker.matching.vetoes import find_parts, is_doubtful_veto, vetoed
from tracker.models.listing import Listing, ListingKey

_AT_ONCE = 100_000
"""Maximum number of pairs that are compared at once, which bounds the memory."""
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def without_collecting(build: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Disable garbage collection during ``build``: with 100,000 listings in memory it takes a third of the time."""

    @wraps(build)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return build(*args, **kwargs)
        finally:
            if was_on:
                gc.enable()

    return run


@without_collecting
def group_listings(listings: Iterable[Listing], ruled: DecidedPairs | None = None) -> Grouping:
    """Return the groups in the order of their first keys, independent of the order of ``listings``.

    Of several listings with one key the last counts. Rulings take precedence over points and vetoes.
    """
    return group_profiles(Table(map(read_profile, {each.key: each for each in listings}.values())), ruled)


@without_collecting
def group_profiles(table: Table, ruled: DecidedPairs | None = None) -> Grouping:
    """Return the groups of the listings in ``table``, likewise."""
    return _Matcher(table, ruled or DecidedPairs()).grouping()


class _Matcher:
    """Groups listings into events."""

    def __init__(self, table: Table, ruled: DecidedPairs) -> None:
        self._table = table
        self._popularity = measure_popularity(table)
        self._row_of = {key: row for row, key in enumerate(table.keys)}
        self._ruled = ruled
        self._parts: dict[int, tuple[float, int]] = {}
        """For each row that names what it is a part of, the row of that, with the points of the pair."""

    def grouping(self) -> Grouping:
        """Return all groups, their series, and the pairs that a person should review."""
        near = [self._near(*ends) for ends in self._candidates()]
        i, j, points, enough = map(np.concatenate, zip(*near, strict=True))
        edges = [Edge(*each) for each in zip(*(each[enough].tolist() for each in (i, j, points)), strict=True)]
        same, different = self._rows_of(self._ruled.same), self._rows_of(self._ruled.different)
        done = cluster(edges, self._conflicts, same=same, different=different)
        members = self._with_single(done)
        groups = self._groups(members, self._reasons(done.joined_by, same))
        doubtful = [Edge(*each) for each in zip(*(each[~enough].tolist() for each in (i, j, points)), strict=True)]
        uncertain = self._uncertain([*doubtful, *done.undecided], members, different)
        return Grouping(
            groups,
            sorted(uncertain, key=lambda each: (-each[2], each[:2])),
            link_series(self._table, members),
            self._larger_events(members),
        )

    def _candidates(self) -> Iterator[tuple[Ints, Ints]]:
        pairs = candidate_pairs(self._table)
        for start in range(0, max(1, len(pairs.i)), _AT_ONCE):
            yield pairs.i[start : start + _AT_ONCE], pairs.j[start : start + _AT_ONCE]

    def _near(self, i: Ints, j: Ints) -> tuple[Ints, Ints, Floats, Flags]:
        """Return the pairs that are near: rows ``i < j``, their points, and whether these are enough for one event."""
        if not len(i):
            return i, j, np.empty(0), np.empty(0, dtype=np.bool_)
        pairs = self._pairs(i, j)
        self._note_parts(pairs.part((pairs.one.whole[:, 0] > 0) | (pairs.other.whole[:, 0] > 0)))
        pairs, scores = score_likely(pairs.part(~vetoed(pairs)), PERHAPS)
        near = np.flatnonzero(scores.total >= PERHAPS)
        points = scores.total[near]
        return pairs.one.rows[near], pairs.other.rows[near], points, points >= scores.asked[near]

    def _note_parts(self, pairs: Pairs) -> None:
        if not len(pairs):
            return
        for is_part, part, whole in zip(
            find_parts(pairs), (pairs.one, pairs.other), (pairs.other, pairs.one), strict=True
        ):
            points = score_pairs(pairs.part(is_part)).total.tolist()
            for row, of, value in zip(part.rows[is_part].tolist(), whole.rows[is_part].tolist(), points, strict=True):
                self._parts[row] = max(self._parts.get(row, (-np.inf, 0)), (value, of))

    def _larger_events(self, members: Sequence[Sequence[int]]) -> dict[int, int]:
        """Return for each group with a part of another the number of that other group."""
        group_of = {row: number for number, rows in enumerate(members) for row in rows}
        best: dict[int, tuple[float, int]] = {}
        for row, (points, whole) in self._parts.items():
            number, of = group_of[row], group_of[whole]
            if number != of:
                best[number] = max(best.get(number, (-np.inf, 0)), (points, of))
        return {number: of for number, (_, of) in sorted(best.items()) if best.get(of, (0, -1))[1] != number}

    def _pairs(self, i: Ints, j: Ints) -> Pairs:
        return Pairs(self._table, self._popularity, i, j)

    def _conflicts(self, i: Ints, j: Ints) -> Conflicts:
        """Compare pairs that may get into one cluster through others."""
        if not len(i):
            none = np.empty(0, dtype=np.bool_)
            return Conflicts(none, none, none)
        pairs = self._pairs(i, j)
        never = vetoed(pairs)
        doubtful = np.zeros(len(pairs), dtype=np.bool_)
        doubtful[never] = is_doubtful_veto(pairs.part(never))
        points = np.full(len(pairs), -np.inf)
        points[~never] = score_pairs(pairs.part(~never)).total
        unlikely = doubtful | (~never & (points < APART))
        never &= ~doubtful
        return Conflicts(never, unlikely, never | (~doubtful & (points < RIVALS)))

    def _rows_of(self, pairs: Mapping[Pair, int]) -> dict[RowPair, int]:
        return {
            (self._row_of[one], self._row_of[other]): ruling
            for (one, other), ruling in pairs.items()
            if one in self._row_of and other in self._row_of
        }

    def _with_single(self, done: Clusters) -> list[list[int]]:
        """Return the rows of each group in the order of their first rows, with groups of a single row."""
        joined = {row for members in done.members for row in members}
        single = [[row] for row in range(len(self._table)) if row not in joined]
        return sorted([*done.members, *single], key=lambda members: members[0])

    def _groups(self, members: Sequence[Sequence[int]], reasons: Mapping[int, str]) -> list[Group]:
        keys = self._table.keys
        return [
            Group(tuple(keys[row] for row in rows), (FIRST, *(reasons[row] for row in rows[1:]))) for rows in members
        ]

    def _reasons(self, joined_by: Mapping[int, Edge], same: Mapping[RowPair, int]) -> dict[int, str]:
        """Return for each row that is not alone the reason why it belongs to its group."""
        i, j = np.array([(edge.i, edge.j) for edge in joined_by.values()], dtype=np.int64).reshape(-1, 2).T
        terms = {name: values.tolist() for name, values in score_pairs(self._pairs(i, j)).terms.items()}
        keys = self._table.keys
        reasons = {}
        for place, (row, edge) in enumerate(joined_by.items()):
            other = keys[edge.i if edge.j == row else edge.j]
            reasons[row] = reason(other, edge.points, {name: each[place] for name, each in terms.items()})
        for (one, other_row), ruling in same.items():
            reasons[one] = f"ruling {ruling}: one event with {keys[other_row]}"
            reasons[other_row] = f"ruling {ruling}: one event with {keys[one]}"
        return reasons

    def _uncertain(
        self, edges: Iterable[Edge], members: Sequence[Sequence[int]], different: Iterable[RowPair]
    ) -> Iterator[tuple[ListingKey, ListingKey, float]]:
        group_of = {row: number for number, rows in enumerate(members) for row in rows}
        decided = {frozenset((group_of[one], group_of[other])) for one, other in different}
        for edge in edges:
            groups = frozenset((group_of[edge.i], group_of[edge.j]))
            if len(groups) == 2 and groups not in decided:
                yield self._table.keys[edge.i], self._table.keys[edge.j], edge.points
