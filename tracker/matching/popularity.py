"""Measures how many events share a link: the page of one event proves much, that of a series or calendar little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.matching.columns import Flags, Floats, Ints
from tracker.matching.profiles import TimeKind
from tracker.matching.table import Rows, Table

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
    sites: Ints
    """For each row of the table the organiser's site that its page is on; 0 if it is on a platform or on the list's own
    site."""

    def has_once(self, links: Ints) -> Flags:
        """Return for each link whether no source has it in two listings."""
        at, known = self._find(links)
        answer: Flags = np.ones(len(links), dtype=np.bool_)
        answer[known] = self.spread[at] <= 1
        return answer

    def is_once_a_day(self, links: Ints) -> Flags:
        """Return for each link whether no source has it in two listings of one day."""
        at, known = self._find(links)
        answer: Flags = np.ones(len(links), dtype=np.bool_)
        answer[known] = self.crowd[at] <= 1
        return answer

    def evidence(self, one: Rows, other: Rows) -> Floats:
        """Return the points that a shared link is worth for each pair."""
        points = np.zeros(len(one))
        same_day = (one.first_day == other.first_day) & _is_dated(one.time_kind) & _is_dated(other.time_kind)
        for column in range(one.links.shape[1]):
            link = one.links[:, column]
            # A link that both only mention in the running text may belong to another event.
            mentioned = (link == one.mention) & (link == other.mention)
            hit = np.flatnonzero((link > 0) & ~mentioned & (link[:, None] == other.links).any(axis=1))
            if len(hit):
                points[hit] = np.maximum(points[hit], self._worth(link[hit], same_day[hit]))
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


def _is_dated(time_kind: Ints) -> Flags:
    answer: Flags = (time_kind == TimeKind.INSTANT) | (time_kind == TimeKind.DAY)
    return answer


def measure_popularity(table: Table) -> Popularity:
    """Return the popularity of each link in ``table``."""
    rows, columns = np.nonzero(table.links)
    codes = table.links[rows, columns]
    dated, days, sources = _is_dated(table.time_kind[rows]), table.first_day[rows], table.source[rows]
    order = np.lexsort((days, codes))
    codes, dated, days, sources = codes[order], dated[order], days[order], sources[order]
    links = np.unique(codes)
    return Popularity(
        links,
        dates=_dates(codes, days, dated, links),
        crowd=_crowds(codes, days, sources, dated, links),
        spread=_crowds(codes, np.zeros_like(days), sources, np.ones_like(dated), links),
        sites=_organizers_sites(table),
    )


_OWN_SITE = 0.5
"""Share of the pages of a source from which their site is its own, not that of an organiser."""


def _organizers_sites(table: Table) -> Ints:
    rows = np.flatnonzero(table.site)
    pairs, which, counts = np.unique(
        np.stack([table.source[rows], table.site[rows]]), axis=1, return_inverse=True, return_counts=True
    )
    sources, total = np.unique(table.source[rows], return_counts=True)
    share = counts / total[np.searchsorted(sources, pairs[0])]
    answer: Ints = table.site.copy()
    answer[rows[(share >= _OWN_SITE)[which.reshape(-1)]]] = 0
    return answer


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
