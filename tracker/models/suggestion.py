"""Defines a visitor's suggestion: it waits for review, and is never published automatically."""

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
"""Source of accepted suggestions."""


class Suggestion(Record):
    """An event that a visitor suggests."""

    raw: RawListing
    """The event as the visitor describes it, or as its page does."""
    note: PlainText = ""
    """Comment of the visitor; for the reviewer, never published."""
    at: Instant
    """When it was suggested."""
    visitor: PlainLine = ""
    """Anonymous fingerprint that distinguishes visitors; deleted once the suggestion is decided."""
