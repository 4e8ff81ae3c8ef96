"""Checks of the state: cancelled only if truly off, off if truly cancelled, and nothing back from the past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.life.seen import Seen, Violation, said
from tests.life.subscriber import CalendarEntry
from tests.life.truths import Truth

_HEALTHY_CRAWLS, _DAYS = 4, timedelta(days=4)
"""An event that is off may be shown until its sources have been crawled so often and so long."""


def false_cancel(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find entries that are published as cancelled although the event takes place."""
    live_before: set[str] = memory.get("live", set())
    for entry in seen.subscriber.feed.values():
        truths = seen.truths_of(entry.event)
        if entry.is_live or entry.is_deadline or not truths or entry.uid in memory:
            continue
        if any(each.called_off for each in truths):
            continue
        event = seen.events.get(entry.event)
        into = event.merged_into if event else ""
        if (
            into
            and entry.event in live_before
            and into in live_before
            and seen.known.get(into) == seen.known.get(entry.event)
        ):
            memory[entry.uid] = True  # one of two entries of the same event is struck out
            continue
        memory[entry.uid] = True
        what = f"published as {entry.title!r} on {entry.start}; it takes place: {said(truths[0].values)}"
        others = [each.uid for each in seen.live().get(truths[0].id, ()) if each.uid != entry.uid]
        beside = f"; beside it stands {others[0]}" if others else ""
        yield seen.violation("false_cancel", entry.event, truths[0], what + beside)
    memory["live"] = {each.event for each in seen.subscriber.feed.values() if each.is_live}


def resurrected(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find entries in the future of events that are over."""
    for entry in seen.subscriber.feed.values():
        truths = seen.truths_of(entry.event)
        if not entry.is_live or entry.starts_at <= seen.now or not truths or entry.event in memory:
            continue
        if entry.is_deadline:
            gone = all(each.is_over(seen.now - timedelta(days=1)) for each in truths)
        else:
            gone = all(each.is_over(seen.now) for each in truths)
        lately = {value.first_day for each in truths for value in seen.recent(each.id)}
        if gone and (entry.is_deadline or not lately & _days(entry)):
            memory[entry.event] = True
            what = f"{entry.title!r} is announced for {entry.start}; it was {said(truths[0].values)}"
            yield seen.violation("resurrected", entry.event, truths[0], what)


def _days(entry: CalendarEntry) -> set[date]:
    """Return the days that an entry may start on, whatever the zone."""
    day = entry.starts_at.date()
    return {day - timedelta(days=1), day, day + timedelta(days=1)}


def gone_but_shown(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find entries that stand in the subscriber's calendar long after their event was called off everywhere."""
    for truth_id, entries in seen.live().items():
        truth = seen.world.truths[truth_id]
        if truth.called_off is None or truth.starts_at <= seen.now or not _is_known_to_be_off(seen, truth):
            continue
        for entry in entries:
            if entry.starts_at > seen.now and entry.uid not in memory:
                memory[entry.uid] = True
                since = f"off since {truth.called_off.date()}"
                what = f"{entry.title!r} on {entry.start} is published as {entry.status}; {since}"
                yield seen.violation("gone_but_shown", entry.event, truth, what)


def _is_known_to_be_off(seen: Seen, truth: Truth) -> bool:
    owner = seen.ledger.visits_of(truth.owner)
    if owner and truth.id in owner[-1].off:
        return _silent(seen, truth.owner, truth.id)
    return all(_silent(seen, each, truth.id) for each in seen.ledger.listed_by[truth.id])


def _silent(seen: Seen, outlet: str, truth: str) -> bool:
    """Return whether an outlet has not shown an event as taking place for long enough."""
    crawls, last = 0, seen.now
    closes = seen.world.truths[truth].values.deadline
    for visit in reversed(seen.ledger.visits_of(outlet)):
        if truth in visit.shown and truth not in visit.off and not visit.fault:
            break
        # Once applications have closed, many pages drop what still takes place.
        crawls += not visit.fault and not visit.excused and (closes is None or visit.at.date() <= closes)
        last = visit.at
    return crawls > _HEALTHY_CRAWLS and seen.now - last >= _DAYS
