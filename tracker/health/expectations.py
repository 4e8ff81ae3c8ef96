"""Expectations of a source: how many listings fill which field, learned from its healthy runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from tracker.models.crawl_result import CrawlResult
from tracker.models.listing import Listing
from tracker.models.run import Run
from tracker.models.source import Expectation
from tracker.models.vocabulary import Mode, Verdict

_PLACED = {Mode.ONLINE}

IS_FILLED: dict[str, Callable[[Listing], bool]] = {
    "date": lambda listing: listing.when.start is not None,
    "place": lambda listing: bool(listing.places) or listing.mode in _PLACED,
    "url": lambda listing: listing.url is not None,
    "deadline": lambda listing: bool(listing.deadlines),
    "type": lambda listing: bool(listing.types),
}
"""Checks of whether a listing fills a field, by the names that ``expect.fills`` uses."""


def fill_rates(listings: Collection[Listing]) -> dict[str, float]:
    """Return for each name the share of listings that fill the field; empty for no listings."""
    if not listings:
        return {}
    return {name: round(sum(map(is_filled, listings)) / len(listings), 3) for name, is_filled in IS_FILLED.items()}


def lacking(result: CrawlResult, name: str) -> frozenset[str]:
    """Return the keys of the readings that do not fill a field."""
    is_filled = IS_FILLED[name]
    return frozenset(key for key, (_, listing) in result.readings.items() if not is_filled(listing))


RUNS_TO_LEARN = 3
_LEAST, _MOST = 0.8, 2
_ROOM, _SPARE = 20, 0.15
_ALWAYS = 0.5
REGULAR = timedelta(days=180)
"""``newest_within`` proposed for a source that always has something to come."""


def learn_expectation(runs: Sequence[Run]) -> Expectation | None:
    """Return the expectation from the runs that read all pages; None before enough runs went well.

    The minimum is four fifths of the smallest count, the maximum twice the largest: close enough to notice a break,
    wide enough for seasonal changes.
    """
    seen = [run for run in runs if run.verdict is Verdict.HEALTHY and not run.pages_unchanged]
    # Runs without changes count as well, because they confirm the earlier counts.
    if not seen or sum(run.is_successful for run in runs) < RUNS_TO_LEARN:
        return None
    counts = [run.kept for run in seen]
    is_regular = all(run.newest and run.newest >= run.started_at.date() for run in seen)
    rates = [run.fills for run in seen if run.fills]
    least = {name: min(each.get(name, 0) for each in rates) - _SPARE for name in (rates[0] if rates else ())}
    return Expectation(
        at_least=math.floor(min(counts) * _LEAST),
        at_most=max(max(counts) * _MOST, _ROOM),
        fills={name: math.floor(rate * 10) / 10 for name, rate in least.items() if rate >= _ALWAYS},
        newest_within=REGULAR if is_regular else None,
    )


def expectation_line(expected: Expectation) -> str:
    """Return the expectation as a line of a source file."""
    parts = [f"at_least = {expected.at_least}", f"at_most = {expected.at_most}"]
    if expected.fills:
        parts.append(f"fills = {{ {', '.join(f'{name} = {rate}' for name, rate in expected.fills.items())} }}")
    if expected.newest_within is not None:
        parts.append(f'newest_within = "{expected.newest_within.days}d"')
    return f"expect = {{ {', '.join(parts)} }}"
