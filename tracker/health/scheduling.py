"""Derives the state of a source and the time of its next crawl from its last runs.

A source that changes is crawled more often, one that stays the same less often, one that fails less and less
often; no source is ever given up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from tracker.models.run import Run, RunHistory, SourceState, State
from tracker.models.source import Source
from tracker.models.vocabulary import Verdict

USUALLY = timedelta(hours=12)
SHORTEST, LONGEST = timedelta(hours=6), timedelta(days=7)
RETRY_AFTER = timedelta(hours=2)
"""Wait after the first failed run; it doubles with each further one."""
SLACK = timedelta(minutes=10)
"""A source is due this much earlier, because a cron job never starts to the second."""
FAILING, PAUSED = 3, 10
"""Number of consecutive failed runs from which a source is in that state."""
_SOONER, _LATER = 0.5, 1.25
_JITTER = 0.1
_MOVED_FOR = 3
_GONE = "gone_for_good"
NOT_PUBLISHED = "not_published"
"""Diagnosis of a source that was read, but of which an event could not be rendered."""


def source_states(sources: Iterable[Source], histories: Mapping[str, RunHistory]) -> dict[str, SourceState]:
    """Return the states of sources, by source id."""
    states = {}
    for source in sources:
        history = histories.get(source.id, RunHistory())
        state = source_state(source, history.runs).model_copy(update={"last_success": history.last_success})
        if history.faults and state.is_ok:
            state = state.model_copy(update=_not_published(history.faults))
        states[source.id] = state
    return states


def _not_published(faults: Sequence[str]) -> dict[str, object]:
    what = "1 event" if len(faults) == 1 else f"{len(faults)} events"
    message = f"{what} could not be published and stays as it was, first {faults[0]}. Please report it."
    return {"state": State.DEGRADED, "diagnosis": NOT_PUBLISHED, "message": message}


def source_state(source: Source, runs: Sequence[Run]) -> SourceState:
    """Return the state of a source, from its last runs (oldest first)."""
    if not runs:
        return SourceState(source=source.id)
    last, bad = runs[-1], _consecutive_failures(runs)
    wait = _wait(source, runs, bad)
    successes = [run.finished_at for run in runs if run.is_successful]
    moved = {run.moved_to for run in runs[-_MOVED_FOR:]}
    return SourceState(
        source=source.id,
        state=_state(bad, last),
        verdict=last.verdict,
        diagnosis=last.diagnosis,
        message=last.message,
        rejection=next((run.rejection for run in reversed(runs) if run.verdict is not Verdict.UNCHANGED), ""),
        consecutive_failures=bad,
        last_run=last.finished_at,
        last_success=successes[-1] if successes else None,
        next_try=max([last.started_at + _jittered(wait, last) - SLACK, *filter(None, [last.not_before])]),
        wait=round(wait.total_seconds()),
        trend=tuple(run.kept for run in runs if run.verdict is not Verdict.UNCHANGED),
        moved_to=moved.pop() if len(runs) >= _MOVED_FOR and len(moved) == 1 else "",
    )


def _consecutive_failures(runs: Sequence[Run]) -> int:
    bad = 0
    for run in reversed(runs):
        if run.is_successful:
            break
        bad += 1
    return bad


def _state(bad: int, last: Run) -> State:
    if not bad:
        return State.HEALTHY
    if bad >= PAUSED or _is_gone(last):
        return State.PAUSED
    return State.FAILING if bad >= FAILING else State.DEGRADED


def _is_gone(run: Run) -> bool:
    """Return whether the source itself is gone for good, not only pages of single listings."""
    return run.verdict is Verdict.FAILED and run.diagnosis == _GONE


def _wait(source: Source, runs: Sequence[Run], bad: int) -> timedelta:
    usual = _usual_wait(source, runs)
    if not bad:
        return usual
    if _is_gone(runs[-1]):
        return LONGEST
    again = RETRY_AFTER * (1 << min(bad - 1, 10))
    # Retry once soon, in case of a temporary failure; then at most as often as the source file says, at least weekly.
    return min(max(again, source.every or timedelta()), LONGEST) if bad > 1 else min(again, usual)


def _usual_wait(source: Source, runs: Sequence[Run]) -> timedelta:
    shortest = source.every or SHORTEST
    longest = max(LONGEST, shortest)
    wait = source.every or USUALLY
    for run in runs:
        if run.verdict is Verdict.UNCHANGED or (run.verdict is Verdict.HEALTHY and not (run.new or run.changed)):
            wait *= _LATER
        elif run.is_successful and run.new < run.kept:  # if all listings are new, there is no change to measure
            wait *= _SOONER
        wait = min(max(wait, shortest), longest)
    return wait


def _jittered(wait: timedelta, last: Run) -> timedelta:
    """Vary a wait by up to a tenth, deterministically per run, so that sources do not all become due at once."""
    digest = hashlib.sha256(f"{last.source} {last.started_at.isoformat()}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return wait * (1 + _JITTER * (2 * share - 1))
