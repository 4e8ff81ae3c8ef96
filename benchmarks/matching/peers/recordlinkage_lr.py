"""recordlinkage 0.16 (de Bruin 2019): logistic regression over its own comparison functions, on labelled pairs.

The candidates come from ``candidates``: what is impossible by time or place is left out, since the library has no
vetoes. A comparison with a missing value counts half. Connected components of the pairs over a probability; all
probabilities are tried on the test set itself, which is generous.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.base import BaseCompareFeature

from benchmarks.matching.peers.candidates import candidates
from benchmarks.matching.peers.components import components
from benchmarks.matching.peers.labels import needed
from benchmarks.matching.peers.normalised import frame
from benchmarks.matching.peers.outcome import Labels, Outcome
from tracker.models.listing import Listing

NAME = "recordlinkage logistic regression"
NEEDS_LABELS = True
DEFAULT = 0.5
THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
UNKNOWN = 0.5
"""What a comparison with a missing value counts."""


class _Overlap(BaseCompareFeature):
    """Shared words over the words of the shorter (or of both): 0 to 1."""

    def __init__(self, column: str, *, of_both: bool, label: str) -> None:
        super().__init__(column, column, label=label)
        self.of_both = of_both

    def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> np.ndarray:
        shares = []
        for one, two in zip(left, right, strict=True):
            if not one or not two:
                shares.append(UNKNOWN)
                continue
            one, two = set(one), set(two)
            shares.append(len(one & two) / (len(one | two) if self.of_both else min(len(one), len(two))))
        return np.array(shares)


class _Apart(BaseCompareFeature):
    """1 where two numbers are at most ``most`` apart, 0 where they are further."""

    def __init__(self, column: str, *, most: float, label: str) -> None:
        super().__init__(column, column, label=label)
        self.most = most

    def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> np.ndarray:
        gap = (left.astype(float) - right.astype(float)).abs()
        return np.where(gap.isna(), UNKNOWN, gap <= self.most)


class _Unknown(BaseCompareFeature):
    """1 where a side has no value, so that the model can ask for more where it knows less."""

    def __init__(self, column: str) -> None:
        super().__init__(column, column, label=f"{column} unknown")

    def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> np.ndarray:
        return (left.isna() | right.isna()).to_numpy(float)


def sweep(listings: Sequence[Listing], *, labelled: Labels | None) -> Iterator[Outcome]:
    """Yield the clusters at several probabilities.

    Raises:
        ValueError: without labels.
    """
    labelled = needed(labelled, NAME)
    started = time.perf_counter()
    table = frame(listings)
    pairs = pd.MultiIndex.from_arrays(candidates(table))
    table = table.set_index("unique_id").astype({"is_online": float})
    shown = pd.MultiIndex.from_tuples([(left, right) for left, right, _ in labelled])
    features, examples = _compare(pairs, table), _compare(shown, table)
    model = recordlinkage.LogisticRegressionClassifier()
    model.fit(examples, shown[[same for _, _, same in labelled]])
    likely = model.prob(features)
    shared = time.perf_counter() - started
    for threshold in THRESHOLDS:
        started = time.perf_counter()
        clusters = components(len(listings), likely.index[likely >= threshold])
        yield Outcome(f"p ≥ {threshold}", clusters, shared + time.perf_counter() - started)


def _compare(pairs: pd.MultiIndex, table: pd.DataFrame) -> pd.DataFrame:
    compare = recordlinkage.Compare()
    compare.string("title", "title", method="jarowinkler", label="title")
    compare.string("sorted_title", "sorted_title", method="qgram", missing_value=UNKNOWN, label="title q-grams")
    compare.add(_Overlap("words", of_both=False, label="words"))
    compare.add(_Overlap("words", of_both=True, label="words of both"))
    compare.add(_Overlap("numbers", of_both=True, label="numbers"))
    compare.add(_Overlap("about", of_both=True, label="about"))
    compare.add(_Overlap("organizer_words", of_both=False, label="organizer"))
    compare.add(_Apart("day", most=0, label="same day"))
    compare.add(_Apart("day", most=1, label="a day apart"))
    compare.add(_Apart("day", most=31, label="a month apart"))
    compare.add(_Apart("minute", most=0, label="same minute"))
    compare.add(_Apart("minute", most=120, label="two hours apart"))
    compare.add(_Apart("last_day", most=0, label="same last day"))
    for column in ("city", "country", "link", "host", "is_online"):
        compare.exact(column, column, missing_value=UNKNOWN, label=column)
    for column in ("day", "minute", "city", "country", "organizer", "link", "about"):
        compare.add(_Unknown(column))
    return compare.compute(pairs, table)
