"""Renders events as JSON, for programs, and generates its JSON Schema from the same models."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import Field

from tracker.fitting.ranking import Fitness
from tracker.models.application_status import application_status
from tracker.models.deadline import Deadline
from tracker.models.event import Event, PublishedEvent
from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.selection import Selection
from tracker.models.vocabulary import ApplicationStatus, Kind

SCHEMA = 1
"""Version of the format; increases when readers of the JSON have to be adapted."""


class DeadlineDocument(Deadline):
    """One deadline, every field present."""

    is_zone_assumed: bool = Field(alias="zone_is_assumed")
    """True if the source states no zone: the moment is the day as written, and must not be converted."""


class EventDocument(Event):
    """One event, every field present."""

    deadlines: tuple[DeadlineDocument, ...]
    """In the order the source gives them."""

    broad_kind: Kind = Field(alias="kind")
    """Event, training or opportunity; derived from the types."""
    application_status: ApplicationStatus
    """Whether one can apply, at the time of the response."""
    sequence: int
    """Increases by one whenever the content visible to a subscriber of the calendar changes."""
    first_seen: Instant
    """When it was first published."""
    changed_at: Instant
    """When the content visible to a subscriber last changed."""
    fit: Fitness | None = None
    """How well it fits, with reasons; only if the selection has a ``fit``."""


class Credit(Record):
    """A source, with its licence and credit."""

    name: str
    homepage: str
    licence: str
    attribution: str


class EventsDocument(Record):
    """The events of a selection."""

    schema_version: int = Field(alias="schema")
    """Version of the format; increases when readers have to be adapted."""
    selection: str
    """The canonical query string."""
    count: int
    """Number of events."""
    credits: dict[str, Credit]
    """The sources of these events, by id."""
    events: list[EventDocument]


def render_json(
    events: Iterable[PublishedEvent], selection: Selection, now: datetime, fits: Sequence[Fitness] = ()
) -> bytes:
    """Return the events of a selection as a JSON document. Values that depend on the time are computed for ``now``.

    ``fits`` has how well each event fits, in their order, or nothing.
    """
    rows = [event_document(published, now) for published in events]
    for row, fitness in zip(rows, fits, strict=False):
        row["fit"] = fitness.model_dump(mode="json")
    credits_due = {
        source["source"]: {key: source[key] for key in Credit.model_fields} for row in rows for source in row["sources"]
    }
    return dump(
        {
            "schema": SCHEMA,
            "selection": selection.to_query(),
            "count": len(rows),
            "credits": dict(sorted(credits_due.items())),
            "events": rows,
        }
    )


def event_document(published: PublishedEvent, now: datetime) -> dict[str, Any]:
    """Return one event as plain JSON values, every field present."""
    event = published.event
    return {
        **event.model_dump(mode="json"),
        "deadlines": [
            {**deadline.model_dump(mode="json"), "zone_is_assumed": deadline.zone_is_assumed}
            for deadline in event.deadlines
        ],
        "kind": event.kind.value,
        "application_status": application_status(event, now).value,
        "sequence": published.sequence,
        "first_seen": _stamp(published.first_seen),
        "changed_at": _stamp(published.changed_at),
    }


@cache
def json_schema() -> Mapping[str, Any]:
    """Return the JSON Schema of ``/events.json``."""
    schema: dict[str, Any] = _any_of(EventsDocument.model_json_schema(mode="serialization"))
    return schema


def _any_of(schema: Any) -> Any:
    """Replace ``oneOf`` by ``anyOf``: most validators ignore formats, so that a day also matches as an instant."""
    if isinstance(schema, dict):
        return {"anyOf" if key == "oneOf" else key: _any_of(value) for key, value in schema.items()}
    return [_any_of(each) for each in schema] if isinstance(schema, list) else schema


def dump(document: object) -> bytes:
    """Return JSON in its published form: readable, and the same bytes for the same values."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
