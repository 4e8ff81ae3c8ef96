"""dedupe 3 (Gregg and Eder): learned blocking, regularised logistic regression, hierarchical clustering.

It learns from at most 300 matching and 450 distinct pairs, and looks for blocking rules among 1,000 listings by
predicates without an index; with more of either, or with its text indexes, training takes many minutes. It has no
vetoes: pairs that its blocking finds and that are impossible (``candidates.possible``) are not scored. Needs
``BTrees<6`` (dedupeio/dedupe issue 1230). All thresholds are tried on the test set itself, which is generous.
"""

from __future__ import annotations

import io
import logging
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

import dedupe
import numpy as np
import pandas as pd
from dedupe import variables
from dedupe.serializer import write_training

from benchmarks.matching.peers.candidates import possible
from benchmarks.matching.peers.labels import needed
from benchmarks.matching.peers.normalised import frame
from benchmarks.matching.peers.outcome import Labels, Outcome
from tracker.models.listing import Listing

NAME = "dedupe 3"
NEEDS_LABELS = True
MATCHES, DISTINCT = 300, 450
"""How many labelled pairs of each kind it is given at most."""
DEFAULT = 0.5
THRESHOLDS = (0.5, 0.3, 0.7, 0.8, 0.9, 0.95)

_COLUMNS = ("title", "words", "day_text", "day", "minute", "city", "country", "organizer", "link", "closes")
_SAMPLE = 1_000
"""Records in which it looks for blocking rules."""


def sweep(listings: Sequence[Listing], *, labelled: Labels | None) -> Iterator[Outcome]:
    """Yield the clusters at several thresholds.

    Raises:
        ValueError: without labels.
    """
    labelled = needed(labelled, NAME)
    logging.getLogger("dedupe").setLevel(logging.ERROR)
    random.seed(1)
    np.random.seed(1)
    started = time.perf_counter()
    table = frame(listings)
    data = _records(table)
    deduper = _trained(data, labelled)
    pairs = list(deduper.pairs(data))
    left, right = np.array([(one, two) for (one, _), (two, _) in pairs], dtype=np.int64).T
    pairs = [pair for pair, kept in zip(pairs, possible(table, left, right).tolist(), strict=True) if kept]
    shared = time.perf_counter() - started
    for threshold in THRESHOLDS:
        started = time.perf_counter()
        clusters = list(range(len(listings)))
        for members, _ in deduper.cluster(deduper.score(iter(pairs)), threshold):
            for member in members:
                clusters[int(member)] = int(members[0])
        yield Outcome(f"threshold {threshold}", clusters, shared + time.perf_counter() - started)


def _trained(data: dict[int, dict[str, Any]], labelled: Labels) -> dedupe.Dedupe:
    deduper = dedupe.Dedupe(_fields(), num_cores=0)
    examples = io.StringIO()
    write_training(_examples(data, labelled), examples)
    examples.seek(0)
    sample = random.sample(sorted(data), min(_SAMPLE, len(data)))
    deduper.prepare_training({number: data[number] for number in sample}, training_file=examples, sample_size=_SAMPLE)
    deduper.train(recall=1.0, index_predicates=False)
    return deduper


def _fields() -> list[Any]:
    return [
        variables.ShortString("title"),
        variables.Custom("words", comparator=_overlap, name="words shared"),
        variables.ShortString("day_text", has_missing=True),
        variables.Custom("day", comparator=_apart(1), has_missing=True, name="day apart"),
        variables.Custom("minute", comparator=_apart(120), has_missing=True, name="minutes apart"),
        variables.Exact("city", has_missing=True),
        variables.Exact("country", has_missing=True),
        variables.ShortString("organizer", has_missing=True),
        variables.Exact("link", has_missing=True),
        variables.Custom("closes", comparator=_apart(7), has_missing=True, name="deadlines apart"),
    ]


def _apart(most: float) -> Any:
    """A comparator: how far apart two numbers are, in units of ``most``, and never more than five."""
    return lambda left, right: min(5.0, abs(left - right) / most)


def _overlap(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """The share of the shorter title's words that both have."""
    return len({*left} & {*right}) / max(1, min(len(left), len(right)))


def _records(table: pd.DataFrame) -> dict[int, dict[str, Any]]:
    table = table[list(_COLUMNS)].copy()
    table["words"] = [tuple(words) for words in table["words"]]
    table = table.astype(object).where(table.notna(), None)
    return dict(enumerate(table.to_dict("records")))


def _examples(data: dict[int, dict[str, Any]], labelled: Labels) -> dict[str, list[tuple[Any, Any]]]:
    examples: dict[str, list[tuple[Any, Any]]] = {"match": [], "distinct": []}
    for left, right, same in labelled:
        kind, most = ("match", MATCHES) if same else ("distinct", DISTINCT)
        if len(examples[kind]) < most:
            examples[kind].append((data[left], data[right]))
    return examples
