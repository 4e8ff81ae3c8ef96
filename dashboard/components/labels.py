"""Labels of filters and of their values in the URL."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tracker.models.filters import FILTERS
from tracker.models.selection import Selection
from tracker.models.selection_values import coordinates
from tracker.publishing.phrases import humanize, language_name
from tracker.reading.places import country_name

LABELS = {name: each.label for name, each in FILTERS.items()}
_SPANS = {"today": "today", "all": "all"}
_VOCABULARIES = {"type", "mode", "status", "cost", "stipend", "level", "topic", "scope"}
"""Filters whose values are members of a vocabulary."""


def value_words(name: str, value: str) -> str:
    """Return the label of a filter's value."""
    if name == "country":
        return country_name(value)
    if name == "language":
        return language_name(value)
    if name == "near" and (spot := coordinates(value)):
        return f"{abs(spot[0]):g}° {'N' if spot[0] >= 0 else 'S'}, {abs(spot[1]):g}° {'E' if spot[1] >= 0 else 'W'}"
    if name in _VOCABULARIES:
        return FILTERS[name].words.get(value) or humanize(value)
    if value in _SPANS or name not in {"from", "to", "deadline_within", "past"}:
        return _SPANS.get(value, value)
    if value.endswith("d"):
        days = int(value.removesuffix("d"))
        return f"{'in ' if value.startswith('+') else ''}{abs(days)} days{' ago' if days < 0 else ''}"
    return value


def words_for(name: str) -> Callable[[str], str]:
    """Return a function that gives the labels of a filter's values."""
    return partial(value_words, name)


def selection_words(selection: Selection) -> str:
    """Return a selection in words: ``Hackathon, Germany``; empty if it has no filters."""
    pairs = [pair for pair in selection.to_pairs() if pair[0] not in {"sort", "within", "past"}]
    said = [f"{LABELS[name]} {words}" if FILTERS[name].needs_label else words for name, value in pairs
            if (words := value_words(name, value))]  # fmt: skip
    return ", ".join(said)[:150]
