"""How many events share an address: the page of one evening says much, that of a whole series or calendar little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.matching.table import Flags, Floats, Ints, Table

_PART = 0xF_FFFF
_FULL = 38.0
"""Points for an address that only one event has."""


@dataclass(frozen=True)
class Popularity:
    """For each address that several listings carry: on how many dates, and how often one source has it on one day."""

    links: Ints
    """Codes, sorted."""
    dates: Ints
    """Number of dates that are more than a day apart."""
    crowd: Ints
    """The most listings of one source on one day; 1 where each source has it once a day."""
    spread: Ints
    """The most listings of one source on any days; 1 where each source has it once: then it names one event."""

    def of(self, links: Ints) -> Ints:
        """Return how popular each of ``links`` is, as one number that differs where that does."""
        at, known = self._find(links)
        packed = self.dates[at] << 40 | self.crowd[at] << 20 | self.spread[at]
        answer: Ints = np.full(len(links), -1, dtype=np.int64)
        answer[known] = packed
        return answer

    def with_values(self, links: Ints, values: Ints) -> Popularity:
        """Return the same with other ``values`` (see ``of``) for ``links``; −1 for those that nobody has any more."""
        kept = ~np.isin(self.links, links)
        there = values >= 0
        codes = np.concatenate([self.links[kept], links[there]])
        order = np.argsort(codes, kind="stable")
        new = values[there]
        dates = np.concatenate([self.dates[kept], new >> 40])
        crowd = np.concatenate([self.crowd[kept], new >> 20 & _PART])
        spread = np.concatenate([self.spread[kept], new & _PART])
        return Popularity(codes[order], dates[order], crowd[order], spread[order])

    def has_once(self, links: Ints) -> Flags:
        """Say of each address whether no source lists two things under it."""
        at, known = self._find(links)
        answer: Flags = np.ones(len(links), dtype=np.bool_)
        answer[known] = self.spread[at] <= 1
        return answer

    def evidence(self, table: Table, i: Ints, j: Ints) -> Floats:
        """Return the points that a shared address is worth for each pair."""
        one, other = table.links[i], table.links[j]
        points = np.zeros(len(i))
        same_day = (table.times[i, 2] == table.times[j, 2]) & (table.times[i, 0] % 3 > 0) & (table.times[j, 0] % 3 > 0)
        for a in range(one.shape[1]):
            # An address that both only mention may be anybody's.
            mentioned = (one[:, a] == table.mention[i]) & (one[:, a] == table.mention[j])
            hit = np.flatnonzero((one[:, a] > 0) & ~mentioned & (one[:, a, None] == other).any(axis=1))
            if len(hit):
                points[hit] = np.maximum(points[hit], self._worth(one[hit, a], same_day[hit]))
        return points

    def _find(self, links: Ints) -> tuple[Ints, Ints]:
        """Return where in ``self.links`` those of ``links`` stand that are there, and which ones those are."""
        at = np.searchsorted(self.links, links)
        known = np.flatnonzero(at < len(self.links))
        known = known[self.links[at[known]] == links[known]]
        return at[known], known

    def _worth(self, links: Ints, same_day: Flags) -> Floats:
        at, known = self._find(links)
        dates, crowd = np.ones(len(links), dtype=np.int64), np.ones(len(links), dtype=np.int64)
        dates[known], crowd[known] = np.maximum(1, self.dates[at]), np.maximum(1, self.crowd[at])
        # On one day, the page of a series still tells the evening apart from those of others.
        share = np.where(same_day, 0.6 + 0.4 / dates, 1.0 / dates)
        worth: Floats = _FULL * share / crowd
        return worth


def measure_popularity(table: Table, among: Ints | None = None) -> Popularity:
    """Return how popular each address in ``table`` is, or in the rows ``among``."""
    chosen = np.arange(len(table)) if among is None else among
    at, columns = np.nonzero(table.links[chosen])
    rows = chosen[at]
    codes = table.links[rows, columns]
    kinds, days, sources = table.times[rows, 0], table.times[rows, 2], table.source[rows]
    order = np.lexsort((days, codes))
    codes, kinds, days, sources = codes[order], kinds[order], days[order], sources[order]
    links = np.unique(codes)
    dated = (kinds == 1) | (kinds == 2)
    return Popularity(
        links,
        dates=_dates(codes, days, dated, links),
        crowd=_crowds(codes, days, sources, dated, links),
        spread=_crowds(codes, np.zeros_like(days), sources, np.ones_like(dated), links),
    )


def _dates(codes: Ints, days: Ints, dated: Flags, links: Ints) -> Ints:
    codes, days = codes[dated], days[dated]
    if not len(codes):
        return np.zeros(len(links), dtype=np.int64)
    starts = np.ones(len(codes), dtype=np.bool_)
    starts[1:] = (codes[1:] != codes[:-1]) | (days[1:] - days[:-1] > 1)
    counts: Ints = np.bincount(np.searchsorted(links, codes[starts]), minlength=len(links))
    return counts


def _crowds(codes: Ints, days: Ints, sources: Ints, dated: Flags, links: Ints) -> Ints:
    codes, days, sources = codes[dated], days[dated], sources[dated]
    crowds = np.zeros(len(links), dtype=np.int64)
    if len(codes):
        order = np.lexsort((sources, days, codes))
        codes, days, sources = codes[order], days[order], sources[order]
        starts = np.ones(len(codes), dtype=np.bool_)
        starts[1:] = (codes[1:] != codes[:-1]) | (days[1:] != days[:-1]) | (sources[1:] != sources[:-1])
        at = np.flatnonzero(starts)
        lengths = np.diff(np.append(at, len(codes)))
        np.maximum.at(crowds, np.searchsorted(links, codes[at]), lengths)
    return crowds
