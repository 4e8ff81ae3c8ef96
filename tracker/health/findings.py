"""What one crawl of one source brought back, before it is judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tracker.errors import SourceError
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.models.rejected import Rejected


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What a source answered for one address, for asking politely next time (RFC 9110 section 13)."""

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    read_by: str = ""
    """Fingerprint of the source file and version that read it."""
    read_at: datetime | None = None


@dataclass(slots=True)
class Findings:
    """Filled while a source is crawled."""

    pages: list[PageSeen] = field(default_factory=list)
    """Pages that were read."""
    unchanged_pages: list[str] = field(default_factory=list)
    """Addresses that said, or showed, that nothing has changed."""
    found: int = 0
    """Raw listings read from the pages."""
    readings: dict[str, tuple[RawListing, Listing]] = field(default_factory=dict)
    """Valid listings by source id."""
    rejected: list[Rejected] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Why pages are not to be trusted as a whole."""
    failures: list[SourceError] = field(default_factory=list)
    """Pages that could not be had or read."""

    def keep(self, raw: RawListing, listing: Listing) -> None:
        """Keep a valid listing; a second one with the same id is counted as rejected."""
        if listing.source_id in self.readings:
            self.rejected.append(
                Rejected(
                    reason="listed twice",
                    detail=f"{listing.title!r} has the id of another entry: {listing.source_id}",
                    source=listing.source,
                    page_url=listing.page_url,
                    raw=raw,
                )
            )
        else:
            self.readings[listing.source_id] = (raw, listing)
