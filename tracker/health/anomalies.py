"""Anomaly detection: compares a crawl result with the source's history.

It catches responses that look healthy but would remove the source's events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.health.expectations import fill_rates
from tracker.models.crawl_result import CrawlResult, SourceHistory

MIN_FOR_HALVED = 4
"""Number of upcoming listings from which it is an anomaly if half of them vanish at once; of fewer, if all do."""
FLOOD = 5, 50
"""A flood: more than 5 times as many listings as ever before, and more than 50 new ones."""
_CLOCKS_APART = timedelta(hours=24)
_WELL_FILLED, _EMPTIED_FIELD = 0.9, 0.5
_RUNS_TO_LEARN, _LISTINGS_TO_LEARN = 3, 5
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Why a run is suspect although its pages could be read."""

    diagnosis: str
    message: str


def detect_anomaly(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:
    """Return the first anomaly of a crawl result, or None."""
    for check in _CHECKS:
        if (found := check(result, known, now)) is not None:
            return found
    return None


def _clock_off(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:  # noqa: ARG001
    skew = result.clock_skew
    if skew is None or abs(skew) < _CLOCKS_APART:
        return None
    hours = round(abs(skew).total_seconds() / 3600)
    side = "ahead of" if skew > timedelta() else "behind"
    return Anomaly("clock_off", f"The server's clock is {hours} hours {side} ours. Is this machine's clock right?")


def _another_source(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:  # noqa: ARG001
    """Detect another source's calendar under this source's URL. Groups that share events share some, not all."""
    found = result.readings.keys()
    if not known.listings or not found or found & known.listings.keys() or result.unchanged_pages:
        return None
    if len(known.ids_of_others) < _MOSTLY * len(found):
        return None
    message = "These are the entries of another source, and none of its own is left. Has the address been mixed up?"
    return Anomaly("another_source", message)


def _dated_in_the_past(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:
    coming = known.coming(now)
    readings = result.readings
    moved = [name for name in coming if name in readings and readings[name][1].ends_at <= now]
    if not moved or 2 * len(moved) < len(coming):
        return None
    return Anomaly("dated_in_the_past", f"{len(moved)} of {len(coming)} coming listings are dated in the past now.")


def _halved(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:
    if result.is_excerpt:
        return None
    coming = known.coming(now)
    unchanged = set(result.unchanged_pages)
    gone = [name for name in result.not_shown(coming) if coming[name].page_url not in unchanged]
    enough = len(coming) >= MIN_FOR_HALVED and 2 * len(gone) >= len(coming)
    shown_last_time = {name for name, each in coming.items() if not each.missed}
    if not enough and not (len(shown_last_time) > 1 and shown_last_time <= set(gone)):
        return None
    name = "emptied" if len(gone) == len(coming) else "halved"
    return Anomaly(name, f"{len(gone)} of {len(coming)} coming listings are gone.")


def _flooded(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:  # noqa: ARG001
    if not known.runs:
        return None
    kept = len(result.readings)
    usual = max([len(known.listings), *(run.kept for run in known.runs)])
    new = len(result.readings.keys() - known.listings.keys())
    times, many = FLOOD
    if kept <= times * usual or new <= many:
        return None
    return Anomaly("flooded", f"{kept} listings, but never more than {usual} before.")


def _layout_changed(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:  # noqa: ARG001
    if len(result.readings) < _LISTINGS_TO_LEARN or result.unchanged_pages:
        return None
    rates = fill_rates(result.listings())
    before = [run.fills for run in known.runs if run.kept >= _LISTINGS_TO_LEARN and run.fills]
    if len(before) < _RUNS_TO_LEARN:
        return None
    for name, rate in rates.items():
        if rate < _EMPTIED_FIELD and min(each.get(name, 0) for each in before) >= _WELL_FILLED:
            message = f"Only {rate:.0%} of the listings say {name}; so far nearly all did. Has the layout changed?"
            return Anomaly("layout_changed", message)
    return None


_CHECKS: Sequence[Callable[[CrawlResult, SourceHistory, datetime], Anomaly | None]] = (
    _clock_off,
    _another_source,
    _dated_in_the_past,
    _halved,
    _flooded,
    _layout_changed,
)
