"""Filling what one reading of a listing left blank from another: the structured data of its own page, mostly."""

from __future__ import annotations

from typing import Any

from tracker.models.raw_listing import RawListing

_NEVER = frozenset({"source", "source_id", "page_url", "fetched_at", "extra"})
_TOGETHER = (("starts", "ends", "end_is_exclusive", "timezone", "approximate"), ("description", "description_is_html"))


def fill_blanks(listing: RawListing, other: RawListing) -> RawListing:
    """Return ``listing`` with its blank fields as ``other`` has them. What it says itself is never overridden.

    Fields that only make sense together are taken together: the end of one reading never joins the start of another.
    """
    update: dict[str, Any] = {}
    fields = set(RawListing.model_fields) - _NEVER
    for group in _TOGETHER:
        fields -= set(group)
        if not any(getattr(listing, name) for name in group):
            update |= {name: getattr(other, name) for name in group}
    update |= {name: getattr(other, name) for name in fields if not getattr(listing, name)}
    return listing.model_copy(update=update)
