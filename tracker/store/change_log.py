"""Stores the change history of events: what changed, when, and according to which source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from tracker.models.event import Change, PublishedEvent
from tracker.models.selection import Selection
from tracker.store import schema
from tracker.store.bulk_writes import append
from tracker.store.events import to_published_event
from tracker.store.filters import IS_LISTED, conditions


def save_changes(db: Connection, changes: Iterable[Change]) -> None:
    """Append changes to the history."""
    rows = [{"event_id": change.event_id, "at": change.at, "document": change.canonical_json()} for change in changes]
    append(db, schema.change, rows)


def changes_of_event(db: Connection, event_id: str) -> list[Change]:
    """Return the history of an event, oldest first."""
    table = schema.change
    rows = db.execute(select(table.c.document).where(table.c.event_id == event_id).order_by(table.c.id))
    return [Change.model_validate_json(document) for document in rows.scalars()]


def find_changes(
    db: Connection, selection: Selection, now: datetime, *, since: datetime, until: datetime | None = None
) -> list[tuple[int, Change, PublishedEvent]]:
    """Return the changes of the events of a selection, newest first: (number, change, event as it is now).

    Raises:
        SelectionError: it names an unknown source, or a place that has not been located.
    """
    change, event = schema.change, schema.event
    rows = db.execute(
        select(change.c.id.label("number"), change.c.document.label("what"), event)
        .join(event, event.c.id == change.c.event_id)
        .where(IS_LISTED, change.c.at > since, change.c.at <= (until or now), *conditions(db, selection, now))
        .order_by(change.c.id.desc())
    )
    return [(row.number, Change.model_validate_json(row.what), to_published_event(row)) for row in rows]


def was_published(db: Connection, event_id: str) -> bool:
    """Return whether an event of this id was ever published."""
    found = select(func.count()).select_from(schema.change).where(schema.change.c.event_id == event_id)
    return bool(db.execute(found).scalar())
