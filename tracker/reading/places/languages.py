"""Guesses in which countries a text was written, from its commonest words. Only a hint for names of several cities."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from tracker.reading.lookups import load

_LONGEST = 4_000
_ENOUGH = 3
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Language:
    countries: tuple[str, ...]
    zone: str | None
    words: frozenset[str]


@cache
def _languages() -> tuple[_Language, ...]:
    """Return the countries and the commonest words of each language."""
    rows = load("place_words")["languages"].values()
    return tuple(_Language(tuple(row["countries"]), row.get("zone"), frozenset(row["words"].split())) for row in rows)


def countries_of_language(text: str) -> tuple[str, ...]:
    """Return the countries where the language of a text is usual, the largest first; empty if it is not clear.

    >>> countries_of_language("Wir treffen uns am Montag in der Bibliothek, und der Eintritt ist frei")
    ('DE', 'AT', 'CH')
    """
    language = _language_of(text)
    return language.countries if language else ()


def zone_of_language(text: str) -> str | None:
    """Return the time zone of all countries where the language of a text is usual, if they share one."""
    language = _language_of(text)
    return language.zone if language else None


@lru_cache(maxsize=8)
def _language_of(text: str) -> _Language | None:
    words = Counter(_WORD.findall(text[:_LONGEST].lower()))
    counts = [(sum(words[word] for word in language.words & words.keys()), language) for language in _languages()]
    counts.sort(key=lambda each: -each[0])
    (best, language), (second, _) = counts[:2]
    return language if best >= _ENOUGH and best > second else None
