"""A selection → the events, calendar entries and counts it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, true

from tracker.errors import UnknownEventError
from tracker.models.event import PublishedEvent
from tracker.models.selection import Selection
from tracker.models.text import fold
from tracker.store import schema
from tracker.store.column_types import InstantText
from tracker.store.entries import Entry, EntryCache, read_entries
from tracker.store.events import published_of
from tracker.store.filters import IS_LISTED, conditions, order_of, past_of
from tracker.store.full_text import first_containing

KEEP_UNLISTED = timedelta(days=30)
"""How long the entry of an event that is not shown any more stays in calendars, struck out."""


def find_events(
    db: Connection, selection: Selection, now: datetime, *, most: int | None = None
) -> list[PublishedEvent]:
    """Return the events of a selection, sorted as it says; the first ``most`` of them if that is given.

    Raises:
        SelectionError: it names a source or a place that we do not know.
    """
    table, order = schema.event, order_of(selection, now)
    # First which, from the index alone; then only those are read whole.
    wanted = (
        (IS_LISTED, *conditions(db, selection, now))
        if most is None
        else (table.c.id.in_(_first_ids(db, selection, now, most)),)
    )
    columns = (table.c.document, table.c.sequence, table.c.first_seen, table.c.changed_at)
    return [published_of(row) for row in db.execute(select(*columns).where(*wanted).order_by(*order))]


def _first_ids(db: Connection, selection: Selection, now: datetime, most: int) -> list[str] | Select[str]:
    words = fold(selection.q).split()
    wanted = conditions(db, selection.model_copy(update={"q": ""}), now)
    events = select(schema.event.c.id).where(IS_LISTED, *wanted).order_by(*order_of(selection, now))
    return first_containing(db, words, events, most) if words else events.limit(most)


def feed_changed_at(db: Connection, selection: Selection, now: datetime) -> datetime | None:
    """Return when a feed of stored entries last changed: by a change of an event, or by one that left with time."""
    moments = [
        db.execute(select(func.max(column, type_=InstantText()))).scalar()
        for column in (schema.change.c.at, schema.event.c.changed_at)
    ]
    leaving = [(schema.event.c.changed_at, KEEP_UNLISTED, ~IS_LISTED)]
    if (past := past_of(selection)) is not None:
        leaving.append((schema.event.c.over_at, past, true()))
    for column, stay, condition in leaving:
        last = select(func.max(column, type_=InstantText())).where(column <= now - stay, condition)
        left = db.execute(last).scalar()
        moments.append(left + stay if left is not None else None)
    return max((moment for moment in moments if moment is not None), default=None)


def find_entries(
    db: Connection,
    selection: Selection,
    now: datetime,
    *,
    events: bool = True,
    deadlines: bool = True,
    kept: EntryCache | None = None,
) -> tuple[list[Entry], datetime | None]:
    """Return the stored calendar entries of a selection, by start and id, and when the newest changed.

    Entries of events that were merged into others or hidden are among them for a while, struck out: a subscriber
    still has them.

    Args:
        db: where to look.
        selection: which events.
        now: what the time is.
        events: with the entries of the events themselves.
        deadlines: with the entries of their deadlines.
        kept: entries that a server keeps in memory; without, they are read from the store.

    Raises:
        SelectionError: it names a source or a place that we do not know.
    """
    event = schema.event
    wanted = (*conditions(db, selection, now), or_(IS_LISTED, event.c.changed_at > now - KEEP_UNLISTED))
    matching = select(event.c.id).where(*wanted)
    found = _kept_entries(db, matching, kept, everything=not selection.filters_anything) if kept is not None else None
    if found is None:
        found = read_entries(db, event.c.id.in_(matching))
    if not (events and deadlines):
        found = [entry for entry in found if (deadlines if entry.part else events)]
    changed_at = max(map(attrgetter("changed_at"), found), default=None)
    return found, datetime.fromisoformat(changed_at) if changed_at else None


def _kept_entries(db: Connection, matching: Select[Any], kept: EntryCache, *, everything: bool) -> list[Entry] | None:
    if everything:
        # The feed that is asked for most: counting is cheaper than naming ten thousand.
        every = kept.every_entry(db)
        count = db.execute(select(func.count()).select_from(matching.subquery())).scalar()
        if count == kept.count():
            return every
    ids: Sequence[str] = db.execute(matching).scalars().all()
    return kept.entries(db, ids)


def entries_of_event(db: Connection, event_id: str) -> list[bytes]:
    """Return the stored calendar entries of one event: its own, if its day is certain, and those of its deadlines."""
    event, deadline = schema.event, schema.deadline_entry
    own = db.execute(select(event.c.vevent).where(event.c.id == event_id, event.c.vevent.is_not(None))).scalars()
    parts = select(deadline.c.vevent).where(deadline.c.event_id == event_id).order_by(deadline.c.part)
    return [*own, *db.execute(parts).scalars()]


def count_listed(db: Connection) -> int:
    """Return how many events there are, past ones too."""
    return db.execute(select(func.count()).select_from(schema.event).where(IS_LISTED)).scalar_one()


def count_events(db: Connection, selection: Selection, now: datetime) -> int:
    """Return how many events a selection holds."""
    counted = select(func.count()).select_from(schema.event).where(IS_LISTED, *conditions(db, selection, now))
    return int(db.execute(counted).scalar_one())


def find_event(db: Connection, event_id: str) -> PublishedEvent:
    """Return one event; an id that was merged away leads to the event that it became part of.

    Raises:
        UnknownEventError: no event has this id.
    """
    table = schema.event
    row = db.execute(select(table).where(table.c.id == event_id)).one_or_none()
    led_through = {event_id}
    while row is not None and row.merged_into is not None and row.merged_into not in led_through:
        led_through.add(row.merged_into)
        row = db.execute(select(table).where(table.c.id == row.merged_into)).one_or_none()
    if row is None:
        raise UnknownEventError(f"There is no event {event_id!r}. 'tracker list' shows the ids.")
    return published_of(row)


def facet_values(db: Connection, facet: str) -> list[str]:
    """Return every value that a facet has among all events, ended and struck out ones as well."""
    values = select(schema.event_facet.c.value).where(schema.event_facet.c.facet == facet).distinct()
    return sorted(db.execute(values).scalars())


def ids_with_a_page(db: Connection) -> list[str]:
    """Return the ids that lead to a shown event, its own and those that were merged into it."""
    event = schema.event
    rows = {row[0]: row for row in db.execute(select(event.c.id, event.c.merged_into, event.c.hidden))}
    found = []
    for event_id in sorted(rows):
        row: Any = rows[event_id]
        led_through = {event_id}
        while row is not None and row[1] is not None and row[1] not in led_through:
            led_through.add(row[1])
            row = rows.get(row[1])
        if row is not None and row[1] is None and not row[2]:
            found.append(event_id)
    return found


def is_hidden(db: Connection, event_id: str) -> bool:
    """Say whether a person has hidden an event."""
    table = schema.event
    return db.execute(select(table.c.hidden).where(table.c.id == event_id)).scalar() is True


def series_of_event(db: Connection, event_id: str) -> list[PublishedEvent]:
    """Return the other events of an event's series, soonest first."""
    table = schema.event
    of = select(table.c.series).where(table.c.id == event_id).scalar_subquery()
    rows = db.execute(
        select(table).where(IS_LISTED, table.c.series == of, table.c.id != event_id).order_by(table.c.begins_at)
    )
    return [published_of(row) for row in rows]


