"""Queries the events, calendar entries and counts of a selection, and single events."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, String, func, literal, or_, select, true, type_coerce

from tracker.errors import UnknownEventError
from tracker.models.event import PublishedEvent
from tracker.models.selection import Selection
from tracker.models.text import fold
from tracker.store import schema
from tracker.store.column_types import InstantText
from tracker.store.events import to_published_event
from tracker.store.filters import IS_LISTED, conditions, has_facet, next_closing, order_of, past_of, status_at
from tracker.store.full_text import first_containing

KEEP_UNLISTED = timedelta(days=30)
"""How long feeds contain the cancelled entry of an event that is no longer listed."""


class EventRow(NamedTuple):
    """The columns of an event that lists, counts and charts need; instants and days are stored texts, which sort."""

    id: str
    starts_at: str
    """The instant to sort by; in the far future if no day is known."""
    first_day: str
    """Empty if not known."""
    last_day: str
    has_day: bool
    """Whether the day is certain; an event without one has no calendar entry."""
    next_closing: str
    """The next deadline; empty without one."""
    status: str
    """The application status."""


class Entry(NamedTuple):
    """A stored calendar entry; entries sort by start, event and part."""

    starts_at: str
    event_id: str
    part: str
    """Empty for the event's own entry, else the suffix of a deadline's entry."""
    vevent: bytes
    changed_at: str


def find_events(
    db: Connection, selection: Selection, now: datetime, *, most: int | None = None
) -> list[PublishedEvent]:
    """Return the events of a selection in its sort order; only the first ``most`` if given.

    Raises:
        SelectionError: it names an unknown source, or a place that has not been located.
    """
    table, order = schema.event, order_of(selection, now)
    # The ids come from the index alone; then only the matching rows are read whole.
    wanted = (
        (IS_LISTED, *conditions(db, selection, now))
        if most is None
        else (table.c.id.in_(_first_ids(db, selection, now, most)),)
    )
    columns = (table.c.document, table.c.sequence, table.c.first_seen, table.c.changed_at)
    return [to_published_event(row) for row in db.execute(select(*columns).where(*wanted).order_by(*order))]


def _first_ids(db: Connection, selection: Selection, now: datetime, most: int) -> list[str] | Select[str]:
    words = [] if selection.spellings else fold(selection.q).split()
    wanted = conditions(db, selection.model_copy(update={"q": ""}) if words else selection, now)
    events = select(schema.event.c.id).where(IS_LISTED, *wanted).order_by(*order_of(selection, now))
    return first_containing(db, words, events, most) if words else events.limit(most)


def find_rows(db: Connection, selection: Selection, now: datetime) -> list[EventRow]:
    """Return the events of a selection as rows, in its sort order.

    Raises:
        SelectionError: it names an unknown source, or a place that has not been located.
    """
    event = schema.event.c
    closing = func.coalesce(type_coerce(next_closing(now), String), "")
    columns = (
        event.id,
        type_coerce(event.starts_at, String),
        func.coalesce(event.first_day, ""),
        func.coalesce(event.last_day, ""),
        event.vevent.is_not(None),
        closing,
        status_at(now),
    )
    wanted = select(*columns).where(IS_LISTED, *conditions(db, selection, now)).order_by(*order_of(selection, now))
    return [EventRow._make(row) for row in db.execute(wanted)]


def load_events(db: Connection, ids: list[str]) -> list[PublishedEvent]:
    """Return events in the order of ``ids``; missing ones are left out."""
    table = schema.event
    columns = (table.c.id, table.c.document, table.c.sequence, table.c.first_seen, table.c.changed_at)
    rows = {
        row.id: row
        for start in range(0, len(ids), _BATCH)
        for row in db.execute(select(*columns).where(table.c.id.in_(ids[start : start + _BATCH])))
    }
    return [to_published_event(rows[event_id]) for event_id in ids if event_id in rows]


_BATCH = 500


def ids_with_facet(db: Connection, facet: str, *values: str) -> set[str]:
    """Return the ids of all events that have one of the values of a facet."""
    return set(db.execute(select(schema.event.c.id).where(has_facet(facet, values))).scalars())


def load_locations(db: Connection) -> dict[str, list[tuple[float, float, float]]]:
    """Return the places of listed events as unit vectors, by event id."""
    location, event = schema.event_location, schema.event
    rows = db.execute(
        select(location.c.event_id, location.c.x, location.c.y, location.c.z)
        .join(event, event.c.id == location.c.event_id)
        .where(IS_LISTED)
        .order_by(location.c.event_id, location.c.number)
    )
    found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for event_id, *vector in rows:
        found[event_id].append((vector[0], vector[1], vector[2]))
    return found


def ids_closing_between(db: Connection, after: datetime, until: datetime) -> list[str]:
    """Return the ids of listed events with a deadline for applicants in a time span."""
    closing, event = schema.event_closing, schema.event
    found = (
        select(closing.c.event_id)
        .join(event, event.c.id == closing.c.event_id)
        .where(IS_LISTED, closing.c.closes_at > after, closing.c.closes_at <= until)
        .order_by(closing.c.closes_at, closing.c.event_id)
    )
    return list(dict.fromkeys(db.execute(found).scalars()))


def count_events(db: Connection, selection: Selection, now: datetime) -> int:
    """Return the number of events of a selection."""
    counted = select(func.count()).select_from(schema.event).where(IS_LISTED, *conditions(db, selection, now))
    return int(db.execute(counted).scalar_one())


def count_listed(db: Connection) -> int:
    """Return the number of listed events, past ones included."""
    return db.execute(select(func.count()).select_from(schema.event).where(IS_LISTED)).scalar_one()


def facet_counts(db: Connection, facet: str, selection: Selection, now: datetime) -> dict[str, int]:
    """Return how many events of a selection have each value of a facet, most frequent first."""
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


def facet_values(db: Connection, facet: str) -> list[str]:
    """Return every value of a facet among all events, including past and unlisted ones."""
    values = select(schema.event_facet.c.value).where(schema.event_facet.c.facet == facet).distinct()
    return sorted(db.execute(values).scalars())


def find_entries(
    db: Connection, selection: Selection, now: datetime, *, events: bool = True, deadlines: bool = True
) -> tuple[list[Entry], datetime | None]:
    """Return the stored calendar entries of a selection, sorted by start and id, and the latest time of a change.

    Cancelled entries of recently merged or hidden events are included, because subscribers still have the old entries;
    so are those of events that ``status`` or ``deadline_within`` found at any time since they were listed.

    Args:
        db: the connection.
        selection: selects the events.
        now: the current time.
        events: include the entries of the events themselves.
        deadlines: include the entries of their deadlines.

    Raises:
        SelectionError: it names an unknown source, or a place that has not been located.
    """
    event, part = schema.event, schema.deadline_entry
    wanted = (
        *conditions(db, selection, now, once_found=True),
        or_(IS_LISTED, event.c.changed_at > now - KEEP_UNLISTED),
    )
    found: list[Any] = []
    if events:
        own = (event.c.starts_at, event.c.id, literal(""), event.c.vevent, event.c.changed_at)
        found += db.execute(select(*map(_as_stored, own)).where(event.c.vevent.is_not(None), *wanted))
    if deadlines:
        columns = (part.c.starts_at, part.c.event_id, part.c.part, part.c.vevent, part.c.changed_at)
        matching = select(event.c.id).where(*wanted)
        found += db.execute(select(*map(_as_stored, columns)).where(part.c.event_id.in_(matching)))
    entries = sorted(map(Entry._make, found))
    changed_at = max((each.changed_at for each in entries), default=None)
    return entries, datetime.fromisoformat(changed_at) if changed_at else None


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    # Thousands of instants are only sorted by, so they are not parsed.
    return type_coerce(column, String) if isinstance(column.type, InstantText) else column


def feed_changed_at(db: Connection, selection: Selection, now: datetime) -> datetime | None:
    """Return when a calendar feed last changed: an event changed, or left the feed because time passed."""
    moments = [
        db.execute(select(func.max(column, type_=InstantText()))).scalar()
        for column in (schema.change.c.at, schema.event.c.changed_at)
    ]
    leaving = [(schema.event.c.changed_at, KEEP_UNLISTED, ~IS_LISTED)]
    if (past := past_of(selection)) is not None:
        leaving.append((schema.event.c.ends_at, past, true()))
    for column, stay, condition in leaving:
        last = select(func.max(column, type_=InstantText())).where(column <= now - stay, condition)
        left = db.execute(last).scalar()
        moments.append(left + stay if left is not None else None)
    return max((moment for moment in moments if moment is not None), default=None)


def entries_of_event(db: Connection, event_id: str) -> list[bytes]:
    """Return the stored calendar entries of an event: its own, if its day is certain, and those of its deadlines."""
    event, deadline = schema.event, schema.deadline_entry
    own = db.execute(select(event.c.vevent).where(event.c.id == event_id, event.c.vevent.is_not(None))).scalars()
    parts = select(deadline.c.vevent).where(deadline.c.event_id == event_id).order_by(deadline.c.part)
    return [*own, *db.execute(parts).scalars()]


def find_event(db: Connection, event_id: str) -> PublishedEvent:
    """Return one event; for the id of a merged event, the event that it was merged into.

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
    return to_published_event(row)


def ids_with_page(db: Connection) -> list[str]:
    """Return the ids that have an event page: those of listed events and of events merged into them."""
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
    """Return whether a curator has hidden an event."""
    table = schema.event
    return db.execute(select(table.c.hidden).where(table.c.id == event_id)).scalar() is True


def version(db: Connection) -> str:
    """Return a text that changes whenever anything public may have changed; it is part of cache keys."""
    runs = db.execute(select(func.max(schema.run.c.id))).scalar()
    changes = db.execute(select(func.max(schema.change.c.id))).scalar()
    return f"{runs or 0}-{changes or 0}"


def find_with_doubt(db: Connection, beginning: str) -> list[PublishedEvent]:
    """Return the listed events that have a doubt with this beginning, earliest first."""
    table = schema.event
    # Canonical JSON writes each doubt in quotes; other texts in quotes match too, so the caller has to check.
    wanted = (IS_LISTED, table.c.document.contains(f'"{beginning}', autoescape=True))
    return [to_published_event(row) for row in db.execute(select(table).where(*wanted).order_by(table.c.starts_at))]
