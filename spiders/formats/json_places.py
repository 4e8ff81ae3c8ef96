"""Converts a place in JSON, a string or an object with common keys, into a raw place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spiders.formats.json_keys import as_text, by_normalized_key, keys_for, names_in
from tracker.models.raw_listing import RawPlace

_NESTED = ("address", "coordinate", "coordinates", "geometry", "geo", "location")


def raw_place(value: Any) -> RawPlace | None:
    """Return the place in ``value``, or None if it names none."""
    if isinstance(value, str):
        return RawPlace(text=value.strip()) if value.strip() else None
    if not isinstance(value, Mapping):
        return None
    inner = by_normalized_key(value)
    for key in (*_NESTED, "location"):  # a second time: Google's "geometry" contains a "location"
        if isinstance(inner.get(key), Mapping):
            inner = by_normalized_key(inner.pop(key)) | inner
    said = {
        part: next((text for key in keys_for("place", part) if (text := _words(inner.get(key)))), "")
        for part in names_in("place")
    }
    if "maplat" in inner and not (said["street"] or said["city"]):
        said |= {"latitude": "", "longitude": ""}  # Squarespace's default coordinates, in New York
    if said["city"] or said["country"]:
        said["text"] = ""
    elif said["text"]:
        venue = said["venue"] if said["venue"] != said["text"] else ""
        said |= {"venue": "", "street": "", "text": ", ".join(filter(None, (venue, said["text"])))}
    is_named = any(text for part, text in said.items() if part not in {"latitude", "longitude"})
    return RawPlace(**said) if is_named else None


def _words(value: Any) -> str:
    """Return a part of a place as text; it may be an object: ``{"city": {"name": "Berlin"}}``."""
    return as_text(value) or (as_text(value.get("name")) if isinstance(value, Mapping) else "")
