"""Links events of one series: the same meetup next week, the next cohort, the conference of another year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from tracker.matching.forest import Forest
from tracker.matching.table import Ints, Table


def link_series(table: Table, groups: Sequence[Sequence[int]]) -> list[int | None]:
    """Return the series number of each group of rows, or None for a group in no series.

    Two events are of one series if their titles are equal without edition and date, and they share an organiser, a link
    or a city; they remain two events. If the title is distinctive, a common source is enough.
    """
    rows = np.array([row for group in groups for row in group], dtype=np.int64)
    numbers = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    leads = Forest()
    for kind, values in enumerate(_shared(table, rows)):
        at, place = np.nonzero((table.core[rows] > 0)[:, None] & (values > 0))
        signs = _mixed(table.core[rows][at], values[at, place] * 4 + kind)
        order = np.argsort(signs, kind="stable")
        same = signs[order][1:] == signs[order][:-1]
        ones, others = numbers[at][order][:-1][same], numbers[at][order][1:][same]
        for one, other in np.unique(np.stack([ones, others]), axis=1).T.tolist():
            if one != other:
                leads.join(one, other)
    leaders = [leads.find(number) for number in range(len(groups))]
    sizes = Counter(leaders)
    return [leader if sizes[leader] > 1 else None for leader in leaders]


def _shared(table: Table, rows: Ints) -> Iterator[Ints]:
    """Yield the attributes of which events of one series share at least one: codes per row, 0 for none."""
    yield table.names[rows]
    yield table.links[rows]
    yield table.spots[rows, :, 2].astype(np.int64)
    yield np.where(table.is_telling[rows], table.source[rows], 0)[:, None]


def _mixed(one: Ints, other: Ints) -> Ints:
    """Return hashes of pairs of codes."""
    mixed = one.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ other.view(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    hashes: Ints = (mixed ^ mixed >> np.uint64(29)).view(np.int64)
    return hashes
