"""Anomaly detection: compares a crawl result with the source's history.

It catches responses that look healthy but would remove or spoil the source's events. An anomaly names the readings that
are withheld; all others become public, and it is decided anew at each crawl.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.health.expectations import fill_rates, lacking
from tracker.models.crawl_result import CrawlResult, KnownListing, SourceHistory
from tracker.models.run import Run
from tracker.models.vocabulary import Verdict

MANY_GONE = 4
"""Number of entries from which it is an anomaly if they vanish at once and are half of all; fewer are called off."""
FLOOD = 5, 50
"""A flood: more than 5 times as many listings as ever before, and more than 50 new ones."""
BELIEVED_AFTER = 3, timedelta(days=3)
"""If only some vanish, number of equal runs in a row, and their minimum span, after which that is believed."""
BELIEVED_IF_CUT_OFF = timedelta(days=10)
"""The span if just the latest entries vanish, as if a page were cut off, or old ones are shown again."""
_CLOCKS_APART = timedelta(hours=24)
_LONG_OVER = timedelta(days=30)
_WELL_FILLED, _EMPTIED_FIELD = 0.9, 0.5
_RUNS_TO_LEARN, _LISTINGS_TO_LEARN = 3, 5
_MOSTLY = 0.8
_ABSENCES = frozenset({"emptied", "halved"})
_OCCURRENCE = re.compile(r"/\d{4}-?\d\d-?\d\d[^/]*$")
"""Matches the day in the key of one date of a series: ``uid/2026-12-03``."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Why a run is suspect although its pages could be read."""

    diagnosis: str
    message: str
    withheld: frozenset[str] | None = frozenset()
    """Keys of the readings that must not become public; None: all."""


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
    message = f"The server's clock is {hours} hours {side} ours. Is this machine's clock right?"
    return Anomaly("clock_off", message, None)


def _another_source(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:  # noqa: ARG001
    """Detect another source's calendar under this source's URL. Groups that share events share some, not all."""
    found = result.readings.keys()
    if not known.listings or not found or found & known.listings.keys() or result.unchanged_pages:
        return None
    if len(known.ids_of_others) < _MOSTLY * len(found):
        return None
    message = "These are the entries of another source, and none of its own is left. Has the address been mixed up?"
    return Anomaly("another_source", message, None)


def _dated_in_the_past(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:
    coming, readings = known.coming(now), result.readings
    moved = frozenset(name for name in coming if name in readings and readings[name][1].ends_at <= now)
    if moved and 2 * len(moved) >= len(coming):
        # A slip that was mended, or last year's copy of the page, which stays for some days.
        is_few = len(moved) < MANY_GONE
        if is_few and _is_believed({"dated_in_the_past"}, BELIEVED_IF_CUT_OFF, known.recent, now):
            return None
        message = f"{len(moved)} of {len(coming)} coming listings are dated in the past now."
        return Anomaly("dated_in_the_past", message, moved | (result.readings.keys() - known.listings.keys()))
    return None


def _old_copy(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:
    """Detect an old copy of a page: what is to come has vanished, and what has long been over is shown again."""
    gone = _newly_gone(result, known, now)
    if not gone or 2 * len(gone) < len(known.coming(now)):
        return None
    returned = _long_over(result, known, now)
    if not returned:
        return None
    message = f"{len(gone)} coming listings are gone, and {len(returned)} that are long over are shown again."
    if _is_believed({"old_copy"}, BELIEVED_IF_CUT_OFF, known.recent, now):
        return None
    new = result.readings.keys() - known.listings.keys()
    return Anomaly("old_copy", f"{message} Is it an old copy of the page?", returned | new)


def _long_over(result: CrawlResult, known: SourceHistory, now: datetime) -> frozenset[str]:
    """Return the keys of readings that are long over and were not shown lately."""
    latest = max((each.last_seen for each in known.listings.values()), default=now)
    return frozenset(
        name
        for name, (_, listing) in result.readings.items()
        if listing.ends_at <= now - _LONG_OVER
        and (name not in known.listings or known.listings[name].last_seen < latest)
    )


def _gone_at_once(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:
    """Detect that most coming entries vanish at once. A series counts once: one change may remove all its dates."""
    if result.is_excerpt:
        return None
    coming, newly = known.coming(now), _newly_gone(result, known, now)
    # What has been missing before counts as well, so that a loss in steps is noticed.
    gone = newly | {name: each for name, each in coming.items() if each.missed and name not in result.readings}
    left = {_entry(name) for name in coming.keys() - set(gone)}
    entries = {_entry(name) for name in gone} - left
    if not newly or len(entries) < MANY_GONE or 2 * len(entries) < len(entries | left):
        return None
    if len(gone) < len(coming):
        shown = [each.expected_until for name, each in coming.items() if name in result.readings]
        is_cut_off = bool(shown) and min(each.expected_until for each in gone.values()) >= max(shown)
        if _is_believed(_ABSENCES, BELIEVED_IF_CUT_OFF if is_cut_off else BELIEVED_AFTER[1], known.recent, now):
            return None
    message = f"{len(gone)} of {len(coming)} coming listings are gone."
    if len(gone) < len(coming):
        return Anomaly("halved", message)
    # Nothing that is known is left: this may be another page, so what is new on it is withheld.
    return Anomaly("emptied", message, frozenset(result.readings.keys() - known.listings.keys()))


def _newly_gone(result: CrawlResult, known: SourceHistory, now: datetime) -> dict[str, KnownListing]:
    """Return the coming listings that the last healthy run showed, and this one does not."""
    coming, unchanged = known.coming(now), set(result.unchanged_pages)
    shown_as = {
        name: each.shown_as for name, each in coming.items() if not each.missed and each.page_url not in unchanged
    }
    return {name: coming[name] for name in result.not_shown(shown_as)}


def _entry(name: str) -> str:
    # An address with a date in it is that of one event.
    return name if "://" in name else _OCCURRENCE.sub("", name)


def _is_believed(diagnoses: Collection[str], span: timedelta, recent: Sequence[Run], now: datetime) -> bool:
    """Return whether the same has been seen often and long enough; runs that failed in between say nothing."""
    before: list[Run] = []
    for run in reversed(recent):
        if run.diagnosis in diagnoses:
            before.append(run)
        elif run.verdict is not Verdict.FAILED:
            break
    return len(before) + 1 >= BELIEVED_AFTER[0] and now - before[-1].started_at >= span


def _flooded(result: CrawlResult, known: SourceHistory, now: datetime) -> Anomaly | None:  # noqa: ARG001
    if not known.runs:
        return None
    kept = len(result.readings)
    usual = max([len(known.listings), *(run.kept for run in known.runs)])
    new = frozenset(result.readings.keys() - known.listings.keys())
    times, many = FLOOD
    if kept <= times * usual or len(new) <= many:
        return None
    return Anomaly("flooded", f"{kept} listings, but never more than {usual} before.", new)


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
            return Anomaly("layout_changed", message, lacking(result, name))
    return None


_CHECKS: Sequence[Callable[[CrawlResult, SourceHistory, datetime], Anomaly | None]] = (
    _clock_off,
    _another_source,
    _dated_in_the_past,
    _old_copy,
    _gone_at_once,
    _flooded,
    _layout_changed,
)
