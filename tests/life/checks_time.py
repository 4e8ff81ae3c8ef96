"""Checks of dates: what is published is what the sources say, or said two crawls ago; the organiser's word stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.life.seen import Seen, Violation, said
from tests.life.subscriber import CalendarEntry
from tests.life.truths import Truth, Values

_UNSTATED = timedelta(hours=1)
"""Length of an entry without a stated end."""
_ANYWHERE = timedelta(hours=12)


def wrong_time(seen: Seen, memory: dict[str, Any]) -> Iterator[Violation]:
    """Find published dates and deadlines that no source has said lately, or that the organiser contradicts.

    That a copy is of the organiser's event can be known only if both were one event before it was left behind.
    """
    beside: set[str] = memory.setdefault("copies beside the organiser", set())
    for event in seen.events.values():
        if {seen.world.truths[each].owner for each in event.truths} & set(event.sources):
            beside |= {f"{each.source} {each.source_id}" for each in event.listings}
    for uid, entry in seen.subscriber.feed.items():
        if not entry.is_live or uid in memory:
            continue
        truths = seen.truths_of(entry.event)
        if entry.starts_at <= seen.now and seen.subscriber.before.get(uid) == entry:
            continue  # over and unchanged
        if all(each.is_over(seen.now) for each in truths) and truths and entry.starts_at > seen.now:
            continue  # resurrected
        wrong = (
            _unknown(seen, entry)
            if not truths
            else _wrong_deadline(seen, entry, truths)
            if entry.is_deadline
            else _wrong(seen, entry, truths, beside)
        )
        if wrong:
            memory[uid] = True
            yield seen.violation("wrong_time", entry.event, truths[0] if truths else None, wrong)


def _unknown(seen: Seen, entry: CalendarEntry) -> str:
    event = seen.events.get(entry.event)
    if event is None or not event.listings or entry.is_deadline:
        return ""
    return f"{entry.title!r} on {entry.start}: none of its sources ever showed that"


def _wrong(seen: Seen, entry: CalendarEntry, truths: list[Truth], beside: set[str]) -> str:
    recent = [values for truth in truths for values in seen.recent(truth.id)]
    event = seen.events.get(entry.event)
    if not recent and event and all(seen.ledger.last(each, 1)[0].fault for each in event.sources):
        return ""  # first seen on a page that tells last year's dates
    if not any(_fits(entry, values) for values in recent):
        words = "; ".join(dict.fromkeys(map(said, recent)))
        return f"{entry.title!r} is published for {entry.start} to {entry.end}; lately said: {words or 'nothing'}"
    if (
        entry.starts_at <= seen.now
        or not event
        or beside.isdisjoint(f"{each.source} {each.source_id}" for each in event.listings)
    ):
        return ""
    truth = truths[0]
    own = seen.steady(truth.owner, truth.id)
    if own is not None and not _agrees(entry, own, truth.zone):
        return f"published is {entry.start} to {entry.end}; {truth.owner}, its organiser, has long said: {said(own)}"
    return ""


def _fits(entry: CalendarEntry, values: Values) -> bool:
    """Return whether an entry's start and end are those of the values."""
    if isinstance(entry.start, datetime) != isinstance(values.start, datetime):
        return False
    if isinstance(entry.start, datetime) and isinstance(values.start, datetime):
        end = values.end if isinstance(values.end, datetime) else values.start.astimezone(UTC) + _UNSTATED
        assert isinstance(entry.end, datetime)
        return entry.start == values.start.astimezone(UTC) and entry.end == end.astimezone(UTC)
    return entry.start == values.first_day and entry.end == values.last_day + timedelta(days=1)


def _agrees(entry: CalendarEntry, own: Values, zone: str) -> bool:
    """Return whether an entry says what the organiser says, or more exactly so."""
    if isinstance(own.start, datetime):
        return _fits(entry, own)
    if isinstance(entry.start, datetime):
        return entry.start.astimezone(ZoneInfo(zone)).date() == own.first_day
    return _fits(entry, own)


def _wrong_deadline(seen: Seen, entry: CalendarEntry, truths: list[Truth]) -> str:
    if "deadline-opening" in entry.uid:
        return ""
    recent = [values for truth in truths for values in seen.recent(truth.id)]
    due = {each.deadline for each in recent if each.deadline}
    days = _days(entry)
    if not days & due:
        return f"{entry.title!r} is on {entry.start}; lately said: {', '.join(sorted(map(str, due))) or 'none'}"
    truth = truths[0]
    own = seen.steady(truth.owner, truth.id)
    if own is not None and own.deadline is not None and own.deadline > seen.now.date() and own.deadline not in days:
        return f"{entry.title!r} is on {entry.start}; {truth.owner}, its organiser, has long said {own.deadline}"
    return ""


def _days(entry: CalendarEntry) -> set[date]:
    """Return the days that a deadline's entry may mean: an instant is the end of a day in UTC or anywhere on Earth."""
    if not isinstance(entry.start, datetime):
        return {entry.start}
    moment = entry.start.astimezone(UTC)
    return {moment.date(), (moment - _ANYWHERE).date()}
