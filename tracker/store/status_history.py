"""Remembers the application statuses that events had, for calendars: what they once found stays until it is over.

A subscriber may have applied: the event must not vanish from her calendar when applications close. Kept as facets of
the event: when it first has each status, as far as is known now, and how near a deadline came before the event changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from tracker.models.application_status import first_reached
from tracker.models.event import PublishedEvent
from tracker.models.moments import stamp
from tracker.models.vocabulary import ApplicationStatus
from tracker.store import schema

_STATUS, _NEARNESS = "had_status", "had_deadline_within"
_DAYS = 5
"""Number of digits of a number of days, so that texts sort as the numbers do."""
_BATCH = 500


def _reached(status: ApplicationStatus, at: datetime) -> str:
    """Return the value of the facet ``_STATUS``: ``open 2026-12-01T18:00:00Z``."""
    return f"{status.value} {stamp(at)}"


def _nearness(left: timedelta) -> str:
    """Return the value of the facet ``_NEARNESS``: days, rounded up. The largest stands for never."""
    return f"{min(max(0, -(-left // timedelta(days=1))), 10**_DAYS - 1):0{_DAYS}}"


def had_status(wanted: Iterable[ApplicationStatus], now: datetime) -> ColumnElement[bool]:
    """Return the SQL condition that an event has, or had since it was listed, one of the application statuses."""
    value = schema.event_facet.c.value
    return _facet_between(_STATUS, or_(*(value.between(f"{each.value} ", _reached(each, now)) for each in wanted)))


def had_deadline(within: timedelta, now: datetime) -> ColumnElement[bool]:
    """Return the SQL condition that the deadline is, or was, near enough, as the event is known now, or was earlier."""
    event, closing = schema.event, schema.event_closing
    own = select(closing.c.event_id).join(event, event.c.id == closing.c.event_id)
    since = own.where(closing.c.closes_at > event.c.changed_at, closing.c.closes_at <= now + within)
    earlier = _facet_between(_NEARNESS, schema.event_facet.c.value <= _nearness(within))
    return or_(event.c.id.in_(since), earlier)


def _facet_between(facet: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    facets = schema.event_facet
    return schema.event.c.id.in_(select(facets.c.event_id).where(facets.c.facet == facet, condition))


def history_rows(db: Connection, changed: Sequence[PublishedEvent]) -> list[dict[str, Any]]:
    """Return the rows of facets to store with events. Call it before their new rows are written.

    What an event is known to have been until it changes stays; from then on it follows from what is known now.
    """
    changed_at = {each.event.id: each.changed_at for each in changed}
    statuses: dict[str, dict[str, str]] = defaultdict(dict)
    nearest: dict[str, str] = {}
    ids = list(changed_at)
    for some in (ids[at : at + _BATCH] for at in range(0, len(ids), _BATCH)):
        for event_id, facet, value in _known(db, some):
            if facet == _NEARNESS:
                nearest[event_id] = value
            elif (at := value.partition(" ")[2]) <= stamp(changed_at[event_id]):
                statuses[event_id][value.partition(" ")[0]] = at
        for event_id, closes_at in _closings(db, some):
            near = _nearness(closes_at - changed_at[event_id])
            nearest[event_id] = min(near, nearest.get(event_id, near))
    for each in changed:
        for status, moment in first_reached(each.event, each.changed_at).items():
            statuses[each.event.id].setdefault(status.value, stamp(moment))
    rows = [(event_id, _STATUS, f"{status} {at}") for event_id, had in statuses.items() for status, at in had.items()]
    rows += [(event_id, _NEARNESS, near) for event_id, near in nearest.items()]
    return [{"event_id": event_id, "facet": facet, "value": value} for event_id, facet, value in sorted(rows)]


def _known(db: Connection, ids: Sequence[str]) -> Iterable[Any]:
    facets = schema.event_facet.c
    wanted = (facets.event_id.in_(ids), facets.facet.in_((_STATUS, _NEARNESS)))
    return db.execute(select(facets.event_id, facets.facet, facets.value).where(*wanted))


def _closings(db: Connection, ids: Sequence[str]) -> Iterable[Any]:
    """Return the (event, closing) of deadlines that were ahead when the event last changed."""
    closing, event = schema.event_closing, schema.event
    ahead = (closing.c.event_id.in_(ids), closing.c.closes_at > event.c.changed_at)
    joined = select(closing.c.event_id, closing.c.closes_at).join(event, event.c.id == closing.c.event_id)
    return db.execute(joined.where(*ahead))
