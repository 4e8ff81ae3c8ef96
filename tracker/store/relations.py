"""Queries how events belong together: the series of an event, what it is a part of, and its parts."""

from __future__ import annotations

from sqlalchemy import Connection, select

from tracker.models.event import PublishedEvent
from tracker.store import schema
from tracker.store.events import to_published_event
from tracker.store.filters import IS_LISTED


def series_of_event(db: Connection, event_id: str) -> list[PublishedEvent]:
    """Return the other events of an event's series, earliest first."""
    table = schema.event
    of = select(table.c.series).where(table.c.id == event_id).scalar_subquery()
    rows = db.execute(
        select(table).where(IS_LISTED, table.c.series == of, table.c.id != event_id).order_by(table.c.starts_at)
    )
    return [to_published_event(row) for row in rows]


def larger_event(db: Connection, event_id: str) -> PublishedEvent | None:
    """Return the listed event that an event is a part of, or None."""
    table = schema.event
    whole = select(table.c.part_of).where(table.c.id == event_id).scalar_subquery()
    row = db.execute(select(table).where(IS_LISTED, table.c.id == whole)).first()
    return to_published_event(row) if row else None


def parts_of_event(db: Connection, event_id: str) -> list[PublishedEvent]:
    """Return the listed events that are parts of an event, earliest first."""
    table = schema.event
    rows = db.execute(select(table).where(IS_LISTED, table.c.part_of == event_id).order_by(table.c.starts_at))
    return [to_published_event(row) for row in rows]
