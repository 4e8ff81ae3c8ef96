"""Which listings are the same event: blocks, scores and vetoes of pairs, then clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tracker.matching.clustering import Edge, RowPair, cluster
from tracker.matching.pairs import candidate_pairs
from tracker.matching.popularity import Popularity, measure_popularity
from tracker.matching.profiles import read_profile
from tracker.matching.rulings import Pair, Together
from tracker.matching.scoring import APART, PERHAPS, Scores, may_reach, score_pairs
from tracker.matching.table import Flags, Ints, Table
from tracker.matching.vetoes import vetoed
from tracker.models.listing import Listing, ListingKey


@dataclass(frozen=True, slots=True)
class Group:
    """Listings of one event, each with the reason why it belongs to it."""

    members: tuple[tuple[Listing, str], ...]

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The listings without the reasons."""
        return tuple(listing for listing, _ in self.members)

    @property
    def keys(self) -> tuple[ListingKey, ...]:
        """The listings' keys."""
        return tuple(listing.key for listing, _ in self.members)


@dataclass(slots=True)
class Grouping:
    """All groups, and the pairs that a person should look at."""

    groups: list[Group]
    uncertain: list[tuple[ListingKey, ListingKey, float]] = field(default_factory=list)
    """Pairs that came near, with their points, the nearest first."""


def group_listings(listings: Iterable[Listing], ruled: Together | None = None) -> Grouping:
    """Return the groups in the order of their first keys. Independent of the order of ``listings``.

    What a person has ruled holds whatever points and vetoes say.
    """
    ordered = sorted(listings, key=lambda each: each.key)
    table = Table([read_profile(each) for each in ordered])
    pairs = candidate_pairs(table)
    i, j = pairs.i, pairs.j
    open_pairs = ~vetoed(table, i, j)
    i, j = i[open_pairs], j[open_pairs]
    popularity = measure_popularity(table)
    likely = may_reach(table, popularity, i, j, PERHAPS)
    i, j = i[likely], j[likely]
    scores = score_pairs(table, popularity, i, j)
    total = scores.total
    chosen = np.flatnonzero(total >= scores.asked)
    edges = [Edge(int(i[at]), int(j[at]), round(float(total[at]), 3)) for at in chosen]
    number_of = {(edge.i, edge.j): int(at) for edge, at in zip(edges, chosen, strict=True)}
    row_of = {listing.key: row for row, listing in enumerate(ordered)}
    same, different = _rows(row_of, ruled.same if ruled else {}), _rows(row_of, ruled.different if ruled else {})
    clusters = cluster(edges, lambda one, other: _apart(table, popularity, one, other), same=same, different=different)
    tied = {
        row: f"ruling {number}: one event with {ordered[other].key}"
        for pair, number in same.items()
        for row, other in (pair, pair[::-1])
    }
    together: dict[int, int] = {}
    groups = []
    for members in clusters.members:
        together |= dict.fromkeys(members, members[0])
        reasons = [
            tied[row] if row in tied else _reason(ordered, scores, number_of, clusters.joined_by[row], row)
            for row in members
        ]
        reasons[0] = "first listing"
        groups.append(Group(tuple((ordered[row], reason) for row, reason in zip(members, reasons, strict=True))))
    groups += [Group(((each, "first listing"),)) for row, each in enumerate(ordered) if row not in together]
    near = np.flatnonzero((total >= PERHAPS) & (total < scores.asked))
    doubtful = [(float(total[at]), int(i[at]), int(j[at])) for at in near]
    doubtful += [(edge.points, edge.i, edge.j) for edge in clusters.undecided]
    uncertain = [
        (ordered[one].key, ordered[other].key, points)
        for points, one, other in sorted(doubtful, key=lambda each: (-each[0], each[1:]))
        if together.get(one, one) != together.get(other, other) and (one, other) not in different
    ]
    return Grouping(sorted(groups, key=lambda group: group.listings[0].key), uncertain)


def _rows(row_of: Mapping[ListingKey, int], pairs: Mapping[Pair, int]) -> dict[RowPair, int]:
    """Keys are in the order of rows, so pairs stay sorted."""
    return {
        (row_of[one], row_of[other]): number
        for (one, other), number in pairs.items()
        if one in row_of and other in row_of
    }


def _apart(table: Table, popularity: Popularity, i: Ints, j: Ints) -> Flags:
    """Say which pairs never stand in one cluster: those vetoed, and those that look like two things side by side."""
    apart = vetoed(table, i, j)
    rest = np.flatnonzero(~apart)
    apart[rest] = score_pairs(table, popularity, i[rest], j[rest]).total < APART
    return apart


def _reason(ordered: list[Listing], scores: Scores, number_of: dict[tuple[int, int], int], edge: Edge, row: int) -> str:
    other = edge.i if edge.j == row else edge.j
    at = number_of[edge.i, edge.j]
    terms = ", ".join(f"{name} {values[at]:+.0f}" for name, values in scores.terms.items() if round(values[at]))
    return f"with {ordered[other].key}: {edge.points:.0f} points ({terms})"
