"""The ordinary names of fields in JSON, as data: ``json_keys.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def keys_for(group: str, name: str) -> tuple[str, ...]:
    """Return the folded spellings of a field, best first."""
    return _tables()[group].get(name, ())


def names_in(group: str) -> tuple[str, ...]:
    """Return the fields of a group."""
    return tuple(_tables()[group])


@cache
def folded(key: str) -> str:
    """Return a key as it is compared.

    >>> folded("start_date") == folded("Start Date") == folded("startDate")
    True
    """
    return re.sub(r"[^\w]|_", "", key.casefold())


def by_name(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an object by folded key; of two keys that fold alike, the first."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        found.setdefault(folded(str(key)), value)
    return found


def words(value: Any) -> str:
    """Return a value as text: of a list its first item, of an object its text, name or label."""
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, Mapping):
        inner = by_name(value)
        return next((text for key in keys_for("objects", "words") if (text := as_text(inner.get(key)))), "")
    return as_text(value)


def as_text(value: Any) -> str:
    """Return a text or number as text, anything else as an empty one."""
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


@cache
def _tables() -> dict[str, dict[str, tuple[str, ...]]]:
    text = (files("spiders.formats") / "json_keys.toml").read_text("utf-8")
    return {
        group: {name: tuple(folded(key) for key in keys) for name, keys in names.items()}
        for group, names in tomllib.loads(text).items()
    }
