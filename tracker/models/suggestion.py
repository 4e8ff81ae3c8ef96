"""What a visitor suggests: it waits for a person, and is never published by itself."""

from __future__ import annotations

from tracker.models.moments import Instant
from tracker.models.raw_listing import RawListing
from tracker.models.record import Record
from tracker.models.source import Source
from tracker.models.text import PlainLine, PlainText
from tracker.models.vocabulary import Tier

SUGGESTED = Source(
    id="suggested",
    tier=Tier.COMMUNITIES,
    name="Suggested by visitors",
    homepage="https://github.com/aisafety-tracker/aisafety-tracker",
    platform="manual",
    enabled=False,
)
"""The source of what was suggested and accepted."""


class Suggestion(Record):
    """One event that a visitor misses here."""

    raw: RawListing
    """The event in the visitor's words, or in those of its page."""
    note: PlainText = ""
    """What else the visitor has to say; for the person who decides, never published."""
    at: Instant
    """When it was suggested."""
    visitor: PlainLine = ""
    """Who suggests, as a fingerprint that tells visitors apart and names nobody; forgotten once it is decided."""
