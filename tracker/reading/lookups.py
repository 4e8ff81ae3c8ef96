"""Loads spellings from data files: words of the field, countries, cities, Windows zones."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from tracker.models.text import fold


@cache
def load(name: str) -> dict[str, Any]:
    """Return the data file ``name`` of ``tracker/reading/data``."""
    return tomllib.loads((files("tracker.reading") / "data" / f"{name}.toml").read_text("utf-8"))


@cache
def meanings(group: str) -> dict[str, str]:
    """Return a mapping from folded spelling to meaning for a group of ``words.toml``."""
    return {fold(word): meaning for meaning, words in load("words")[group].items() for word in words}


def meaning_of(group: str, word: str) -> str | None:
    """Return the meaning of ``word`` in a group of ``words.toml``, or None.

    A schema.org URL such as ``https://schema.org/EventCancelled`` is looked up by its last part.
    """
    return meanings(group).get(fold(word.rstrip("/").rpartition("/")[2] if "://" in word else word))
