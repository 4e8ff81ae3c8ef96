"""Published events: their documents, their rendered calendar entries, and their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from tracker.errors import SelectionError, UnknownEventError
from tracker.models.change import Change
from tracker.models.event import Event, PublishedEvent
from tracker.models.selection import Attendance, Selection
from tracker.models.vocabulary import Mode
from tracker.reading.lookups import fold
from tracker.store import schema
from tracker.store.selecting import FOLDED_CITY, IS_SHOWN, conditions, past_of
from tracker.store.writing import upsert

_ATTENDANCE = {
    Mode.IN_PERSON: (Attendance.IN_PERSON,),
    Mode.ONLINE: (Attendance.ONLINE,),
    Mode.HYBRID_CHOICE: (Attendance.IN_PERSON, Attendance.ONLINE, Attendance.HYBRID),
    Mode.HYBRID_REQUIRED: (Attendance.IN_PERSON, Attendance.HYBRID),
    Mode.UNKNOWN: (),
}


@dataclass(frozen=True, slots=True)
class RenderedEvent:
    """A published event with its calendar entry (VEVENT bytes; None where it cannot stand in a calendar)."""

    published: PublishedEvent
    vevent: bytes | None
    content_hash: str
    """Changes exactly when what a subscriber sees changes."""
    merged_into: str | None = None
    """The event that it turned out to be: its id leads there, its calendar entry is struck out."""
    hidden: bool = False
    """A person does not want it shown; its calendar entry is struck out."""
    series: str | None = None
    """Id of the series that it belongs to."""

    @property
    def is_struck_out(self) -> bool:
        """True if it is not shown, but its calendar entry stays as cancelled."""
        return self.hidden or self.merged_into is not None


def save_events(db: Connection, rendered: Iterable[RenderedEvent]) -> None:
    """Keep new and changed events and what they can be found by."""
    rows, facets, ids = [], [], []
    for each in rendered:
        event, when = each.published.event, each.published.event.when
        ids.append(event.id)
        rows.append(
            {
                "id": event.id,
                "document": event.canonical_json(),
                "sequence": each.published.sequence,
                "first_seen": each.published.first_seen,
                "changed_at": each.published.changed_at,
                "begins_at": when.begins_at,
                "over_at": event.over_at,
                "first_day": when.first_day.isoformat() if when.first_day else None,
                "last_day": when.last_day.isoformat() if when.last_day else None,
                "search_text": search_text(event),
                "content_hash": each.content_hash,
                "vevent": each.vevent,
                "merged_into": each.merged_into,
                "hidden": each.hidden,
                "series": each.series,
            }
        )
        facets += [{"event_id": event.id, "facet": facet, "value": value} for facet, value in set(_facets(event))]
    upsert(db, schema.event, rows)
    for at in range(0, len(ids), 500):
        db.execute(delete(schema.event_facet).where(schema.event_facet.c.event_id.in_(ids[at : at + 500])))
    if facets:
        db.execute(insert(schema.event_facet), facets)


def delete_events(db: Connection, ids: Iterable[str]) -> None:
    """Remove events that no listing stands behind any more."""
    for event_id in ids:
        db.execute(delete(schema.event_facet).where(schema.event_facet.c.event_id == event_id))
        db.execute(delete(schema.event).where(schema.event.c.id == event_id))


def load_rendered(db: Connection) -> dict[str, RenderedEvent]:
    """Return all events by id, with their calendar entries; those merged into others as well."""
    rows = db.execute(select(schema.event))
    return {
        row.id: RenderedEvent(
            _published(row),
            row.vevent,
            row.content_hash,
            row.merged_into,
            row.hidden,
            row.series,
        )
        for row in rows
    }


def find_events(db: Connection, selection: Selection, now: datetime) -> list[PublishedEvent]:
    """Return the events of a selection, soonest first.

    Raises:
        SelectionError: it names a source that there is not.
    """
    _check_sources(db, selection)
    table = schema.event
    rows = db.execute(
        select(table.c.document, table.c.sequence, table.c.first_seen, table.c.changed_at)
        .where(IS_SHOWN, *conditions(selection, now))
        .order_by(table.c.begins_at, table.c.id)
    )
    return [_published(row) for row in rows]


def feed_changed_at(db: Connection, selection: Selection, now: datetime) -> datetime | None:
    """Return when a feed of stored entries last changed: by a change of an event, or by one that left with time."""
    moments = [
        db.execute(select(func.max(column, type_=schema.InstantText()))).scalar()
        for column in (schema.change.c.at, schema.event.c.changed_at)
    ]
    past = past_of(selection)
    if past is not None:
        ended = select(func.max(schema.event.c.over_at, type_=schema.InstantText()))
        left = db.execute(ended.where(schema.event.c.over_at <= now - past)).scalar()
        moments.append(left + past if left is not None else None)
    return max((moment for moment in moments if moment is not None), default=None)


def find_vevents(db: Connection, selection: Selection, now: datetime) -> tuple[list[bytes], datetime | None]:
    """Return the stored calendar entries of a selection, soonest first, and when the newest changed.

    Entries of events that were merged into others are among them, struck out: a subscriber still has them.
    """
    _check_sources(db, selection)
    table = schema.event
    rows = db.execute(
        select(table.c.vevent, table.c.changed_at)
        .where(table.c.vevent.is_not(None), *conditions(selection, now))
        .order_by(table.c.begins_at, table.c.id)
    ).all()
    return [row.vevent for row in rows], max((row.changed_at for row in rows), default=None)


def count_events(db: Connection, selection: Selection, now: datetime) -> int:
    """Return how many events a selection holds."""
    _check_sources(db, selection)
    counted = select(func.count()).select_from(schema.event).where(IS_SHOWN, *conditions(selection, now))
    return int(db.execute(counted).scalar_one())


def _check_sources(db: Connection, selection: Selection) -> None:
    if selection.source:
        known = set(db.execute(select(schema.source.c.id)).scalars())
        if unknown := set(selection.source) - known:
            raise SelectionError(f"source={min(unknown)} is not known. Sources: {', '.join(sorted(known))}.")


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
    return _published(row)


def is_hidden(db: Connection, event_id: str) -> bool:
    """Say whether a person has hidden an event."""
    table = schema.event
    return db.execute(select(table.c.hidden).where(table.c.id == event_id)).scalar() is True


def series_of_event(db: Connection, event_id: str) -> list[PublishedEvent]:
    """Return the other events of an event's series, soonest first."""
    table = schema.event
    of = select(table.c.series).where(table.c.id == event_id).scalar_subquery()
    rows = db.execute(
        select(table).where(IS_SHOWN, table.c.series == of, table.c.id != event_id).order_by(table.c.begins_at)
    )
    return [_published(row) for row in rows]