def facet_counts(db: Connection, facet: str, selection: Selection, now: datetime) -> dict[str, int]:
    """Return how many events of a selection have each value of a facet, most first."""
    table, facets = schema.event, schema.event_facet
    count = func.count().label("count")
    rows = db.execute(
        select(facets.c.value, count)
        .join(table, table.c.id == facets.c.event_id)
        .where(facets.c.facet == facet, IS_LISTED, *conditions(db, selection, now))
        .group_by(facets.c.value)
        .order_by(count.desc(), facets.c.value)
    )
    return {row[0]: row[1] for row in rows}


def version(db: Connection) -> str:
    """Return a text that differs whenever anything public may have changed: what caches are keyed by."""
    runs = db.execute(select(func.max(schema.run.c.id))).scalar()
    changes = db.execute(select(func.max(schema.change.c.id))).scalar()
    return f"{runs or 0}-{changes or 0}"


def find_with_doubt(db: Connection, beginning: str) -> list[PublishedEvent]:
    """Return the shown events of which a doubt begins so, soonest first."""
    table = schema.event
    # Canonical JSON writes each doubt in quotes; whether it really is one is for the caller to see.
    wanted = (IS_LISTED, table.c.document.contains(f'"{beginning}', autoescape=True))
    return [published_of(row) for row in db.execute(select(table).where(*wanted).order_by(table.c.begins_at))]
