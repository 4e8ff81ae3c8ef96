"""How good a clustering is beside the truth, and how good the candidate pairs were.

Pair measures weigh a cluster of n records n²; B³ (Bagga and Baldwin 1998) gives every record the same weight. Both are
shown because a few large wrong clusters ruin the first and hardly touch the second. All are shares of one. Nothing here
compares records with each other: everything is counted from the cells of a contingency table, in O(n log n).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
"""One number per record, from 0 without gaps; equal where the labels are equal."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision and recall, each a share of one."""

    precision: float
    """How much of what was put together belongs together. 1 if nothing was put together."""
    recall: float
    """How much of what belongs together was put together. 1 if nothing belongs together."""

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Measures:
    """A clustering beside the truth."""

    records: int
    """How many records there are."""
    pairs: Scores
    """Over pairs of records."""
    b_cubed: Scores
    """Over records: the mean share of a record's cluster that is of its event, and the reverse."""
    series_false_pairs: int
    """Pairs in one cluster that are two events of one series."""
    series_false_records: int
    """Records in one cluster with another event of their own series."""
    knows_series: bool = True
    """False if the truth says nothing about series."""

    @property
    def series_false_share(self) -> float:
        """``series_false_records`` as a share of all records."""
        return self.series_false_records / self.records if self.records else 0.0


@dataclass(frozen=True, slots=True)
class Blocking:
    """A set of candidate pairs beside the truth."""

    pairs: int
    """Distinct candidate pairs."""
    completeness: float
    """The share of the true pairs that are among them."""
    reduction: float
    """The share of all possible pairs that need not be compared."""


def measure(events: Sequence[Hashable], clusters: Sequence[Hashable], series: Sequence[Hashable]) -> Measures:
    """Measure the clustering ``clusters`` against the true ``events``.

    Args:
        events: The true event of each record.
        clusters: The predicted cluster of each record.
        series: The series of each record's event. An empty label (``""`` or None) is no series.

    Raises:
        ValueError: the three differ in length.
    """
    if not len(events) == len(clusters) == len(series):
        raise ValueError(
            f"{len(events)} events, {len(clusters)} clusters and {len(series)} series: one each per record"
        )
    event, cluster = codes(events), codes(clusters)
    cell_of, cell_sizes, cells = _cells(cluster, event)
    cluster_sizes, event_sizes = np.bincount(cluster), np.bincount(event)
    together = _pairs(cell_sizes)
    precision, recall = _ratio(together, _pairs(cluster_sizes)), _ratio(together, _pairs(event_sizes))
    squares = cell_sizes.astype(np.float64) ** 2
    b_cubed = Scores(
        _mean(squares / cluster_sizes[cluster[cells]], len(events)),
        _mean(squares / event_sizes[event[cells]], len(events)),
    )
    false_pairs, false_records = _series_false(cluster, cell_of, series)
    return Measures(len(events), Scores(precision, recall), b_cubed, false_pairs, false_records)


def measure_across(
    events: Sequence[Hashable],
    allowed: Sequence[Hashable],
    clusters: Sequence[Hashable],
    sources: Sequence[Hashable],
    ambiguous: Sequence[tuple[int, int]],
) -> Measures:
    """Measure over the pairs from two sources; B³ is that of ``measure``, over all records.

    Args:
        events: The true event of each record: such pairs are to be found, which is the recall.
        allowed: The same in a wider sense: such pairs are not wrong, which is the precision.
        clusters: The predicted cluster of each record.
        sources: The source of each record.
        ambiguous: Pairs of positions that do not count, each named once.

    Raises:
        ValueError: the four differ in length.
    """
    if not len(events) == len(allowed) == len(clusters) == len(sources):
        raise ValueError(
            f"{len(events)} events, {len(allowed)} allowed, {len(clusters)} clusters and {len(sources)} sources: "
            "one each per record"
        )
    cluster, event, wider, source = codes(clusters), codes(events), codes(allowed), codes(sources)
    left, right = np.array(ambiguous, dtype=np.int64).reshape(-1, 2).T

    def counted(group: Codes) -> int:
        same_source = _cells(group, source)[1]
        uncounted = (group[left] == group[right]) & (source[left] != source[right])
        return _pairs(np.bincount(group)) - _pairs(same_source) - int(np.count_nonzero(uncounted))

    precision = _ratio(counted(_cells(cluster, wider)[0]), counted(cluster))
    recall = _ratio(counted(_cells(cluster, event)[0]), counted(event))
    b_cubed = measure(events, clusters, [None] * len(events)).b_cubed
    return Measures(len(events), Scores(precision, recall), b_cubed, 0, 0, knows_series=False)


def measure_blocking(events: Sequence[Hashable], left: Codes, right: Codes) -> Blocking:
    """Measure candidate pairs ``(left[k], right[k])``, positions of records; order and repetition do not matter.

    Raises:
        ValueError: the two sides differ in length.
    """
    if left.shape != right.shape:
        raise ValueError(f"{left.size} left and {right.size} right positions: one each per pair")
    event = codes(events)
    low = np.minimum(left, right).astype(np.int64)
    high = np.maximum(left, right).astype(np.int64)
    keys = np.sort((low * len(events) + high)[low != high])
    keys = keys[np.diff(keys, prepend=-1) != 0]
    low, high = keys // max(len(events), 1), keys % max(len(events), 1)
    found = int(np.count_nonzero(event[low] == event[high]))
    possible = len(events) * (len(events) - 1) // 2
    return Blocking(int(keys.size), _ratio(found, _pairs(np.bincount(event))), 1 - _ratio(keys.size, possible, 0.0))


def codes(labels: Sequence[Hashable]) -> Codes:
    """Number ``labels`` in the order in which they first appear."""
    numbers: dict[Hashable, int] = {}
    return np.fromiter((numbers.setdefault(label, len(numbers)) for label in labels), np.int64, len(labels))


def _cells(rows: Codes, columns: Codes) -> tuple[Codes, Codes, Codes]:
    """Return each record's cell of the table rows × columns, the cells' sizes, and a first record of each cell."""
    width = int(columns.max()) + 1 if columns.size else 1
    _, first, cell_of, sizes = np.unique(
        rows * width + columns, return_index=True, return_inverse=True, return_counts=True
    )
    return cell_of.astype(np.int64), sizes.astype(np.int64), first.astype(np.int64)


def _series_false(cluster: Codes, cell_of: Codes, series: Sequence[Hashable]) -> tuple[int, int]:
    in_series = np.fromiter((label is not None and label != "" for label in series), np.bool_, len(series))
    cluster, cell_of, line = cluster[in_series], cell_of[in_series], codes(series)[in_series]
    group_of, group_sizes, _ = _cells(cluster, line)
    _, part_sizes, parts = _cells(group_of, cell_of)
    events_in_group = np.bincount(group_of[parts], minlength=group_sizes.size)
    return _pairs(group_sizes) - _pairs(part_sizes), int(group_sizes[events_in_group > 1].sum())


def _pairs(sizes: Codes) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _ratio(part: int, whole: int, otherwise: float = 1.0) -> float:
    return part / whole if whole else otherwise


def _mean(parts: NDArray[np.float64], count: int) -> float:
    return float(parts.sum()) / count if count else 1.0
