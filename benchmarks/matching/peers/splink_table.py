"""The listings as Splink gets them: ``normalised.frame`` with what its comparisons want, lists of words as numbers."""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd
import pyarrow as pa

from benchmarks.matching.peers.normalised import STOP_WORDS, frame
from tracker.models.listing import Listing

LONGEST_NAME = 160
"""A summary of more signs is a sentence, and no other name of the event."""

_YEAR = re.compile(r"(19|20)\d\d")
_DAYS = ("day", "last_day", "span", "month", "minute", "end_minute", "closes")
_TEXTS = ("title", "key", "rarest", "city", "country", "organizer", "link", "host", "path")
_LISTS = ("names", "words", "all_words", "known", "numbers", "grams", "organizer_words", "about")


def splink_table(listings: Sequence[Listing]) -> pa.Table:
    """Return one row per listing, in their order. What a listing does not say is null.

    Beside what ``normalised.frame`` has: ``title`` and ``words`` without years · ``names`` title and short summary,
    each as one word · ``all_words`` of both · ``known`` these, the organiser's and the city's · ``key`` the words as
    text · ``rarest`` the rarest word of the title · ``last_day`` at least ``day``, with ``span``.
    """
    collects = gc.isenabled()
    gc.disable()  # nothing here refers back to itself, and looking for that would take half of the time
    try:
        return _arrow(_described(listings))
    finally:
        if collects:
            gc.enable()


def _described(listings: Sequence[Listing]) -> pd.DataFrame:
    table = frame(listings)
    titles = [_without_year(title) or [title] for title in table["title"]]
    summaries = [_without_year(text) if text and len(text) <= LONGEST_NAME else [] for text in table["summary"]]
    table["title"] = [" ".join(words) for words in titles]
    table["names"] = [
        sorted({"".join(words) for words in (title, summary) if words})
        for title, summary in zip(titles, summaries, strict=True)
    ]
    table["words"] = [sorted(set(words)) for words in titles]
    table["all_words"] = [sorted({*one, *two}) for one, two in zip(titles, summaries, strict=True)]
    table["key"] = [" ".join(words) for words in table["words"]]
    held = Counter(word for words in table["all_words"] for word in words)
    table["rarest"] = [min(words, key=lambda word: (held[word], word)) for words in table["words"]]
    table["numbers"] = [[word for word in words if any(sign.isdigit() for sign in word)] for words in table["words"]]
    table["known"] = [
        sorted({*words, *(organizer or ()), *(city or "").split()})
        for words, organizer, city in zip(table["all_words"], table["organizer_words"], table["city"], strict=True)
    ]
    table["grams"] = [sorted({title[at : at + 3] for at in range(max(1, len(title) - 2))}) for title in table["title"]]
    table["last_day"] = table[["day", "last_day"]].max(axis=1) + table["span"]
    return table


def _without_year(text: str) -> list[str]:
    return [word for word in text.split() if word not in STOP_WORDS and not _YEAR.fullmatch(word)]


def _arrow(table: pd.DataFrame) -> pa.Table:
    """With the types stated: a column that nobody fills has no type of its own."""
    numbers: dict[str, int] = {}
    columns = {
        "unique_id": pa.array(table["unique_id"], pa.int64()),
        "source_dataset": pa.array([f"s{number}" for number in pd.factorize(table["source"])[0]]),
    }
    for name in _DAYS:
        columns[name] = pa.array(table[name].astype("Int64"), pa.int64())
    for name in _TEXTS:
        columns[name] = pa.array([text or None for text in table[name]], pa.string())
    for name in _LISTS:
        columns[name] = pa.array([_numbered(words, numbers) for words in table[name]], pa.list_(pa.int32()))
    return pa.table(columns)


def _numbered(words: Iterable[str] | None, numbers: dict[str, int]) -> list[int] | None:
    return None if words is None else [numbers.setdefault(word, len(numbers)) for word in words]
