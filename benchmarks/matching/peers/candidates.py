"""Candidate pairs for the systems that have no blocking of their own that would do, and for whoever labels pairs.

Two listings meet if their days are at most one apart, or if they share a link or all words of the title, or, where a
day is not sure, the month, a deadline or the organiser and two words. Of these pairs the impossible ones are left out:
one source, different cities or countries, days or clock times or deadlines too far apart. No system here could veto
those by itself, and each does much better without them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HOURS_APART = 2
"""The most hours between two starts."""
DEADLINES_APART = 7
"""The most days between two deadlines."""

Positions = NDArray[np.int64]


def candidates(table: pd.DataFrame) -> tuple[Positions, Positions]:
    """Return the distinct candidate pairs of ``normalised.frame``'s table, the lower position first."""
    count = len(table)
    table = table.assign(next_day=table["day"] + 1)
    keys = np.concatenate(
        [
            _meet(table, "day", "day"),
            _meet(table, "day", "next_day"),
            _meet(table, "link", "link"),
            _meet(table, "sorted_title", "sorted_title"),
            *(_share_words(table, _meet_unsure(table, column)) for column in ("month", "closes", "organizer")),
        ]
    )
    keys = np.unique(keys)
    left, right = keys // count, keys % count
    kept = possible(table, left, right)
    return left[kept], right[kept]


def _meet(table: pd.DataFrame, left: str, right: str) -> Positions:
    sides = [
        table[["unique_id", column]].dropna().rename(columns={column: "key"}).astype({"key": object})
        for column in (left, right)
    ]
    met = sides[0].merge(sides[1], on="key", suffixes=("_l", "_r"))
    low = met[["unique_id_l", "unique_id_r"]].min(axis=1).to_numpy(np.int64)
    high = met[["unique_id_l", "unique_id_r"]].max(axis=1).to_numpy(np.int64)
    return np.unique((low * len(table) + high)[low != high])


def _meet_unsure(table: pd.DataFrame, column: str) -> Positions:
    """The pairs that share ``column`` of which one side's day is not sure."""
    unsure = (table["day"].isna() | (table["span"] > 0)).to_numpy(bool)
    return _meet(table.assign(unsure=table[column].where(unsure)), "unsure", column)


def _share_words(table: pd.DataFrame, keys: Positions) -> Positions:
    words = [frozenset(each) for each in table["words"]]
    count = len(table)
    kept = [len(words[key // count] & words[key % count]) > 1 for key in keys.tolist()]
    return keys[np.array(kept, dtype=bool)]


def possible(table: pd.DataFrame, left: Positions, right: Positions) -> NDArray[np.bool_]:
    """Say of each pair whether it can be one event."""
    kept = _codes(table["source"])[left] != _codes(table["source"])[right]
    for column in ("city", "country"):
        codes = _codes(table[column])
        kept &= (codes[left] == codes[right]) | (codes[left] < 0) | (codes[right] < 0)
    day, span = _numbers(table["day"]), _numbers(table["span"])
    for one, two in ((left, right), (right, left)):
        kept &= ~(day[one] > day[two] + span[two] + 1)
    for column, most in (("minute", HOURS_APART * 60), ("closes", DEADLINES_APART)):
        values = _numbers(table[column])
        kept &= ~(np.abs(values[left] - values[right]) > most)
    return kept


def _codes(column: pd.Series[Any]) -> Positions:
    return pd.factorize(column)[0].astype(np.int64)


def _numbers(column: pd.Series[Any]) -> NDArray[np.float64]:
    """NaN where missing: every comparison with it is false."""
    return column.to_numpy(np.float64, na_value=np.nan)
