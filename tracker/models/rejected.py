"""A raw listing that could not become a listing, kept with the reason."""

from __future__ import annotations

from tracker.models.raw_listing import RawListing
from tracker.models.record import Record


class Rejected(Record):
    """Counted and kept: nothing a page says is lost silently."""

    reason: str
    """A short stable name: ``no title``, ``no date``, ``unreadable``."""
    detail: str = ""
    """What exactly was wrong, with the offending text."""
    source: str
    """Id of the source."""
    page_url: str = ""
    """The page it was read from."""
    raw: RawListing | None = None
    """What the page said, as far as it could be read."""
