"""Guesses in which countries a text was written, from its commonest words. Only a hint for names of several cities."""

from __future__ import annotations

import re
from functools import cache

from tracker.reading.lookups import load

_LONGEST = 4_000
_ENOUGH = 3
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _common() -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    """Return the countries and the commonest words of each language."""
    rows = load("place_words")["languages"].values()
    return tuple((tuple(row["countries"]), frozenset(row["words"].split())) for row in rows)


def countries_of_language(text: str) -> tuple[str, ...]:
    """Return the countries where the language of a text is usual, the largest first; empty if it is not clear.

    >>> countries_of_language("Wir treffen uns am Montag in der Bibliothek, und der Eintritt ist frei")
    ('DE', 'AT', 'CH')
    """
    words = [word.lower() for word in _WORD.findall(text[:_LONGEST])]
    counts = sorted(
        ((sum(word in common for word in words), countries) for countries, common in _common()), reverse=True
    )
    best, second = counts[0], counts[1]
    return best[1] if best[0] >= _ENOUGH and best[0] > second[0] else ()
