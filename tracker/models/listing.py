"""Defines a listing: the validated data of one source about one event, parsed from a raw listing."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from tracker.models.details import Details
from tracker.models.moments import Instant
from tracker.models.text import PlainLine


class ListingKey(tuple[str, str]):
    """``(source, source_id)``: identifies a listing permanently, independently of events."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{self[0]} {self[1]}"


class Listing(Details):
    """The data of one source about one event."""

    url_is_stated: bool = True
    """False if ``url`` was only found in the running text: it may then be an unrelated page."""
    source: str
    """Id of the source."""
    source_id: str
    """The source's own id of the event, stable from crawl to crawl."""
    page_url: str
    """The page it was read from."""
    fetched_at: Instant
    """When the page was first fetched with this content."""
    doubts: tuple[PlainLine, ...] = ()
    """Contradictions and assumptions: ``no time zone stated; the place's zone is taken``."""
    first_seen: dict[str, date] = Field(default_factory=dict)
    """Words that give a date without a year, or a relative one, and the day from which they count."""
    unmapped_values: dict[str, str] = Field(default_factory=dict)
    """Words of the source that are not in our vocabulary, by field."""

    @property
    def key(self) -> ListingKey:
        """``(source, source_id)``"""
        return ListingKey((self.source, self.source_id))
