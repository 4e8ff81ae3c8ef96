"""The validated reading of one raw listing: what one source says about one event."""

from __future__ import annotations

from pydantic import Field

from tracker.models.details import Details
from tracker.models.moments import Instant
from tracker.models.text import PlainLine


class ListingKey(tuple[str, str]):
    """``(source, source_id)``: names one listing for ever, whatever becomes of events."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{self[0]} {self[1]}"


class Listing(Details):
    """What one source says about one event."""

    url_is_stated: bool = True
    """False if ``url`` was only found in the running text: then it may be anybody's page."""
    source: str
    """Id of the source."""
    source_id: str
    """The source's own id of the event, stable from crawl to crawl."""
    page_url: str
    """The page it was read from."""
    fetched_at: Instant
    """When the page first said this."""
    doubts: tuple[PlainLine, ...] = ()
    """What is contradictory or assumed: ``no time zone stated; the place's zone is taken``."""
    unknown_words: dict[str, str] = Field(default_factory=dict)
    """The source's words that are in none of our lists, by field."""

    @property
    def key(self) -> ListingKey:
        """``(source, source_id)``"""
        return ListingKey((self.source, self.source_id))
