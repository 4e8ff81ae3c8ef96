"""Findings held against what the source said before: the ways to wipe a tracker that look like a healthy answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.health.fills import fill_rates
from tracker.health.findings import Findings
from tracker.models.run import Run

FEW = 4
"""Of so many coming listings, half may not vanish at once; of fewer, all of them may not."""
FLOOD = 5, 50
"""More listings than so many times as many as ever, and more new ones than so many, are a flood."""
_CLOCKS_APART = timedelta(hours=24)
_WELL_FILLED, _EMPTIED_FIELD = 0.9, 0.5
_RUNS_TO_LEARN, _LISTINGS_TO_LEARN = 3, 5
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class KnownListing:
    """A listing that a source stood by until now."""

    page_url: str
    expected_until: datetime
    """Until when it should still be listed: it has not begun, and one can still apply."""
    missed: int = 0
    """Healthy runs in a row without it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a source said before."""

    listings: Mapping[str, KnownListing] = field(default_factory=dict)
    """By the source's own id; what was withdrawn is left out."""
    runs: Sequence[Run] = ()
    """The last ones that were healthy, oldest first."""
    of_others: frozenset[str] = frozenset()
    """Ids of this run that are new to this source, but known of other sources."""
    last: Run | None = None
    """The last run, however it went."""

    def coming(self, now: datetime) -> dict[str, KnownListing]:
        """Return the listings that should be there, missed lately or not: else a source could crumble unnoticed."""
        return {name: each for name, each in self.listings.items() if each.expected_until > now}


@dataclass(frozen=True, slots=True)
class Oddity:
    """What makes a run suspect although it could be read."""

    diagnosis: str
    message: str


def odd(findings: Findings, known: Known, now: datetime) -> Oddity | None:
    """Return the first thing that looks wrong beside what the source said before."""
    for look in _LOOKS:
        if (found := look(findings, known, now)) is not None:
            return found
    return None


def _clock_off(findings: Findings, known: Known, now: datetime) -> Oddity | None:  # noqa: ARG001
    skew = findings.clock_skew
    if skew is None or abs(skew) < _CLOCKS_APART:
        return None
    hours = round(abs(skew).total_seconds() / 3600)
    side = "ahead of" if skew > timedelta() else "behind"
    return Oddity("clock_off", f"The server's clock is {hours} hours {side} ours. Is this machine's clock right?")


def _another_source(findings: Findings, known: Known, now: datetime) -> Oddity | None:  # noqa: ARG001
    """Another source's calendar under this source's address. Groups that share events share some, not all."""
    found = findings.readings.keys()
    if not known.listings or not found or found & known.listings.keys() or findings.unchanged_pages:
        return None
    if len(known.of_others) < _MOSTLY * len(found):
        return None
    message = "These are the entries of another source, and none of its own is left. Has the address been mixed up?"
    return Oddity("another_source", message)


def _dated_in_the_past(findings: Findings, known: Known, now: datetime) -> Oddity | None:
    coming = known.coming(now)
    readings = findings.readings
    moved = [name for name in coming if name in readings and readings[name][1].over_at <= now]
    if not moved or 2 * len(moved) < len(coming):
        return None
    return Oddity("dated_in_the_past", f"{len(moved)} of {len(coming)} coming listings are dated in the past now.")


def _halved(findings: Findings, known: Known, now: datetime) -> Oddity | None:
    if findings.is_excerpt:
        return None
    coming = known.coming(now)
    unchanged = set(findings.unchanged_pages)
    shown = findings.shown()
    gone = [name for name, each in coming.items() if name not in shown and each.page_url not in unchanged]
    enough = len(coming) >= FEW and 2 * len(gone) >= len(coming)
    shown_last_time = {name for name, each in coming.items() if not each.missed}
    if not enough and not (len(shown_last_time) > 1 and shown_last_time <= set(gone)):
        return None
    name = "emptied" if len(gone) == len(coming) else "halved"
    return Oddity(name, f"{len(gone)} of {len(coming)} coming listings are gone.")


def _flooded(findings: Findings, known: Known, now: datetime) -> Oddity | None:  # noqa: ARG001
    if not known.runs:
        return None
    kept = len(findings.readings)
    usual = max([len(known.listings), *(run.kept for run in known.runs)])
    new = len(findings.readings.keys() - known.listings.keys())
    times, many = FLOOD
    if kept <= times * usual or new <= many:
        return None
    return Oddity("flooded", f"{kept} listings, but never more than {usual} before.")


def _layout_changed(findings: Findings, known: Known, now: datetime) -> Oddity | None:  # noqa: ARG001
    if len(findings.readings) < _LISTINGS_TO_LEARN or findings.unchanged_pages:
        return None
    rates = fill_rates(findings.listings())
    before = [run.fills for run in known.runs if run.kept >= _LISTINGS_TO_LEARN and run.fills]
    if len(before) < _RUNS_TO_LEARN:
        return None
    for name, rate in rates.items():
        if rate < _EMPTIED_FIELD and min(each.get(name, 0) for each in before) >= _WELL_FILLED:
            message = f"Only {rate:.0%} of the listings say {name}; so far nearly all did. Has the layout changed?"
            return Oddity("layout_changed", message)
    return None


_LOOKS: Sequence[Callable[[Findings, Known, datetime], Oddity | None]] = (
    _clock_off,
    _another_source,
    _dated_in_the_past,
    _halved,
    _flooded,
    _layout_changed,
)
