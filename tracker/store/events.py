"""Stores published events: their documents, their rendered calendar entries, and the tables they are searched by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select

from tracker.models.application_status import APPLICATION_KINDS
from tracker.models.details import FIELDS
from tracker.models.event import Event, PublishedEvent
from tracker.models.selection import Attendance
from tracker.models.text import fold
from tracker.models.vocabulary import EventType, Mode
from tracker.store import schema
from tracker.store.bulk_writes import analyze, replace, upsert
from tracker.store.filters import FOLDED_CITY, unit_vector
from tracker.store.status_history import history_rows

_BATCH = 500
ATTENDANCE = {
    Mode.IN_PERSON: (Attendance.IN_PERSON,),
    Mode.ONLINE: (Attendance.ONLINE,),
    Mode.HYBRID_CHOICE: (Attendance.IN_PERSON, Attendance.ONLINE, Attendance.HYBRID),
    Mode.HYBRID_REQUIRED: (Attendance.IN_PERSON, Attendance.HYBRID),
    Mode.UNKNOWN: (),
}
"""Under which choices of ``mode`` an event is found."""


@dataclass(frozen=True, slots=True)
class DeadlineEntry:
    """The calendar entry of one deadline; it has a SEQUENCE of its own."""

    part: str
    """Suffix of the event's id in the UID: ``deadline-application``."""
    starts_at: datetime
    vevent: bytes
    sequence: int
    changed_at: datetime
    content_hash: str


@dataclass(frozen=True, slots=True)
class RenderedEvent:
    """A published event with its calendar entry (VEVENT bytes; None if it has none, as its day is not certain)."""

    published: PublishedEvent
    vevent: bytes | None
    content_hash: str
    """Hash of the visible content; changes exactly when a subscriber sees a change."""
    merged_into: str | None = None
    """Id of the event that it was merged into: its own id redirects there, and its calendar entry is cancelled."""
    hidden: bool = False
    """True if a curator has hidden it; its calendar entry is cancelled."""
    series: str | None = None
    """Id of the series that it belongs to."""
    part_of: str | None = None
    """Id of the larger event that it is a part of."""
    deadlines: tuple[DeadlineEntry, ...] = ()
    """Calendar entries of its deadlines."""

    @property
    def is_unlisted(self) -> bool:
        """True if it is merged or hidden: it is not shown, and its calendar entry stays as cancelled."""
        return self.hidden or self.merged_into is not None


def save_events(db: Connection, rendered: Iterable[RenderedEvent]) -> None:
    """Store new and changed events with their facets, search texts, deadlines and locations."""
    rendered = list(rendered)
    if not rendered:
        return
    ids = [each.published.event.id for each in rendered]
    had = history_rows(db, [each.published for each in rendered])  # before the rows that it is read from are replaced
    upsert(db, schema.event, [_row(each) for each in rendered])
    texts = [{"event_id": each.published.event.id, "folded": search_text(each.published.event)} for each in rendered]
    upsert(db, schema.event_text, texts, by=("event_id",))
    for table, row_of in _DEPENDENT_TABLES.items():
        rows = [{"event_id": each.published.event.id, **row} for each in rendered for row in row_of(each)]
        if table is schema.event_facet:
            rows += had
        replace(db, table, "event_id", ids, rows)


def analyze_events(db: Connection, written: int) -> None:
    """Update the database's statistics of the event tables after a large write."""
    beside = [table.name for table in (schema.event, schema.event_text, *_DEPENDENT_TABLES)]
    analyze(db, written, *beside, "event_word", "event_words")


def delete_events(db: Connection, ids: Iterable[str]) -> None:
    """Delete events that no longer have a listing."""
    for event_id in ids:
        for table in (*_DEPENDENT_TABLES, schema.event_text):
            db.execute(delete(table).where(table.c.event_id == event_id))
        db.execute(delete(schema.event).where(schema.event.c.id == event_id))


@dataclass(frozen=True, slots=True)
class EventStub:
    """The columns of a published event that a build needs of all events."""

    first_seen: datetime
    merged_into: str | None
    hidden: bool
    series: str | None


def load_stubs(db: Connection) -> dict[str, EventStub]:
    """Return the stubs of all events by id, including merged ones."""
    event = schema.event.c
    rows = db.execute(select(event.id, event.first_seen, event.merged_into, event.hidden, event.series))
    return {row[0]: EventStub(*row[1:]) for row in rows}


