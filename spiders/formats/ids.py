"""Makes the ids of a page's listings unique: several entries often link to the same page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tracker.models.raw_listing import RawListing


def disambiguate_ids(listings: Iterable[RawListing]) -> list[RawListing]:
    """Return the listings; those that share an id get their title and start appended to it."""
    found = list(listings)
    counts = Counter(listing.source_id for listing in found)
    return [
        listing.model_copy(update={"source_id": f"{listing.source_id} {listing.title} {listing.starts}".strip()})
        if counts[listing.source_id] > 1
        else listing
        for listing in found
    ]
