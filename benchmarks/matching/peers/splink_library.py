"""Splink 5 (Linacre et al. 2022) on DuckDB: Fellegi and Sunter's model, in the best configurations we found.

Left to itself Splink merges series: it takes link, title and day as independent evidence, and has no cannot-link.
So what cannot be one event is kept from it: every blocking rule demands two sources, compatible time (two hours, or
a day, or within the stated month), compatible deadlines, and no two different cities or countries.

* Without labels, u comes from random pairs and m from expectation maximisation, with term frequencies.
* With labels, m and u both come from the labelled pairs, which are pairs that passed such blocking. Term frequencies,
  which are counted over all records, then only harm.

Clusters come from connected components, and from single best links with each source as a dataset without
duplicates, which was the better one everywhere. (DuckDB 2.0 plans those joins so badly for 41 sources that they do
not end; with its join-order optimiser off they take two seconds.) Generous to Splink: all thresholds are tried on
the test set itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pandas as pd
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule

from benchmarks.matching.peers.normalised import frame
from benchmarks.matching.peers.outcome import Labels, Outcome
from tracker.models.listing import Listing

NAME = "Splink 5 + DuckDB"
THRESHOLDS = {True: (-1, 0, 1, 2, 3, 4, 5, 6, 8), False: (10, 12, 14, 15, 16, 17, 18, 20, 22)}
"""The match weights that are tried, with labels and without, in bits."""

RANDOM_PAIRS = 5e5
"""Pairs sampled to see how often values agree by chance."""
COMPONENTS, BEST_LINKS = "components", "best links"

_BLOCKED = ("day", "span", "month", "minute", "closes", "city", "country", "link", "organizer", "sorted_title", "words")
_COMPATIBLE = """
    l.source_dataset <> r.source_dataset
    and (l.b_city is null or r.b_city is null or l.b_city = r.b_city)
    and (l.b_country is null or r.b_country is null or l.b_country = r.b_country)
    and (l.b_closes is null or r.b_closes is null or abs(l.b_closes - r.b_closes) <= 7)
    and (l.b_day is null or r.b_day is null
         or (l.b_day <= r.b_day + r.b_span + 1 and r.b_day <= l.b_day + l.b_span + 1))
    and (l.b_minute is null or r.b_minute is null or abs(l.b_minute - r.b_minute) <= 120)
