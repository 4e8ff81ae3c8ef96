"""Fills the blank fields of a raw listing from another one, usually from the structured data of its page."""

from __future__ import annotations

from typing import Any

from tracker.models.raw_listing import RawListing

_NEVER = frozenset({"source", "source_id", "page_url", "fetched_at", "extra"})
_TOGETHER = (("starts", "ends", "end_is_exclusive", "timezone", "approximate"), ("description", "description_is_html"))


def fill_blanks(listing: RawListing, other: RawListing) -> RawListing:
    """Return ``listing`` with its blank fields taken from ``other``. Fields that are set are never overridden.

    Fields that depend on each other are filled as a group, so that the start of one listing never gets the end of
    another.
    """
    update: dict[str, Any] = {}
    fields = set(RawListing.model_fields) - _NEVER
    for group in _TOGETHER:
        fields -= set(group)
        if not any(getattr(listing, name) for name in group):
            update |= {name: getattr(other, name) for name in group}
    update |= {name: getattr(other, name) for name in fields if not getattr(listing, name)}
    return listing.model_copy(update=update)
