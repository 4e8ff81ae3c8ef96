"""Raw listings of a page: telling them apart by ids, filling blanks, and regular expressions in source files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator

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


def _is_a_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


Pattern = Annotated[str, AfterValidator(_is_a_pattern)]
"""A regular expression in Python syntax."""
