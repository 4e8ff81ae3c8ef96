"""One change of one published field."""

from __future__ import annotations

from tracker.models.moments import Instant
from tracker.models.record import Record


class Change(Record):
    """What changed, from what to what, and which source says so."""

    event_id: str
    """The event that changed."""
    at: Instant
    """When we noticed."""
    field: str
    """``when``, ``title``… or ``event`` when it was first listed."""
    before: str = ""
    """Canonical JSON of the old value. Empty: it was not set."""
    after: str = ""
    """Canonical JSON of the new value."""
    source: str = ""
    """Id of the source that says so."""
