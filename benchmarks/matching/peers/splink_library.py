"""Splink 5 (Linacre et al. 2022) on DuckDB: Fellegi and Sunter's model, in lean settings that do well on real lists.

Seven blocking rules. Left to itself Splink merges series: it takes link, title and day as independent evidence, and
has no cannot-link. So every rule demands two sources, compatible time (two hours, or a day, or within the stated
month), and compatible deadlines and places, which the same days outweigh: deadlines anywhere, places on one host.

* Without labels (``splink_em``), u comes from random pairs and m from expectation maximisation on a sample of pairs,
  once within days and once within titles, with term frequencies.
* With labels, m and u both come from the labelled pairs, which are pairs that passed such blocking. Term frequencies,
  which are counted over all records, then only harm.

Clusters come from connected components, and from single best links with each source as a dataset without
duplicates. (DuckDB 2.0 plans those joins so badly for 41 sources that they do not end; with its join-order optimiser
off they take two seconds.) Generous to Splink: all thresholds are tried on the test set itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule

from benchmarks.matching.peers.outcome import Labels, Outcome
from benchmarks.matching.peers.splink_comparisons import comparisons
from benchmarks.matching.peers.splink_table import splink_table
from tracker.models.listing import Listing

NAME = "Splink 5 + DuckDB"
THRESHOLDS = {True: (-6, -4, -2, 0, 1, 2, 4), False: (-8, -6, -4, -2, 0, 3, 6)}
"""The match weights that are tried, with labels and without, in bits."""
COMPONENTS, BEST_LINKS = "components", "best links"

RANDOM_PAIRS = 3e5
"""Pairs sampled to see how often values agree by chance."""
TRAINING_PAIRS = 3e5
"""Pairs sampled for each expectation maximisation."""

_SAME_DAYS = "l.day = r.day and l.last_day = r.last_day"
_POSSIBLE = f"""
    l.source_dataset <> r.source_dataset
    and (l.day is null or r.day is null or (l.day <= r.last_day + 1 and r.day <= l.last_day + 1))
    and (l.minute is null or r.minute is null or abs(l.minute - r.minute) <= 120)
    and (l.closes is null or r.closes is null or abs(l.closes - r.closes) <= 7
         or ({_SAME_DAYS} and l.span + r.span = 0))
    and ((l.city is null or r.city is null or l.city = r.city)
         and (l.country is null or r.country is null or l.country = r.country)
         or (l.host = r.host and {_SAME_DAYS} and l.minute is null and r.minute is null))
"""
_UNSURE = "(l.day is null or r.day is null or l.span > 0 or r.span > 0)"
_A_WORD = "list_has_any(l.known, r.known)"
_RULES = (
    "l.day = r.day",
    f"l.day + 1 = r.day and {_A_WORD}",
    f"l.day = r.day + 1 and {_A_WORD}",
    "l.link = r.link",
    "l.rarest = r.rarest and l.month = r.month",
    f"l.key = r.key and l.organizer = r.organizer and {_UNSURE}",
    f"l.closes = r.closes and {_UNSURE} and {_A_WORD}",
)
_TRAINING = ("l.day = r.day", "l.key = r.key")


def sweep(listings: Sequence[Listing], *, labelled: Labels | None) -> Iterator[Outcome]:
    """Yield the clusters at every threshold, by connected components and by single best links."""
    weights = THRESHOLDS[bool(labelled)]
    logging.getLogger("splink").setLevel(logging.ERROR)
    started = time.perf_counter()
    database = DuckDBAPI(duckdb.connect())
    database._con.execute("SET enable_progress_bar = false")
    table = splink_table(listings)
    linker = _labelled_linker(database, table, labelled) if labelled else _unsupervised_linker(database, table)
    pairs = linker.inference.predict(threshold_match_weight=min(weights))
    database._con.execute("SET disabled_optimizers = 'join_order'")
    shared = time.perf_counter() - started
    sources = table["source_dataset"].unique().to_pylist()
    for weight in weights:
        for way in (COMPONENTS, BEST_LINKS):
            started = time.perf_counter()
            if way == COMPONENTS:
                found = linker.clustering.cluster_pairwise_predictions_at_threshold(
                    pairs, threshold_match_weight=weight
                )
            else:
                found = linker.clustering.cluster_using_single_best_links(
                    pairs, sources, threshold_match_weight=weight, ties_method="drop"
                )
            clusters = _numbers(found.as_pandas_dataframe(), len(listings))
            found.drop_table_from_database_and_remove_from_cache()
            yield Outcome(f"weight ≥ {weight}, {way}", clusters, shared + time.perf_counter() - started)


def _settings(*, by_frequency: bool) -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[CustomRule(_forced(rule)) for rule in _RULES],
        comparisons=comparisons(by_frequency=by_frequency),
        probability_two_random_records_match=0.05 if not by_frequency else 0.001,
        retain_matching_columns=False,
        em_convergence=0.001,
    )


def _forced(rule: str) -> str:
    return f"{rule} and {_POSSIBLE}"


def _unsupervised_linker(database: DuckDBAPI, table: pa.Table) -> Linker:
    linker = Linker(database.register(table), _settings(by_frequency=True))
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=1, min_count_per_level=None, num_chunks=1
    )
    for rule in _TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(
            CustomRule(_forced(rule)),
            max_pairs=TRAINING_PAIRS,
            record_sample_proportion=0.5,
            estimate_without_term_frequencies=True,
        )
    return linker


def _labelled_linker(database: DuckDBAPI, table: pa.Table, labelled: Labels) -> Linker:
    """m from the labelled matches and u from the labelled others: the same sum by the same function."""
    model, others = (_shares(table, labelled, together=together) for together in (True, False))
    least = 1 / len(labelled)
    for comparison, other in zip(model["comparisons"], others["comparisons"], strict=True):
        for level, its_other in zip(comparison["comparison_levels"], other["comparison_levels"], strict=True):
            if not level.get("is_null_level"):
                level["u_probability"] = max(its_other.get("m_probability") or 0, least)
                level["m_probability"] = max(level.get("m_probability") or 0, least)
    return Linker(database.register(table), model)


def _shares(table: pa.Table, labelled: Labels, *, together: bool) -> dict[str, Any]:
    """Return the model whose m are the shares of each level among the pairs labelled ``together``."""
    shown = [(left, right) for left, right, same in labelled if same is together]
    rows = sorted({number for pair in shown for number in pair})
    source = dict(zip(rows, table["source_dataset"].take(rows).to_pylist(), strict=True))
    database = DuckDBAPI()
    linker = Linker(database.register(table.take(rows)), _settings(by_frequency=False))
    labels = pd.DataFrame(
        [(source[left], left, source[right], right) for left, right in shown],
        columns=["source_dataset_l", "unique_id_l", "source_dataset_r", "unique_id_r"],
    )
    linker.training.estimate_m_from_pairwise_labels(database.register(labels, table_name="labels"))
    model: dict[str, Any] = linker.misc.save_model_to_json()
    return model


def _numbers(found: pd.DataFrame, count: int) -> list[int]:
    clusters = [0] * count
    for number, cluster_number in zip(found["unique_id"], pd.factorize(found["cluster_id"])[0], strict=True):
        clusters[number] = int(cluster_number)
    return clusters
