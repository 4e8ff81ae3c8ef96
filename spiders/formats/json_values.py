"""Values in JSON: ordinary names of fields, dotted paths, and places of any ordinary shape."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tracker.models.raw_listing import RawPlace


def keys_for(group: str, name: str) -> tuple[str, ...]:
    """Return the normalised key names of a field, preferred first."""
    return _tables()[group].get(name, ())


def names_in(group: str) -> tuple[str, ...]:
    """Return the names of the fields in a group."""
    return tuple(_tables()[group])


@cache
def normalize_key(key: str) -> str:
    """Return a key normalised for comparison: lower case, letters and digits only, without a format in brackets.

    >>> normalize_key("start_date") == normalize_key("Start Date (YYYY-mm-dd)") == normalize_key("startDate")
    True
    """
    return re.sub(r"\([ymdh:/ .-]+\)$|[^\w]|_", "", key.casefold())


def by_normalized_key(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an object by normalised key; the first wins if two keys are equal once normalised."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        found.setdefault(normalize_key(str(key)), value)
    return found


def to_text(value: Any) -> str:
    """Return a value as text: the first item of a list; the text, name or label of an object."""
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, Mapping):
        inner = by_normalized_key(value)
        return next((text for key in keys_for("objects", "words") if (text := as_text(inner.get(key)))), "")
    return as_text(value)


def as_text(value: Any) -> str:
    """Return a string or number as text, and an empty string for anything else."""
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


@cache
def _tables() -> dict[str, dict[str, tuple[str, ...]]]:
    text = (files("spiders.formats") / "json_keys.toml").read_text("utf-8")
    return {
        group: {name: tuple(normalize_key(key) for key in keys) for name, keys in names.items()}
        for group, names in tomllib.loads(text).items()
    }


_DEEPEST = 12


def values_at(tree: Any, path: str) -> list[Any]:
    """Return the values at ``path``. A list in between is expanded to its items; ``*`` to all values of an object.

    >>> values_at({"a": [{"b": 1}, {"b": 2}, {}]}, "a.b")
    [1, 2]
    >>> values_at({"apps": {"x": {"events": [3]}}}, "apps.*.events.0")
    [3]
    """
    found = [tree]
    for step in path.split(".") if path else ():
        found = [inner for value in found for inner in _step(value, step)]
    return found


def rows_at(tree: Any, path: str) -> list[Any]:
    """Return the rows at ``path``: the items of a list, or the values of an object whose keys are ids."""
    rows: list[Any] = []
    for value in values_at(tree, path):
        if isinstance(value, list):
            rows.extend(value)
        elif isinstance(value, Mapping):
            is_keyed = value and all(isinstance(each, Mapping) for each in value.values())
            rows.extend(value.values() if is_keyed else [value])
    return rows


def lists_of_objects(tree: Any, depth: int = 0) -> Iterator[list[Any]]:
    """Yield every list in ``tree`` that contains objects."""
    if depth > _DEEPEST:
        return
    if isinstance(tree, list):
        if any(isinstance(each, Mapping) for each in tree):
            yield tree
        for each in tree:
            yield from lists_of_objects(each, depth + 1)
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from lists_of_objects(value, depth + 1)


def _step(value: Any, step: str) -> Iterator[Any]:
    if isinstance(value, list):
        if step.isdigit():
            yield from value[int(step) : int(step) + 1]
        elif step == "*":
            yield from value
        else:
            for each in value:
                if isinstance(each, Mapping):
                    yield from _step(each, step)
    elif isinstance(value, Mapping):
        if step == "*":
            yield from value.values()
        elif step in value and value[step] is not None:
            yield value[step]


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
