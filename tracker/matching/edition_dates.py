"""Tells that the edition which a title names is not the one on other dates: "Summer 2027" and 18 January 2027."""

from __future__ import annotations

import numpy as np

from tracker.matching.application_rounds import starts_by_deadline
from tracker.matching.columns import Flags, Ints
from tracker.matching.pairs import Pairs
from tracker.matching.profiles import TimeKind
from tracker.matching.table import Rows

_MARGIN, _MARGIN_OF_MONTH = 92, 30
"""Number of days before and after a year, or a season or month, in which what is called after it may start."""
_SEASONS = np.array([0, 2, 5, 8, 0])
"""First months of spring, summer and autumn; a winter may be that of either end of its year."""
_LENGTH_OF_SEASON = 5
"""Number of months that people call by one season."""
_ORDINAL_OF_1970 = 719_163


def contradicts_edition(pairs: Pairs) -> Flags:
    """Return whether one names a year, and the other starts, or can be applied for, well outside of it."""
    answer: Flags = _is_outside(pairs.one, pairs.other) | _is_outside(pairs.other, pairs.one)
    answer[answer] = ~starts_by_deadline(pairs.part(answer))
    return answer


def _is_outside(named: Rows, dated: Rows) -> Flags:
    answer: Flags = (named.years[:, 0] > 0) & (dated.years[:, 0] == 0) & (named.time_kind == TimeKind.UNDATED)
    some = np.flatnonzero(answer)
    named, dated = named.part(some), dated.part(some)
    first, last = named.years[:, 0], named.years.max(axis=1)
    is_south = (dated.latitude < 0).any(axis=1)
    part = named.part_of_year
    season = np.where((part < len(_SEASONS)) & ~is_south, _SEASONS[part % len(_SEASONS)], 0)
    month = np.where(named.month > 0, named.month, season)
    length = np.where(named.month > 0, 1, np.where(season > 0, _LENGTH_OF_SEASON, 12))
    begin, end = _first_day(first, np.maximum(1, month)), _first_day(last, np.maximum(1, month) + length) - 1
    margin = np.where(month > 0, _MARGIN_OF_MONTH, _MARGIN)
    is_dated = dated.time_kind > TimeKind.UNDATED
    outside = is_dated & ((dated.first_day < begin - margin) | (dated.first_day > end + margin))
    answer[some] = outside | (dated.deadlines.max(axis=1, initial=0) > end)
    return answer


def _first_day(year: Ints, month: Ints) -> Ints:
    """Return the ordinal of the first day of a month, which may be one after December."""
    months = ((year.astype(np.int64) - 1970) * 12 + month - 1).astype("datetime64[M]")
    answer: Ints = months.astype("datetime64[D]").astype(np.int64) + _ORDINAL_OF_1970
    return answer