"""
_UNSURE = "(l.b_day is null or r.b_day is null or l.b_span > 0 or r.b_span > 0)"
_TRAINING = ("l.day = r.day", "l.sorted_title = r.sorted_title")
_SHARED_WORDS = "len(list_intersect(l.b_words, r.b_words))"
_RULES = (
    "l.b_day = r.b_day",
    "l.b_day + 1 = r.b_day",
    "l.b_day = r.b_day + 1",
    "l.b_link = r.b_link",
    "l.b_sorted_title = r.b_sorted_title",
    f"l.b_month = r.b_month and {_UNSURE} and {_SHARED_WORDS} > 1",
    f"l.b_closes = r.b_closes and {_UNSURE} and {_SHARED_WORDS} > 0",
    f"l.b_organizer = r.b_organizer and {_UNSURE} and {_SHARED_WORDS} > 1",
)


def sweep(listings: Sequence[Listing], *, labelled: Labels | None) -> Iterator[Outcome]:
    """Yield the clusters at every threshold, by connected components and by single best links."""
    weights = THRESHOLDS[bool(labelled)]
    logging.getLogger("splink").setLevel(logging.ERROR)
    started = time.perf_counter()
    database = DuckDBAPI(duckdb.connect())
    table = _table(listings)
    linker = _labelled_linker(database, table, labelled) if labelled else _unsupervised_linker(database, table)
    pairs = linker.inference.predict(threshold_match_weight=min(weights))
    database._con.execute("SET disabled_optimizers = 'join_order'")
    shared = time.perf_counter() - started
    sources = sorted(set(table["source_dataset"]))
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
            yield Outcome(f"weight ≥ {weight}, {way}", clusters, shared + time.perf_counter() - started)


def _table(listings: Sequence[Listing]) -> pd.DataFrame:
    table = frame(listings).rename(columns={"source": "source_dataset"})
    table["source_dataset"] = "s" + pd.Series(pd.factorize(table["source_dataset"])[0]).astype(str)
    table["explained"] = [
        sorted({*words, *(organizer or ()), *(city or "").split()})
        for words, organizer, city in zip(table["words"], table["organizer_words"], table["city"], strict=True)
    ]
    for name in ("day", "span", "month", "minute", "last_day", "end_minute", "closes"):
        table[name] = table[name].astype("Int64")
    return table.assign(**{f"b_{name}": table[name] for name in _BLOCKED})


def _settings(*, by_frequency: bool) -> SettingsCreator:
    comparisons = [_title(), _number(), _time(), _end(), _place(), _organizer(), _link(), _about(), _deadline()]
    for comparison in () if by_frequency else comparisons:
        for level in comparison["comparison_levels"]:
            level.pop("tf_adjustment_column", None)
            level.pop("tf_adjustment_weight", None)
    return SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[CustomRule(_forced(rule)) for rule in _RULES],
        comparisons=comparisons,
        probability_two_random_records_match=0.05,
        retain_matching_columns=False,
        em_convergence=0.001,
    )


def _forced(rule: str) -> str:
    return f"({rule}) and {_COMPATIBLE}"


def _unsupervised_linker(database: DuckDBAPI, table: pd.DataFrame) -> Linker:
    """u from random pairs; m from expectation maximisation, once within days and once within titles."""
    linker = Linker(database.register(table), _settings(by_frequency=True))
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    for rule in _TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(CustomRule(_forced(rule)))
    return linker


def _labelled_linker(database: DuckDBAPI, table: pd.DataFrame, labelled: Labels) -> Linker:
    """m from the labelled matches and u from the labelled others: the same sum by the same function."""
    model, others = (_shares(table, labelled, together=together) for together in (True, False))
    least = 1 / len(labelled)
    for comparison, other in zip(model["comparisons"], others["comparisons"], strict=True):
        for level, its_other in zip(comparison["comparison_levels"], other["comparison_levels"], strict=True):
            if not level.get("is_null_level"):
                level["u_probability"] = max(its_other.get("m_probability") or 0, least)
                level["m_probability"] = max(level.get("m_probability") or 0, least)
    return Linker(database.register(table), model)


def _shares(table: pd.DataFrame, labelled: Labels, *, together: bool) -> dict[str, Any]:
    """Return the model whose m are the shares of each level among the pairs labelled ``together``."""
    database = DuckDBAPI()
    linker = Linker(database.register(table), _settings(by_frequency=False))
    source = table["source_dataset"]
    shown = [(source[left], left, source[right], right) for left, right, same in labelled if same is together]
    labels = pd.DataFrame(shown, columns=["source_dataset_l", "unique_id_l", "source_dataset_r", "unique_id_r"])
    linker.training.estimate_m_from_pairwise_labels(database.register(labels, table_name="labels"))
    return linker.misc.save_model_to_json()


def _numbers(found: pd.DataFrame, count: int) -> list[int]:
    clusters = [0] * count
    for number, cluster_number in zip(found["unique_id"], pd.factorize(found["cluster_id"])[0], strict=True):
        clusters[number] = int(cluster_number)
    return clusters


def _comparison(name: str, missing: str, *levels: str, frequency: str | None = None) -> dict[str, Any]:
    """A comparison, the most alike first. ``frequency``: weigh the first level by the rarity of that column's value."""
    described: list[dict[str, Any]] = [{"sql_condition": missing, "label_for_charts": "null", "is_null_level": True}]
    for number, level in enumerate(levels):
        described.append({"sql_condition": level, "label_for_charts": f"{name} {number}"})
        if frequency and number == 0:
            described[-1] |= {"tf_adjustment_column": frequency, "tf_adjustment_weight": 1.0}
    described.append({"sql_condition": "ELSE", "label_for_charts": "else"})
    return {"output_column_name": name, "comparison_levels": described}


