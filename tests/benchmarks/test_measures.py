"""The measures of the matching benchmark, beside numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.matching.measures import measure, measure_blocking

pytestmark = pytest.mark.long

# Two meetups of one series (a, b), one talk (c). Cluster 1 holds both meetups; the talk is torn in two.
EVENTS = ["a", "a", "a", "b", "c", "c"]
SERIES = ["m", "m", "m", "m", "", ""]
CLUSTERS = [1, 1, 2, 1, 3, 4]


def test_pairs_are_counted() -> None:
    found = measure(EVENTS, CLUSTERS, SERIES).pairs
    # True pairs: 3 of a, 1 of c. Predicted: 3 in cluster 1, of which one is of a.
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 4)
    assert found.f1 == pytest.approx(2 / 7)


def test_records_weigh_the_same_in_b_cubed() -> None:
    found = measure(EVENTS, CLUSTERS, SERIES).b_cubed
    # Precision by record: 2/3 2/3 1 1/3 1 1. Recall: 2/3 2/3 1/3 1 1/2 1/2.
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 / 3 + 1 + 1) / 6)
    assert found.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 / 2 + 1 / 2) / 6)


def test_series_falsely_merged_are_counted_as_pairs_and_as_records() -> None:
    found = measure(EVENTS, CLUSTERS, SERIES)
    assert found.series_false_pairs == 2  # each a in cluster 1 with the b
    assert found.series_false_records == 3
    assert found.series_false_share == pytest.approx(1 / 2)


def test_events_without_a_series_are_no_series() -> None:
    found = measure(["a", "b", "c"], [0, 0, 0], ["", "", "x"])
    assert (found.series_false_pairs, found.series_false_records) == (0, 0)
    assert found.pairs.precision == 0.0
    assert found.pairs.recall == 1.0


def test_a_cluster_may_hold_two_series() -> None:
    found = measure(["a", "b", "c", "d"], [0, 0, 0, 0], ["x", "x", "y", "y"])
    assert (found.series_false_pairs, found.series_false_records) == (2, 4)


def test_the_truth_measures_one() -> None:
    found = measure(EVENTS, EVENTS, SERIES)
    assert (found.pairs.f1, found.b_cubed.f1, found.series_false_records) == (1.0, 1.0, 0)


def test_nothing_put_together_is_precise() -> None:
    found = measure(EVENTS, range(6), SERIES)
    assert (found.pairs.precision, found.pairs.recall, found.pairs.f1) == (1.0, 0.0, 0.0)
    assert found.b_cubed.precision == 1.0
    assert found.b_cubed.recall == pytest.approx((3 / 3 + 1 + 2 / 2) / 6)


def test_no_records_are_no_error() -> None:
    found = measure([], [], [])
    assert (found.pairs.f1, found.b_cubed.f1, found.series_false_share) == (1.0, 1.0, 0.0)


def test_labels_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one each per record"):
        measure(["a"], [0, 1], [""])


def test_candidates_count_once_whichever_way_round() -> None:
    # 0-1 and 4-5 are true; 0-3 is not; 2-2 is no pair. 15 pairs are possible, 4 are true.
    left, right = np.array([0, 1, 0, 4, 2, 0]), np.array([1, 0, 3, 5, 2, 1])
    found = measure_blocking(EVENTS, left, right)
    assert found.pairs == 3
    assert found.completeness == pytest.approx(2 / 4)
    assert found.reduction == pytest.approx(1 - 3 / 15)


def test_no_candidates_find_nothing() -> None:
    none = np.array([], dtype=np.int64)
    found = measure_blocking(EVENTS, none, none)
    assert (found.pairs, found.completeness, found.reduction) == (0, 0.0, 1.0)
