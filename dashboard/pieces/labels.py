"""Words of filters: what an address writes, as people read it."""

from __future__ import annotations

from collections.abc import Callable

from tracker.models.selection import Selection
from tracker.publishing.phrases import plain_words
from tracker.reading.places import country_name

LABELS = {
    "type": "Type",
    "country": "Country",
    "city": "City",
    "near": "Near",
    "within": "Within",
    "mode": "Attend",
    "from": "From",
    "to": "To",
    "q": "Search",
    "topic": "Topic",
    "level": "Entry bar",
    "cost": "Cost",
    "stipend": "Pays participants",
    "language": "Language",
    "source": "Source",
    "status": "Applications",
    "deadline_within": "Deadline within",
    "past": "Past events",
    "scope": "Scope",
    "sort": "Order",
}
_MODES = {"in_person": "In person", "online": "Online", "hybrid": "Hybrid"}
_STATUSES = {"open": "Open now", "closing_soon": "Closing soon", "rolling": "Rolling", "not_yet_open": "Not yet open"}
_STIPENDS = {"none": "Nothing", "stipend": "Stipend", "expenses": "Expenses"}
_LEVELS = {"low": "Low", "mid": "Medium", "high": "High"}
_SCOPES = {"xrisk": "Existential risk", "ea_general": "Effective altruism"}
_LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "sw": "Swahili", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_NAMED = {"from", "to", "near", "deadline_within", "cost", "level", "language", "source", "status", "stipend"}
"""Filters whose values say little without their name."""
_SPANS = {"today": "today", "all": "all"}

WORDS: dict[str, Callable[[str], str]] = {
    "type": plain_words,
    "mode": lambda value: _MODES.get(value, plain_words(value)),
    "status": lambda value: _STATUSES.get(value, plain_words(value)),
    "cost": plain_words,
    "stipend": lambda value: _STIPENDS.get(value, plain_words(value)),
    "level": lambda value: _LEVELS.get(value, plain_words(value)),
    "topic": plain_words,
    "scope": lambda value: _SCOPES.get(value, plain_words(value)),
}
"""Filter → value → words."""


def language_name(code: str) -> str:
    """Return the English name of a language by its ISO 639-1 code; the code itself where we have none."""
    return _LANGUAGES.get(code, code)


def value_words(name: str, value: str) -> str:
    """Return a value of a filter as people read it."""
    if name == "country":
        return country_name(value)
    if name == "language":
        return language_name(value)
    if name in WORDS:
        return WORDS[name](value)
    if value in _SPANS or name not in {"from", "to", "deadline_within", "past"}:
        return _SPANS.get(value, value)
    if value.endswith("d"):
        days = int(value.removesuffix("d"))
        return f"{'in ' if value.startswith('+') else ''}{abs(days)} days{' ago' if days < 0 else ''}"
    return value


def selection_words(selection: Selection) -> str:
    """Return a selection in words: ``Hackathon, Germany``; empty where everything is meant."""
    pairs = [pair for pair in selection.to_pairs() if pair[0] not in {"sort", "within", "past"}]
    said = [f"{LABELS[name]} {words}" if name in _NAMED else words for name, value in pairs
            if (words := value_words(name, value))]  # fmt: skip
    return ", ".join(said)[:150]