def _missing(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


def _shared(column: str) -> str:
    return f"len(list_intersect({column}_l, {column}_r))"


def _overlap(column: str) -> str:
    """Shared items over the items of the shorter side."""
    return f"{_shared(column)} / greatest(1, least(len({column}_l), len({column}_r)))"


def _jaccard(column: str) -> str:
    shared = _shared(column)
    return f"{shared} / greatest(1, len({column}_l) + len({column}_r) - {shared})"


def _title() -> dict[str, Any]:
    """Words that stand only on one side are a prefix or a suffix; on both sides they tell two events apart."""
    only = (
        "least(len(words_l) - len(list_intersect(words_l, explained_r)), "
        "len(words_r) - len(list_intersect(words_r, explained_l)))"
    )
    other = only.replace("least", "greatest", 1)
    long = "least(len(words_l), len(words_r)) >= 3"
    alike = f"({_jaccard('grams')} >= 0.75 or jaro_winkler_similarity(title_l, title_r) >= 0.95)"
    return _comparison(
        "title",
        _missing("title"),
        "sorted_title_l = sorted_title_r",
        f"{other} = 0 and {long}",
        f"{only} = 0 and {other} = 1 and {long}",
        f"{only} = 0 and {long} and {_overlap('words')} = 1",
        f"{only} = 0 and {_overlap('grams')} >= 0.6",
        f"{only} = 0",
        f"{only} = 1 and {alike}",
        alike,
        f"{only} = 1 and {_overlap('grams')} >= 0.85",
        f"{only} = 1 and {_overlap('grams')} >= 0.7",
        f"{only} = 1 and {_overlap('grams')} >= 0.5",
        f"{only} = 2 and {_overlap('grams')} >= 0.6",
        f"{_overlap('grams')} >= 0.6",
        f"{_overlap('grams')} >= 0.4",
        frequency="sorted_title",
    )


def _number() -> dict[str, Any]:
    return _comparison(
        "numbers",
        "len(numbers_l) = 0 or len(numbers_r) = 0",
        f"{_jaccard('numbers')} = 1",
        f"{_shared('numbers')} > 0",
    )


def _time() -> dict[str, Any]:
    return _comparison(
        "day",
        "false",
        _missing("day"),
        "span_l > 0 or span_r > 0",
        "minute_l = minute_r",
        "abs(minute_l - minute_r) <= 60",
        "minute_l is not null and minute_r is not null",
        "day_l = day_r and last_day_l = last_day_r and last_day_l > day_l",
        "day_l = day_r",
    )


def _end() -> dict[str, Any]:
    return _comparison("last_day", _missing("last_day"), "end_minute_l = end_minute_r", "last_day_l = last_day_r")


def _place() -> dict[str, Any]:
    return _comparison(
        "city", "false", "city_l = city_r", "country_l = country_r", "country_l is null and country_r is null"
    )


def _organizer() -> dict[str, Any]:
    return _comparison(
        "organizer",
        _missing("organizer"),
        "organizer_l = organizer_r",
        f"{_overlap('organizer_words')} = 1",
        f"{_shared('organizer_words')} > 0",
        frequency="organizer",
    )


def _link() -> dict[str, Any]:
    """The link proves a match only where it is the same; another page of the same host is another event."""
    return _comparison(
        "link",
        _missing("link"),
        "link_l = link_r",
        "path_l = path_r and path_l <> ''",
        "host_l = host_r",
        frequency="link",
    )


def _about() -> dict[str, Any]:
    return _comparison(
        "about",
        _missing("about"),
        f"{_jaccard('about')} >= 0.8",
        f"{_overlap('about')} >= 0.7",
        f"{_overlap('about')} >= 0.4",
    )


def _deadline() -> dict[str, Any]:
    return _comparison("closes", _missing("closes"), "closes_l = closes_r", "abs(closes_l - closes_r) <= 1")
