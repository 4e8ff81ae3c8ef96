"""Finds what a visitor may have meant by a search that finds nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from rapidfuzz import fuzz, process

from tracker.models.selection import Selection
from tracker.models.text import fold
from tracker.models.vocabulary import EventType
from tracker.reading.places.fields import locate
from tracker.reading.places.gazetteer import largest_cities

_ALIKE = 75
"""Minimum similarity of two words, in percent."""
_SHORTEST = 4
_CITIES = 700
"""Number of cities that a word may name though no event is there."""


def did_you_mean(query: str, known: Collection[str]) -> str:
    """Return the query with each unknown word replaced by the most similar known one; empty if that changes nothing.

    A word that names a city in any language is left alone.

    >>> did_you_mean("Hackathn berlin", ["hackathon", "berlin", "talk"]), did_you_mean("xyzzy", ["talk"])
    ('hackathon berlin', '')
    """
    words = fold(query).split()
    meant = [
        word if len(word) < _SHORTEST or _is_part(word, known) or city_called(word) else _nearest(word, known)
        for word in words
    ]
    return " ".join(meant) if meant != words else ""


def likely_selections(selection: Selection, known: Collection[str]) -> Iterator[Selection]:
    """Yield selections that a visitor may have meant, the likeliest first.

    Misspelt words are corrected; a place that the words name becomes the filter of places, else what else they say is
    looked for everywhere.
    """
    meant = did_you_mean(selection.q, [*known, *_words_of_types()])
    if meant:
        yield selection.model_copy(update={"q": meant})
    words = (meant or fold(selection.q)).split()
    if found := _place_among(words):
        city, rest = found
        if not selection.near:
            yield selection.model_copy(update={"q": " ".join(rest), "near": city})
        if rest:
            yield selection.model_copy(update={"q": " ".join(rest)})


def city_called(words: str) -> str:
    """Return the city that folded words name in any spelling; empty if they name none.

    >>> city_called("wien"), city_called("new york"), city_called("hackathon")
    ('Vienna', 'New York', '')
    """
    return locate(Selection(q=words)).spellings.get(words, "") or _large_cities().get(words, "")


def _place_among(words: list[str]) -> tuple[str, list[str]] | None:
    """Return the city that some neighbouring words name, and the other words; the longest name wins."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            if city := city_called(" ".join(words[start : start + length])):
                return city, [*words[:start], *words[start + length :]]
    return None


@cache
def _large_cities() -> dict[str, str]:
    return {fold(city): city for city, _ in reversed(largest_cities(_CITIES))}


@cache
def _words_of_types() -> frozenset[str]:
    return frozenset(word for each in EventType for word in each.split("_"))


def _is_part(word: str, known: Collection[str]) -> bool:
    return any(word in each for each in known)


def _nearest(word: str, known: Collection[str]) -> str:
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return str(found[0]) if found else word
