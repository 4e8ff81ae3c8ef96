"""Computes the share of listings with a date, place…, the first thing to change when the layout of a page does."""

from __future__ import annotations

from collections.abc import Callable, Collection

from tracker.models.listing import Listing
from tracker.models.vocabulary import Mode

_PLACED = {Mode.ONLINE}

IS_FILLED: dict[str, Callable[[Listing], bool]] = {
    "date": lambda listing: listing.when.start is not None,
    "place": lambda listing: bool(listing.places) or listing.mode in _PLACED,
    "url": lambda listing: listing.url is not None,
    "deadline": lambda listing: bool(listing.deadlines),
    "type": lambda listing: bool(listing.types),
}
"""Checks of whether a listing fills a field, by the names that ``expect.fills`` uses."""


def fill_rates(listings: Collection[Listing]) -> dict[str, float]:
    """Return for each name the share of listings that fill the field; empty for no listings."""
    if not listings:
        return {}
    return {name: round(sum(map(is_filled, listings)) / len(listings), 3) for name, is_filled in IS_FILLED.items()}
