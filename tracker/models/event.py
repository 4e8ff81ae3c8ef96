"""What we publish: the listings of one thing, merged, with an id that never changes."""

from __future__ import annotations

from pydantic import Field, JsonValue

from tracker.models.details import Details
from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.text import PlainLine, WebLink


class Provenance(Record):
    """Who says so."""

    source: str
    """Id of the source."""
    page_url: str
    """The page that says it."""
    fetched_at: Instant
    """When the page first said it."""


class Attribution(Record):
    """A source that lists the event, and the credit it is due."""

    source: str
    """Id of the source."""
    source_id: str
    """The source's own id of the event."""
    name: PlainLine
    """Name of the source."""
    homepage: WebLink
    """Where a person would look."""
    url: WebLink | None = None
    """The event's page at that source."""
    licence: PlainLine = ""
    """``CC-BY-4.0``"""
    attribution: PlainLine = ""
    """Credit the licence asks for."""


class Disagreement(Record):
    """What a source says about a field, where it contradicts what is published."""

    field: str
    """Name of the field."""
    value: JsonValue
    """What the source says, as in an event's JSON."""
    source: str
    """Id of the source."""
    source_id: str
    """The source's own id of the event."""


class Event(Details):
    """One event or opportunity, as published."""

    id: str
    """Assigned once, never derived from content, never reused."""
    sources: tuple[Attribution, ...]
    """Who lists it, most trusted first."""
    provenance: dict[str, Provenance] = Field(default_factory=dict)
    """Who says so, by field."""
    doubts: tuple[PlainLine, ...] = ()
    """What is contradictory or assumed."""
    disagreements: tuple[Disagreement, ...] = ()
    """What sources say against the published values."""

    @property
    def link(self) -> str:
        """Where to send a reader: the event's own page, or the homepage of its most trusted source."""
        return self.url or self.sources[0].homepage


class PublishedEvent(Record):
    """An event with its history in the store."""

    event: Event
    """The event itself."""
    sequence: int = 0
    """Rises by one whenever what a subscriber sees has changed (RFC 5545 SEQUENCE)."""
    first_seen: Instant
    """When it was first published."""
    changed_at: Instant
    """When what a subscriber sees last changed."""
