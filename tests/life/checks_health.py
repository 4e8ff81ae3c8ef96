"""Checks of versions, of the verdicts on sources, and of growth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from statistics import mean
from typing import Any

from tests.life.seen import Seen, Violation

_STUCK_AFTER = 3
_LEARNING = 5
"""Number of crawls at the start that do not count for growth."""
_TIMES, _CHANGES, _SECONDS = 2.0, 15, 0.25


def sequence(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find entries whose SEQUENCE did not rise with a visible change, rose without one, or fell."""
    del memory
    for uid, entry in seen.subscriber.feed.items():
        before = seen.subscriber.before.get(uid)
        if before is None or before == entry:
            continue
        changed = before.content != entry.content
        if changed and entry.sequence <= before.sequence:
            wrong = "has changed visibly without a higher SEQUENCE"
        elif not changed and entry.sequence > before.sequence and uid in seen.subscriber.last_feed:
            wrong = "has a higher SEQUENCE and looks as before"
        elif entry.sequence < before.sequence:
            wrong = "has a lower SEQUENCE"
        else:
            continue
        truths = seen.truths_of(entry.event)
        what = f"{uid} {wrong} ({before.sequence} → {entry.sequence}): {before.title!r} → {entry.title!r}"
        yield seen.violation("sequence", entry.event, truths[0] if truths else None, what)


def stuck(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find sources that answer as they should, and are not believed for more than three crawls in a row."""
    for outlet, visits in seen.ledger.visits.items():
        visit = visits[-1]
        if visit.at != seen.now:
            continue
        memory[outlet] = memory.get(outlet, 0) + 1 if not visit.fault and not visit.is_good else 0
        if memory[outlet] == _STUCK_AFTER + 1:
            what = f"answers as it should and was {visit.verdict} {memory[outlet]} times in a row: {visit.message}"
            yield Violation("stuck", seen.now.date(), (outlet,), "", "", what)


def false_alarm(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find sources that answer as they should, and are not believed; counted once until they are believed again."""
    for outlet, visits in seen.ledger.visits.items():
        visit = visits[-1]
        if visit.at != seen.now:
            continue
        is_wrong = not visit.fault and not visit.is_good and not visit.excused
        if is_wrong and not memory.get(outlet):
            what = f"answers as it should and is {visit.verdict}: {visit.message}"
            yield Violation("false_alarm", seen.now.date(), (outlet,), "", "", what)
        memory[outlet] = is_wrong or (memory.get(outlet, False) and not visit.is_good)


def check_growth(changes: Sequence[int], seconds: Sequence[float], day: date) -> Iterator[Violation]:
    """Find whether the history of changes or the time of a build grows over the year."""
    third = (len(changes) - _LEARNING) // 3
    if third < 5:
        return
    early, late = slice(_LEARNING, _LEARNING + third), slice(-third, None)
    if mean(changes[late]) > _TIMES * mean(changes[early]) + _CHANGES:
        what = f"{mean(changes[late]):.0f} entries of the history a crawl, at first {mean(changes[early]):.0f}"
        yield Violation("growth", day, (), "", "", what)
    if mean(seconds[late]) > _TIMES * mean(seconds[early]) + _SECONDS:
        what = f"a build takes {mean(seconds[late]):.2f} s, at first {mean(seconds[early]):.2f} s"
        yield Violation("growth", day, (), "", "", what)