def load_rendered(db: Connection, ids: Sequence[str]) -> dict[str, RenderedEvent]:
    """Return the existing ones of some events by id, with their calendar entries."""
    event, entry = schema.event, schema.deadline_entry
    found: dict[str, RenderedEvent] = {}
    for at in range(0, len(ids), _BATCH):
        some = ids[at : at + _BATCH]
        deadlines: dict[str, list[DeadlineEntry]] = defaultdict(list)
        for row in db.execute(select(entry).where(entry.c.event_id.in_(some)).order_by(entry.c.part)):
            deadlines[row.event_id].append(DeadlineEntry(*row[1:]))
        for row in db.execute(select(event).where(event.c.id.in_(some))):
            deadlines_of = tuple(deadlines[row.id])
            said = (row.vevent, row.content_hash, row.merged_into, row.hidden, row.series, row.part_of, deadlines_of)
            found[row.id] = RenderedEvent(to_published_event(row), *said)
    return found


def search_text(event: Event) -> str:
    """Return the folded text that full-text search finds an event by."""
    said = [event.title, event.summary, event.description, *event.organizers]
    said += [word for place in event.places for word in (place.raw, place.venue, place.city, place.region)]
    said += [source.name for source in event.sources]
    said += [each.replace("_", " ") for each in event.types if each is not EventType.OTHER]
    return fold("\n".join(said))


def to_published_event(row: Row[*tuple[Any, ...]]) -> PublishedEvent:
    """Return the event of a row of the event table."""
    return PublishedEvent(
        event=Event.model_validate_json(row.document),
        sequence=row.sequence,
        first_seen=row.first_seen,
        changed_at=row.changed_at,
    )


def _row(rendered: RenderedEvent) -> dict[str, Any]:
    event, when = rendered.published.event, rendered.published.event.when
    entering = [deadline for deadline in event.deadlines if deadline.kind in APPLICATION_KINDS]
    return {
        "id": event.id,
        "document": event.canonical_json(),
        "sequence": rendered.published.sequence,
        "first_seen": rendered.published.first_seen,
        "changed_at": rendered.published.changed_at,
        "starts_at": when.starts_at,
        "ends_at": event.ends_at,
        "first_day": when.first_day.isoformat() if when.first_day else None,
        "last_day": when.last_day.isoformat() if when.last_day else None,
        "opens_at": max((each.opens_at for each in entering if each.opens_at), default=None),
        "not_yet_open": any(each.not_yet_open and each.opens is None for each in entering),
        "rolling": any(each.rolling for each in entering),
        "has_closing": any(each.at is not None or each.closed for each in entering),
        "content_hash": rendered.content_hash,
        "vevent": rendered.vevent,
        "merged_into": rendered.merged_into,
        "hidden": rendered.hidden,
        "series": rendered.series,
        "part_of": rendered.part_of,
    }


def _facet_rows(rendered: RenderedEvent) -> Iterator[dict[str, Any]]:
    return ({"facet": facet, "value": value} for facet, value in set(_facets(rendered.published.event)))


def _closing_rows(rendered: RenderedEvent) -> Iterator[dict[str, Any]]:
    deadlines = rendered.published.event.deadlines
    moments = {each.closes_at for each in deadlines if each.kind in APPLICATION_KINDS and each.closes_at}
    return ({"closes_at": moment} for moment in moments)


def _location_rows(rendered: RenderedEvent) -> Iterator[dict[str, Any]]:
    for number, place in enumerate(rendered.published.event.places):
        if place.latitude is not None and place.longitude is not None:
            x, y, z = unit_vector(place.latitude, place.longitude)
            yield {"number": number, "x": x, "y": y, "z": z}


def _deadline_rows(rendered: RenderedEvent) -> Iterator[dict[str, Any]]:
    return ({name: getattr(each, name) for name in DeadlineEntry.__slots__} for each in rendered.deadlines)


def _facets(event: Event) -> Iterator[tuple[str, str]]:
    for name, info in FIELDS.items():
        if info.facet:
            value = getattr(event, name)
            yield from ((info.facet, str(each)) for each in (value if isinstance(value, tuple) else (value,)))
    yield from (("mode", each.value) for each in ATTENDANCE[event.mode])
    yield from (("country", place.country) for place in event.places if place.country)
    for place in event.places:
        if place.city:
            yield "city", place.city
            yield FOLDED_CITY, fold(place.city)
    yield from (("source", each.source) for each in event.sources)
    yield "cost", event.cost.kind.value


_DEPENDENT_TABLES: dict[Table, Callable[[RenderedEvent], Iterator[dict[str, Any]]]] = {
    schema.event_facet: _facet_rows,
    schema.event_closing: _closing_rows,
    schema.event_location: _location_rows,
    schema.deadline_entry: _deadline_rows,
}
"""The tables that depend on an event, with the function that makes their rows; they are rewritten with it."""
