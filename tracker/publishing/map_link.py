"""Builds links that show a place on OpenStreetMap: nothing is asked of it before somebody follows one."""

from __future__ import annotations

from urllib.parse import urlencode

from tracker.models.place import Place
from tracker.publishing.phrases import address_words


def map_link(place: Place) -> str:
    """Return the URL of a search for a place by its venue, street and city; empty if not even the city is known."""
    if not (place.city or place.venue):
        return ""
    return "https://www.openstreetmap.org/search?" + urlencode({"query": address_words(place)})
