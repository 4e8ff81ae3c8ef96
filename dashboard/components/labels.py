"""Labels of filters and of their values in the URL."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tracker.models.filters import FILTERS
from tracker.models.selection import Selection
from tracker.publishing.phrases import humanize
from tracker.reading.places import country_name

LABELS = {name: each.label for name, each in FILTERS.items()}
_LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "sw": "Swahili", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_SPANS = {"today": "today", "all": "all"}
_VOCABULARIES = {"type", "mode", "status", "cost", "stipend", "level", "topic", "scope"}
"""Filters whose values are members of a vocabulary."""


def language_name(code: str) -> str:
    """Return the English name of a language by its ISO 639-1 code; the code itself if it has none here."""
    return _LANGUAGES.get(code, code)


def value_words(name: str, value: str) -> str:
    """Return the label of a filter's value."""
    if name == "country":
        return country_name(value)
    if name == "language":
        return language_name(value)
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
