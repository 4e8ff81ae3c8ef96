"""Measures how many events share a link: the page of one event proves much, that of a series or calendar little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.matching.table import Flags, Floats, Ints, Table

_PART = 0xF_FFFF
"""Bit mask of one of the packed numbers, see ``Popularity.of``."""
_FULL = 38.0
"""Points for a link that only one event has."""


@dataclass(frozen=True)
class Popularity:
    """For each link: on how many dates it occurs, and how often in one source."""

    links: Ints
    """Link codes, sorted."""
    dates: Ints
    """Number of dates more than a day apart."""
    crowd: Ints
    """Maximum number of listings of one source on one day; 1 if each source has the link once a day."""
    spread: Ints
    """Maximum number of listings of one source in total; 1 if each source has the link once: it names one event."""

    def of(self, links: Ints) -> Ints:
        """Return the popularity of each of ``links``, packed into one number; −1 for links that are not known."""
        at, known = self._find(links)
        packed = self.dates[at] << 40 | self.crowd[at] << 20 | self.spread[at]
        answer: Ints = np.full(len(links), -1, dtype=np.int64)
        answer[known] = packed
        return answer

    def with_values(self, links: Ints, values: Ints) -> Popularity:
        """Return a copy with new ``values`` (see ``of``) for ``links``; −1 removes a link that is no longer used."""
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
        """Return for each link whether no source has it in two listings."""
        at, known = self._find(links)
        answer: Flags = np.ones(len(links), dtype=np.bool_)
        answer[known] = self.spread[at] <= 1
        return answer

    def evidence(self, table: Table, i: Ints, j: Ints) -> Floats:
        """Return the points that a shared link is worth for each pair."""
        one, other = table.links[i], table.links[j]
        points = np.zeros(len(i))
        same_day = (table.times[i, 2] == table.times[j, 2]) & (table.times[i, 0] % 3 > 0) & (table.times[j, 0] % 3 > 0)
        for a in range(one.shape[1]):
            # A link that both only mention in the running text may belong to another event.
            mentioned = (one[:, a] == table.mention[i]) & (one[:, a] == table.mention[j])
            hit = np.flatnonzero((one[:, a] > 0) & ~mentioned & (one[:, a, None] == other).any(axis=1))
            if len(hit):
                points[hit] = np.maximum(points[hit], self._worth(one[hit, a], same_day[hit]))
        return points

    def _find(self, links: Ints) -> tuple[Ints, Ints]:
        """Return the positions of the known ``links`` in ``self.links``, and their indices in ``links``."""
        at = np.searchsorted(self.links, links)
        known = np.flatnonzero(at < len(self.links))
        known = known[self.links[at[known]] == links[known]]
        return at[known], known

    def _worth(self, links: Ints, same_day: Flags) -> Floats:
        at, known = self._find(links)
        dates, crowd = np.ones(len(links), dtype=np.int64), np.ones(len(links), dtype=np.int64)
        dates[known], crowd[known] = np.maximum(1, self.dates[at]), np.maximum(1, self.crowd[at])
        # On the same day, the page of a series still distinguishes its event from those of other series.
        share = np.where(same_day, 0.6 + 0.4 / dates, 1.0 / dates)
        worth: Floats = _FULL * share / crowd
        return worth


def measure_popularity(table: Table, among: Ints | None = None) -> Popularity:
    """Return the popularity of each link in ``table``, or in its rows ``among``."""
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
