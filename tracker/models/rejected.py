"""Defines a rejected raw listing, kept with the reason."""

from __future__ import annotations

from tracker.models.raw_listing import RawListing
from tracker.models.record import Record


class Rejected(Record):
    """A raw listing that could not become a listing. Counted and stored, so that nothing is lost silently."""

    reason: str
    """Short stable name: ``no title``, ``no date``, ``unreadable``."""
    detail: str = ""
    """What exactly was wrong, with the offending text."""
    source: str
    """Id of the source."""
    page_url: str = ""
    """The page it was read from."""
    raw: RawListing | None = None
    """The raw listing, as far as it could be read."""
