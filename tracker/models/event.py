"""Defines a published event: the merged listings of one event under an id that never changes; and its changes."""

from __future__ import annotations

from pydantic import Field, JsonValue

from tracker.models.details import Details
from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.text import PlainLine, WebLink


class Provenance(Record):
    """Source of a field's value."""

    source: str
    """Id of the source."""
    page_url: str
    """The page that states the value."""
    fetched_at: Instant
    """When the page first stated the value."""


class Attribution(Record):
    """A source that lists the event, with its licence and credit."""

    source: str
    """Id of the source."""
    source_id: str
    """The source's own id of the event."""
    name: PlainLine
    """Name of the source."""
    homepage: WebLink
    """The source's page for people."""
    url: WebLink | None = None
    """The event's page at that source."""
    licence: PlainLine = ""
    """``CC-BY-4.0``"""
    attribution: PlainLine = ""
    """Credit that the licence requires."""


class Disagreement(Record):
    """A source's value of a field that contradicts the published value."""

    field: str
    """Name of the field."""
    value: JsonValue
    """The source's value, as in an event's JSON."""
    source: str
    """Id of the source."""
    source_id: str
    """The source's own id of the event."""


class Event(Details):
    """One event or opportunity, as published."""

    id: str
    """Assigned once, never derived from content, never reused."""
    sources: tuple[Attribution, ...]
    """Sources that list it, most trusted first."""
    provenance: dict[str, Provenance] = Field(default_factory=dict)
    """Source of each field's value, by field."""
    doubts: tuple[PlainLine, ...] = ()
    """Contradictions and assumptions."""
    disagreements: tuple[Disagreement, ...] = ()
    """Values of sources that contradict the published ones."""

    @property
    def link(self) -> str:
        """Link for readers: the event's own page, or the homepage of its most trusted source."""
        return self.url or self.sources[0].homepage


class PublishedEvent(Record):
    """An event with its sequence number and timestamps from the store."""

    event: Event
    """The event itself."""
    sequence: int = 0
    """Increases by one whenever the content visible to a subscriber changes (RFC 5545 SEQUENCE)."""
    first_seen: Instant
    """When it was first published."""
    changed_at: Instant
    """When the content visible to a subscriber last changed."""


class Change(Record):
    """A change of one field of an event: old value, new value and source."""

    event_id: str
    """The event that changed."""
    at: Instant
    """When the change was noticed."""
    field: str
    """``when``, ``title``…, or ``event`` when the event was first listed."""
    before: str = ""
    """Canonical JSON of the old value. Empty: not set."""
    after: str = ""
    """Canonical JSON of the new value."""
    source: str = ""
    """Id of the source of the new value."""
