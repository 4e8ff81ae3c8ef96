"""Tells that the year which a title names is not that of other dates: "Policy Fellowship 2026" and November 2027."""

from __future__ import annotations

import numpy as np

from tracker.matching.columns import Flags, Ints
from tracker.matching.pairs import Pairs
from tracker.matching.profiles import TimeKind
from tracker.matching.table import Rows

_MARGIN, _MARGIN_OF_DEADLINE = 153, 60
"""Number of days around a year in which what is called after it may start, and after it in which one may apply.

Academic years and "Class of 2028" start in the August before; prizes are awarded in the spring after.
"""
_FURTHEST = 730
"""Number of days from which the year in the title is no edition: "AI Strategy 2030"."""
_ORDINAL_OF_1970 = 719_163


def contradicts_edition(pairs: Pairs) -> Flags:
    """Return whether one names a year, and the other starts, or can be applied for, well outside of it."""
    answer: Flags = _is_outside(pairs.one, pairs.other) | _is_outside(pairs.other, pairs.one)
    return answer


def _is_outside(named: Rows, dated: Rows) -> Flags:
    answer: Flags = (named.years[:, 0] > 0) & (dated.years[:, 0] == 0) & (named.time_kind == TimeKind.UNDATED)
    answer &= ~dated.is_day_to_apply & ~dated.may_start_later
    some = np.flatnonzero(answer)
    named, dated = named.part(some), dated.part(some)
    begin, end = _first_day(named.years[:, 0]), _first_day(named.years.max(axis=1) + 1) - 1
    is_dated = dated.time_kind > TimeKind.UNDATED
    start = dated.first_day
    early = (start < begin - _MARGIN) & (start > begin - _FURTHEST)
    late = (start > end + _MARGIN) & (start < end + _FURTHEST)
    due = np.where(dated.deadlines > 0, dated.deadlines, _FAR).min(axis=1, initial=_FAR)
    due_late = (due > end + _MARGIN_OF_DEADLINE) & (due < end + _FURTHEST)
    answer[some] = np.where(is_dated, early | late, due_late)
    return answer


_FAR = 10_000_000
"""An ordinal after all days."""


def _first_day(year: Ints) -> Ints:
    """Return the ordinal of 1 January."""
    years = (year.astype(np.int64) - 1970).astype("datetime64[Y]")
    answer: Ints = years.astype("datetime64[D]").astype(np.int64) + _ORDINAL_OF_1970
    return answer
