"""Checks of identity: one truth, one id; and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.life.ledger import FARTHEST
from tests.life.seen import LAG, Seen, Violation, said

_TOLD = "told"


def id_reused(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find ids that stand for another truth than before, or for two at once."""
    for event in seen.events.values():
        if not event.truths:
            continue
        before = memory.setdefault(event.id, event.truths if len(event.truths) == 1 else frozenset())
        if event.truths <= before:
            continue
        memory[event.id] = before | event.truths
        first, other = (sorted(before) or sorted(event.truths))[0], max(event.truths)
        names = [said(seen.world.truths[each].values) for each in (first, other)]
        how = "stands at once for" if len(event.truths) > 1 else "stood for"
        yield seen.violation(
            "id_reused", event.id, seen.world.truths[other], f"{how} {first} ({names[0]}) and {other} ({names[1]})"
        )


def duplicate(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find truths with two live entries in the subscriber's calendar while all their sources were crawled thrice."""
    live = seen.live()
    for truth_id, entries in live.items():
        coming = sorted(each.uid for each in entries if each.starts_at > seen.now)
        if len(coming) < 2:
            if memory.get(truth_id) != _TOLD:
                memory.pop(truth_id, None)
            continue
        since = memory.setdefault(truth_id, seen.now)
        if since == _TOLD or not _crawled_since(seen, truth_id, since):
            continue
        memory[truth_id] = _TOLD
        titles = {each.uid: f"{each.title!r} {each.start}" for each in entries}
        words = "; ".join(f"{uid.partition('@')[0]} {titles[uid]}" for uid in coming)
        truth = seen.world.truths[truth_id]
        yield seen.violation("duplicate", coming[0].partition("@")[0], truth, f"{len(coming)} live entries: {words}")
    for truth_id in memory.keys() - live.keys():
        if memory[truth_id] != _TOLD:
            del memory[truth_id]


def _crawled_since(seen: Seen, truth: str, since: datetime) -> bool:
    """Return whether all outlets that show a truth were crawled more than two times since then, without a fault."""
    outlets = [each for each in seen.ledger.listed_by[truth] if truth in seen.ledger.visits[each][-1].shown]
    return all(
        sum(visit.at >= since and not visit.fault for visit in seen.ledger.last(outlet, 9)) >= LAG
        for outlet in outlets or seen.ledger.listed_by[truth]
    )


def lost(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find truths that a healthy source has listed for more than two crawls, and that no entry stands for."""
    live = seen.live(deadlines=True)
    cancelled = {
        truth
        for entry in seen.subscriber.calendar.values()
        if not entry.is_live
        for truth in seen.known.get(entry.event, ())
    }
    farthest = seen.now + timedelta(days=FARTHEST)
    for truth in seen.world.truths.values():
        if truth.called_off or not seen.now < truth.starts_at < farthest or truth.id in live or truth.id in cancelled:
            continue
        by = [each for each in seen.ledger.listed_by[truth.id] if _shows(seen, each, truth.id)]
        if by and truth.id not in memory:
            memory[truth.id] = True
            yield Violation(
                "lost",
                seen.now.date(),
                tuple(by),
                truth.id,
                "",
                f"{said(truth.values)} is listed, and nowhere published",
            )


def _shows(seen: Seen, outlet: str, truth: str) -> bool:
    visits = seen.ledger.last(outlet, LAG)
    return len(visits) == LAG and all(
        truth in each.shown and truth not in each.off and not each.fault and not each.excused for each in visits
    )
