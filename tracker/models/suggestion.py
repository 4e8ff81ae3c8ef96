"""Defines suggestions of visitors, of events and of sources: they wait for review, never published before it."""

from __future__ import annotations

from tracker.models.moments import Instant
from tracker.models.raw_listing import RawListing
from tracker.models.record import Record
from tracker.models.source import Source
from tracker.models.text import PlainLine, PlainText, WebLink
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


class SourceProposal(Record):
    """A page or calendar that could be read as a source, as probing it found."""

    url: WebLink
    """The address that was probed."""
    name: PlainLine = ""
    """What the page calls itself."""
    kind: PlainLine = ""
    """What it is, in words: ``Luma calendar``. Empty: no platform reads it."""
    toml: str = ""
    """The source file that would be written; empty if no platform reads it."""
    count: int = 0
    """Number of listings that were read."""
    upcoming: int = 0
    """Number of those that are not over."""
    missing: PlainLine = ""
    """What listings lack, in words: ``3 without place``."""
    known_as: PlainLine = ""
    """Name of the source that reads this address already."""


class SourceSuggestion(Record):
    """A source that a visitor suggests."""

    proposal: SourceProposal
    """The source as probing found it, under the name that the visitor gave it."""
    examples: tuple[PlainLine, ...] = ()
    """The first of its events, each in words."""
    note: PlainText = ""
    """Comment of the visitor; for the reviewer, never published."""
    at: Instant
    """When it was suggested."""
    visitor: PlainLine = ""
    """Anonymous fingerprint that distinguishes visitors; deleted once the suggestion is decided."""
