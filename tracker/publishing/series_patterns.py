"""Detects the usual pattern of a series: how often it meets, when it starts, when applications open and close."""

from __future__ import annotations

from calendar import month_name
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from tracker.models.event import Event
from tracker.models.moments import day_of

_OFTEN = 45
"""Maximum usual gap in days for which the interval is given; series with longer gaps are described by month."""
_EVEN = 0.3
"""Maximum deviation of a gap from the usual one, as a share of it, to count as regular."""


def series_patterns(events: Iterable[Event]) -> list[str]:
    """Return sentences about the events of one series; none if they are too few or too irregular.

    ``Usually every 7 days``; ``Usually starts in March``; ``Applications usually open in October``.
    """
    known = list(events)
    starts = sorted({day for each in known if each.when.is_exact_to_the_day and (day := each.when.first_day)})
    gaps = [(later - earlier).days for earlier, later in pairwise(starts)]
    if len(gaps) > 1 and (usual := median(gaps)) <= _OFTEN:
        even = sum(abs(gap - usual) <= _EVEN * usual for gap in gaps)
        return [f"Usually every {usual:.0f} days"] if even > len(gaps) / 2 else []
    opened = [day_of(each.opens, each.timezone) for event in known for each in event.deadlines if each.opens]
    closed = [day_of(each.at, each.timezone) for event in known for each in event.deadlines if each.at]
    said = [("Usually starts in", starts), ("Applications usually open in", opened)]
    said.append(("Applications usually close in", closed))
    return [f"{words} {month}" for words, days in said if (month := _usual_month(days))]


def _usual_month(days: Sequence[date]) -> str:
    """Return the month that most years share; empty if there is none, or only one year."""
    by_year = {day.year: day.month for day in sorted(days, reverse=True)}
    if len(by_year) < 2:
        return ""
    month, count = Counter(by_year.values()).most_common(1)[0]
    return month_name[month] if count > len(by_year) / 2 else ""
