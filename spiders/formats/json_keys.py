"""Looks up fields in JSON objects by their common key names, which ``json_keys.toml`` lists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def keys_for(group: str, name: str) -> tuple[str, ...]:
    """Return the normalised key names of a field, preferred first."""
    return _tables()[group].get(name, ())


def names_in(group: str) -> tuple[str, ...]:
    """Return the names of the fields in a group."""
    return tuple(_tables()[group])


@cache
def normalize_key(key: str) -> str:
    """Return a key normalised for comparison: lower case, letters and digits only.

    >>> folded("start_date") == folded("Start Date") == folded("startDate")
    True
    """
    return re.sub(r"[^\w]|_", "", key.casefold())


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
