"""Computes the interval in which the next of some yearly dates falls with a probability of 80 %.

The dates are compared by their anniversaries. Their spread is a mix of this series' own and of what is usual, because
three dates alone say little; the interval is that of Student's t distribution for a new date.
``benchmarks/next_rounds.py`` measures how often it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import sqrt

LEAST_ROUNDS = 3
"""Fewer rounds are no history."""
_USUAL_SPREAD, _USUAL_WEIGHT = 12.0, 2
"""Days by which yearly dates usually vary, and how many dates that counts as."""
_LAST_COUNTS = 0.5
"""How much the last date counts beside the mean of all: series drift."""
_T_90 = {
    2: 1.886,
    3: 1.638,
    4: 1.533,
    5: 1.476,
    6: 1.440,
    7: 1.415,
    8: 1.397,
    9: 1.383,
    10: 1.372,
    15: 1.341,
    20: 1.325,
}
"""Student's t for 90 % on one side, by degrees of freedom."""


def anniversary(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def expect_day(days: Mapping[int, date], year: int) -> tuple[date, date] | None:
    """Return the first and the last day of the interval for a year, or None without enough history.

    Args:
        days: the date of each round, by the year of the round.
        year: the year of the round to expect.
    """
    if len(days) < LEAST_ROUNDS:
        return None
    past = [anniversary(day, year - of).toordinal() for of, day in sorted(days.items())]
    count, mean = len(past), sum(past) / len(past)
    center = _LAST_COUNTS * past[-1] + (1 - _LAST_COUNTS) * mean
    squares = sum((each - mean) ** 2 for each in past) + _USUAL_WEIGHT * _USUAL_SPREAD**2
    freedom = count - 1 + _USUAL_WEIGHT
    half = _t(freedom) * sqrt(squares / freedom * (1 + 1 / count))
    day = date.fromordinal(round(center))
    return day - timedelta(days=round(half)), day + timedelta(days=round(half))


def _t(freedom: int) -> float:
    return _T_90[max(each for each in _T_90 if each <= max(freedom, min(_T_90)))]
