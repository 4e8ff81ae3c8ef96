"""Matches listings incrementally: an update costs only what it affects, with the same result as a full match."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps

import numpy as np

from tracker.matching.blocking import Keys, block_keys, candidate_pairs, distinct, link_keys
from tracker.matching.candidates import NOT_NEAR, CandidateIndex, Near, NearPairs
from tracker.matching.clustering import FIRST, Edge, Group, Grouping, RowPair, cluster, reason
from tracker.matching.entry_states import EntryStates
from tracker.matching.identity import link_series
from tracker.matching.popularity import measure_popularity
from tracker.matching.profiles import Profile, read_profile
from tracker.matching.rulings import DecidedPairs, Pair
from tracker.matching.scoring import APART, PERHAPS, may_reach, score_pairs
from tracker.matching.table import Flags, Ints, Table
from tracker.matching.vetoes import vetoed
from tracker.models.listing import Listing, ListingKey

_ANEW = 64, 0.05
"""Number of changes, and their share of all listings, above both of which an update matches everything again."""
_GROWN = 2
"""Everything is also matched again if unused rows make the table more than this many times larger than necessary."""


def _without_collecting(build: Callable[[Matcher], None]) -> Callable[[Matcher], None]:
    """Disable garbage collection while the matcher is built: with 100,000 listings it takes a third of the time."""

    @wraps(build)
    def run(matcher: Matcher) -> None:
        was_on = gc.isenabled()
        gc.disable()
        try:
            build(matcher)
        finally:
            if was_on:
                gc.enable()

    return run


class Matcher:
    """Groups listings into events. A changed listing gets a new row in the table; rows are never reused.

    Args:
        table: the profiles, one per listing; the matcher takes ownership of it.
        ruled: pairs of listings that people have decided.
        states: which listings are absent or have moved.
    """

    def __init__(self, table: Table, ruled: DecidedPairs | None = None, states: EntryStates | None = None) -> None:
        self._table = table
        self._states = states or EntryStates()
        self._row_of = {key: row for row, key in enumerate(table.keys)}
        self._ruled = ruled or DecidedPairs()
        self._match_anew()

    def update(
        self, changed: Iterable[Profile] = (), removed: Iterable[ListingKey] = (), ruled: DecidedPairs | None = None
    ) -> None:
        """Apply new and changed listings, removed listings, and new rulings if given."""
        new = list({each.key: each for each in changed}.values())
        left = [key for key in dict.fromkeys([*removed, *(each.key for each in new)]) if key in self._row_of]
        before, self._ruled = self._ruled, self._ruled if ruled is None else ruled
        count = len(self._row_of) - len(left) + len(new)
        many = max(len(new), len(left)) > max(_ANEW[0], _ANEW[1] * count)
        if many or len(self._table) + len(new) > _GROWN * (count + _ANEW[0]):
            for key in left:
                del self._row_of[key]
            self._row_of |= {each.key: row for row, each in enumerate(new, len(self._table))}
            self._table.add(new)
            self._match_anew()
        else:
            self._match_touched(new, left, _reruled(before, self._ruled))

    def grouping(self) -> Grouping:
        """Return all groups in the order of their first keys, and the pairs that a person should review."""
        groups = sorted({id(each): each for each in self._group_of.values()}.values(), key=lambda each: each.keys[0])
        return Grouping(groups, sorted(self._uncertain(), key=lambda each: (-each[2], each[:2])))

    def series_of(self, groups: Iterable[Group]) -> list[int | None]:
        """Return the series number of each group, see ``link_series``."""
        return link_series(self._table, [[self._row_of[key] for key in group.keys] for group in groups])

    @_without_collecting
    def _match_anew(self) -> None:
        self._table = self._table.reordered([row for _, row in sorted(self._row_of.items())])
        self._table.mark(self._states)
        self._keys = self._table.keys
        self._row_of = {key: row for row, key in enumerate(self._keys)}
        self._in_order = len(self._keys)
        blocks = block_keys(self._table)
        self._index = CandidateIndex(self._table, blocks)
        self._popularity = measure_popularity(self._table)
        self._near = NearPairs()
        self._ties = self._tied()
        self._group_of: dict[int, Group] = {}
        self._undecided: dict[int, list[Edge]] = {}
        pairs = candidate_pairs(self._table, blocks)
        self._near.update(self._score(pairs.i, pairs.j))
        self._cluster(list(range(len(self._keys))))

    def _match_touched(self, new: list[Profile], left: list[ListingKey], reruled: set[ListingKey]) -> None:
        old_rows = np.array([self._row_of[key] for key in left], dtype=np.int64)
        new_rows = np.arange(len(self._table), len(self._table) + len(new))
        self._table.add(new)
        rows = np.concatenate([old_rows, new_rows])
        blocks = block_keys(self._table, rows)
        keys = distinct(blocks.keys)
        links = self._table.links[rows]
        links = distinct(links[links > 0])
        split = self._index.crowded(keys, len(new))
        before = self._pairs_in(split)
        self._index.remove(old_rows)
        self._index.add(blocks.part(blocks.rows >= len(self._table) - len(new)))
        for key in left:
            del self._row_of[key]
        self._row_of |= {each.key: row for each, row in zip(new, new_rows.tolist(), strict=True)}
        # Pairs of unchanged rows appear or disappear only in blocks that are split differently than before.
        after = self._pairs_in(split)
        met = distinct(np.concatenate([after, self._pairs_in(keys[~np.isin(keys, split)])]))
        of_new = np.isin(met // len(self._table), new_rows) | np.isin(met % len(self._table), new_rows)
        linked, sharing = self._with_other_popularity(links)
        lost = self._no_longer_meeting(np.setdiff1d(before, after), old_rows)
        gained = distinct(np.concatenate([met[of_new], np.setdiff1d(after, before), sharing]))
        changed = dict.fromkeys([*lost, *self._pairs(sharing)], NOT_NEAR) | self._score(*self._ends(gained))
        changed = {pair: near for pair, near in changed.items() if self._near[pair] != near}
        touched = {row for pair in changed for row in pair} | set(rows.tolist()) | set(linked.tolist())
        touched |= {self._row_of[key] for key in reruled if key in self._row_of}
        touched |= self._near.reachable(touched, self._ties)
        self._near.update(changed)
        self._ties = self._tied()
        for row in old_rows.tolist():
            self._near.forget(row)
            self._undecided.pop(row, None)
            del self._group_of[row]
        touched -= set(old_rows.tolist())
        self._cluster(sorted(self._near.reachable(touched, self._ties), key=self._keys.__getitem__))

    def _pairs_in(self, keys: Keys) -> Ints:
        return self._index.pairs_in(keys, self._place_of)

    def _with_other_popularity(self, links: Ints) -> tuple[Ints, Ints]:
        """Measure ``links`` again; return the rows with a link whose popularity changed, and the pairs among them."""
        members = self._index.rows_in(link_keys(links))
        measured = measure_popularity(self._table, members).of(links)
        changed = links[self._popularity.of(links) != measured]
        self._popularity = self._popularity.with_values(links, measured)
        rows = self._index.rows_in(link_keys(changed))
        if not len(rows):
            return rows, rows
        pairs = self._pairs_in(distinct(block_keys(self._table, rows).keys))
        among = np.isin(pairs // len(self._table), rows) & np.isin(pairs % len(self._table), rows)
        return rows, pairs[among]

    def _no_longer_meeting(self, codes: Ints, gone: Ints) -> list[RowPair]:
        """Return the near pairs among ``codes``, without the rows ``gone``, that share no block any more."""
        near = [(i, j) for i, j in self._pairs(codes) if self._near[i, j] != NOT_NEAR and not {i, j} & {*gone.tolist()}]
        if not near:
            return []
        met = set(self._pairs(self._pairs_in(distinct(block_keys(self._table, np.array(near)[:, 0]).keys))))
        return [pair for pair in near if pair not in met]

    def _ends(self, codes: Ints) -> tuple[Ints, Ints]:
        return codes // max(1, len(self._table)), codes % max(1, len(self._table))

    def _pairs(self, codes: Ints) -> Iterator[RowPair]:
        i, j = self._ends(codes)
        return zip(i.tolist(), j.tolist(), strict=True)

    def _score(self, i: Ints, j: Ints) -> dict[RowPair, Near]:
        """Return the near pairs, by rows ``i < j``. Each pair is compared in the order of its keys."""
        one, other = self._in_key_order(i, j)
        likely = np.flatnonzero(~vetoed(self._table, self._popularity, one, other))
        likely = likely[may_reach(self._table, self._popularity, one[likely], other[likely], PERHAPS)]
        scores = score_pairs(self._table, self._popularity, one[likely], other[likely])
        near = np.flatnonzero(scores.total >= PERHAPS)
        ends = zip(i[likely[near]].tolist(), j[likely[near]].tolist(), strict=True)
        enough = (scores.total >= scores.asked)[near]
        return dict(zip(ends, zip(scores.total[near].tolist(), enough.tolist(), strict=True), strict=True))

    def _in_key_order(self, i: Ints, j: Ints) -> tuple[Ints, Ints]:
        swapped = np.zeros(len(i), dtype=np.bool_)
        for at in np.flatnonzero((i >= self._in_order) | (j >= self._in_order)).tolist():
            swapped[at] = self._keys[i[at]] > self._keys[j[at]]
        return np.where(swapped, j, i), np.where(swapped, i, j)

    def _place_of(self, rows: Ints) -> Ints:
        """Return the rank of each row in the order of keys."""
        if not len(rows) or rows.max() < self._in_order:
            return rows
        place = np.empty(len(rows), dtype=np.int64)
        place[sorted(range(len(rows)), key=lambda at: self._keys[rows[at]])] = np.arange(len(rows))
        return place

    def _tied(self) -> dict[int, set[int]]:
        """Return for each row the rows that rulings declare the same event."""
        ties: dict[int, set[int]] = defaultdict(set)
        for one, other in self._ruled.same:
            if one in self._row_of and other in self._row_of:
                i, j = self._row_of[one], self._row_of[other]
                ties[i].add(j)
                ties[j].add(i)
        return ties

    def _cluster(self, rows: Sequence[int]) -> None:
        """Cluster ``rows`` again, given in the order of their keys; they are connected to no other rows."""
        number = {row: at for at, row in enumerate(rows)}
        row_at = np.array(rows, dtype=np.int64)
        edges = [
            Edge(number[row], number[other], points)
            for row in rows
            for other, points in self._near.enough(row)
            if number[row] < number[other]
        ]
        same, different = (self._ruled_pairs(pairs, number) for pairs in (self._ruled.same, self._ruled.different))
        done = cluster(
            edges, lambda one, other: self._apart(row_at[one], row_at[other]), same=same, different=different
        )
        reasons = self._reasons(rows, done.joined_by, same)
        for members in (*done.members, *([at] for at in range(len(rows)) if at not in reasons)):
            said = [FIRST, *(reasons[at] for at in members[1:])]
            group = Group(tuple((self._keys[rows[at]], why) for at, why in zip(members, said, strict=True)))
            self._group_of |= dict.fromkeys((rows[at] for at in members), group)
        for row in rows:
            self._undecided.pop(row, None)
        for edge in done.undecided:
            self._undecided.setdefault(rows[edge.i], []).append(Edge(rows[edge.i], rows[edge.j], edge.points))

    def _ruled_pairs(self, pairs: Mapping[Pair, int], number: Mapping[int, int]) -> dict[RowPair, int]:
        found: dict[RowPair, int] = {}
        for (one, other), ruling in pairs.items():
            i, j = (number.get(self._row_of.get(key, -1), -1) for key in (one, other))
            if i >= 0 and j >= 0:
                found[i, j] = ruling
        return found

    def _apart(self, i: Ints, j: Ints) -> Flags:
        """Return which pairs must not be in one cluster: vetoed pairs, and those with fewer than ``APART`` points."""
        apart = vetoed(self._table, self._popularity, i, j)
        rest = np.flatnonzero(~apart)
        apart[rest] = score_pairs(self._table, self._popularity, i[rest], j[rest]).total < APART
        return apart

    def _reasons(
        self, rows: Sequence[int], joined_by: Mapping[int, Edge], same: Mapping[RowPair, int]
    ) -> dict[int, str]:
        """Return for each row that is not alone the reason why it belongs to its group."""
        at = np.array([(edge.i, edge.j) for edge in joined_by.values()], dtype=np.int64).reshape(-1, 2)
        i, j = np.array(rows, dtype=np.int64)[at].T
        scores = score_pairs(self._table, self._popularity, i, j)
        reasons = {}
        for place, (row, edge) in enumerate(joined_by.items()):
            other = self._keys[rows[edge.i if edge.j == row else edge.j]]
            reasons[row] = reason(other, edge.points, {name: float(each[place]) for name, each in scores.terms.items()})
        for (one, other_row), ruling in same.items():
            reasons[one] = f"ruling {ruling}: one event with {self._keys[rows[other_row]]}"
            reasons[other_row] = f"ruling {ruling}: one event with {self._keys[rows[one]]}"
        return reasons

    def _uncertain(self) -> Iterator[tuple[ListingKey, ListingKey, float]]:
        doubtful = list(self._near.almost())
        doubtful += [(edge.i, edge.j, edge.points) for edges in self._undecided.values() for edge in edges]
        groups = {key: self._group_of[row] for key, row in self._row_of.items()} if self._ruled.different else {}
        decided = {
            frozenset((id(groups[one]), id(groups[other])))
            for one, other in self._ruled.different
            if one in groups and other in groups
        }
        for row, other, points in doubtful:
            one, two = sorted((self._keys[row], self._keys[other]))
            pair = frozenset((id(self._group_of[row]), id(self._group_of[other])))
            if len(pair) == 2 and pair not in decided:
                yield one, two, points


def _reruled(before: DecidedPairs, after: DecidedPairs) -> set[ListingKey]:
    """Return the listings of rulings that were added, removed or changed."""
    moved = {*before.same.items(), *before.different.items()} ^ {*after.same.items(), *after.different.items()}
    return {key for pair, _ in moved for key in pair}


def group_listings(listings: Iterable[Listing], ruled: DecidedPairs | None = None) -> Grouping:
    """Return the groups in the order of their first keys, independent of the order of ``listings``.

    Rulings take precedence over points and vetoes.
    """
    return match_listings(listings, ruled).grouping()


def match_listings(listings: Iterable[Listing], ruled: DecidedPairs | None = None) -> Matcher:
    """Return a matcher of ``listings``; of several listings with one key the last counts."""
    return Matcher(Table(map(read_profile, {each.key: each for each in listings}.values())), ruled)