def facet_counts(db: Connection, facet: str, selection: Selection, now: datetime) -> dict[str, int]:
    """Return how many events of a selection have each value of a facet, most first."""
    table, facets = schema.event, schema.event_facet
    count = func.count().label("count")
    rows = db.execute(
        select(facets.c.value, count)
        .join(table, table.c.id == facets.c.event_id)
        .where(facets.c.facet == facet, IS_SHOWN, *conditions(selection, now))
        .group_by(facets.c.value)
        .order_by(count.desc(), facets.c.value)
    )
    return {row[0]: row[1] for row in rows}


def save_changes(db: Connection, changes: Iterable[Change]) -> None:
    """Add to the history."""
    rows = [{"event_id": change.event_id, "at": change.at, "document": change.canonical_json()} for change in changes]
    if rows:
        db.execute(insert(schema.change), rows)


def changes_of_event(db: Connection, event_id: str) -> list[Change]:
    """Return the history of an event, oldest first."""
    table = schema.change
    rows = db.execute(select(table.c.document).where(table.c.event_id == event_id).order_by(table.c.id))
    return [Change.model_validate_json(document) for document in rows.scalars()]


def version(db: Connection) -> str:
    """Return a text that differs whenever anything public may have changed: what caches are keyed by."""
    runs = db.execute(select(func.max(schema.run.c.id))).scalar()
    changes = db.execute(select(func.max(schema.change.c.id))).scalar()
    return f"{runs or 0}-{changes or 0}"


def search_text(event: Event) -> str:
    """Return the folded words an event is found by."""
    said = [event.title, event.summary, event.description, *event.organizers]
    said += [word for place in event.places for word in (place.raw, place.venue, place.city, place.region)]
    said += [source.name for source in event.sources]
    return fold("\n".join(said))


def _published(row: Row[*tuple[Any, ...]]) -> PublishedEvent:
    return PublishedEvent(
        event=Event.model_validate_json(row.document),
        sequence=row.sequence,
        first_seen=row.first_seen,
        changed_at=row.changed_at,
    )


def _facets(event: Event) -> Iterator[tuple[str, str]]:
    yield from (("type", each.value) for each in event.types)
    yield from (("topic", each.value) for each in event.topics)
    yield from (("mode", each.value) for each in _ATTENDANCE[event.mode])
    yield from (("country", place.country) for place in event.places if place.country)
    yield from (("city", place.city) for place in event.places if place.city)
    yield from ((FOLDED_CITY, fold(place.city)) for place in event.places if place.city)
    yield from (("source", each.source) for each in event.sources)
    yield ("level", event.level.value)
    yield ("cost", event.cost.kind.value)
    yield ("stipend", event.stipend.value)
