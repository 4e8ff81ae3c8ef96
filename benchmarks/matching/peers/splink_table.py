"""The listings as Splink gets them: ``normalised.rows`` with what its comparisons want, lists of words as numbers."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.matching.peers.normalised import STOP_WORDS, rows
from tracker.models.listing import Listing

LONGEST_NAME = 160
"""A summary of more signs is a sentence, and no other name of the event."""
AT_ONCE = 20_000
"""Listings that are described at once: as lists of texts, all of a million take more memory than all else."""

_YEAR = re.compile(r"(19|20)\d\d")
_DAYS = ("day", "last_day", "span", "month", "minute", "end_minute", "closes")
_TEXTS = ("title", "key", "city", "country", "organizer", "link", "host", "path")
_LISTS = ("names", "words", "all_words", "known", "numbers", "grams", "organizer_words", "about")


def splink_table(listings: Sequence[Listing]) -> pa.Table:
    """Return one row per listing, in their order. What a listing does not say is null.

    Beside what ``normalised.rows`` have: ``title`` and ``words`` without years · ``names`` title and short summary,
    each as one word · ``all_words`` of both · ``known`` these, the organiser's and the city's · ``key`` the words as
    text · ``rarest`` the rarest word of the title · ``last_day`` at least ``day``, with ``span``.
    """
    numbers: dict[str, int] = {}
    collects = gc.isenabled()
    gc.disable()  # nothing here refers back to itself, and looking for that would take half of the time
    try:
        parts = [
            _arrow(_described(listings[start : start + AT_ONCE]), start, numbers)
            for start in range(0, len(listings), AT_ONCE)
        ]
    finally:
        if collects:
            gc.enable()
    table = pa.concat_tables(parts).combine_chunks()
    return table.append_column("rarest", pa.array(_rarest(table)))


def _described(listings: Sequence[Listing]) -> list[dict[str, Any]]:
    described = list(rows(listings))
    for row in described:
        title, summary = row["title"], row["summary"]
        words = _without_year(title) or [title]
        other_words = _without_year(summary) if summary and len(summary) <= LONGEST_NAME else []
        row["title"] = " ".join(words)
        row["grams"] = sorted({row["title"][at : at + 3] for at in range(max(1, len(row["title"]) - 2))})
        row["names"] = sorted({"".join(each) for each in (words, other_words) if each})
        row["words"] = sorted(set(words))
        row["all_words"] = sorted({*words, *other_words})
        row["known"] = sorted({*row["all_words"], *(row["organizer_words"] or ()), *(row["city"] or "").split()})
        row["numbers"] = [word for word in row["words"] if any(sign.isdigit() for sign in word)]
        row["key"] = " ".join(row["words"])
        if row["day"] is not None:
            row["last_day"] = max(row["day"], row["last_day"] or 0) + row["span"]
    return described


def _without_year(text: str) -> list[str]:
    return [word for word in text.split() if word not in STOP_WORDS and not _YEAR.fullmatch(word)]


def _arrow(described: list[dict[str, Any]], start: int, numbers: dict[str, int]) -> pa.Table:
    """With the types stated: a column that nobody fills has no type of its own."""
    sources = [f"s{numbers.setdefault(row['source'], len(numbers))}" for row in described]
    columns = {
        "unique_id": pa.array(range(start, start + len(described)), pa.int64()),
        "source_dataset": pa.array(sources, pa.string()),
    }
    for name in _DAYS:
        columns[name] = pa.array([row[name] for row in described], pa.int64())
    for name in _TEXTS:
        columns[name] = pa.array([row[name] or None for row in described], pa.string())
    for name in _LISTS:
        columns[name] = pa.array([_numbered(row[name], numbers) for row in described], pa.list_(pa.int32()))
    return pa.table(columns)


def _numbered(words: Iterable[str] | None, numbers: dict[str, int]) -> list[int] | None:
    return None if words is None else [numbers.setdefault(word, len(numbers)) for word in words]


def _rarest(table: pa.Table) -> np.ndarray:
    """Return the same number for titles whose rarest word is the same."""
    words, all_words = (table[name].chunk(0) for name in ("words", "all_words"))
    held = np.bincount(all_words.flatten().to_numpy())
    word = words.flatten().to_numpy().astype(np.int64)
    return np.minimum.reduceat(held[word] * len(held) + word, words.offsets.to_numpy()[:-1])
