"""Defines a change of one published field."""

from __future__ import annotations

from tracker.models.moments import Instant
from tracker.models.record import Record


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
