"""Finds what a visitor may have meant by a misspelt search."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import fuzz, process

from tracker.models.text import fold

_ALIKE = 75
"""Minimum similarity of two words, in percent."""
_SHORTEST = 4


def did_you_mean(query: str, known: Collection[str]) -> str:
    """Return the query with each unknown word replaced by the most similar known one; empty if that changes nothing.

    >>> did_you_mean("Hackathn berlin", ["hackathon", "berlin", "talk"]), did_you_mean("xyzzy", ["talk"])
    ('hackathon berlin', '')
    """
    words = fold(query).split()
    meant = [word if len(word) < _SHORTEST or _is_part(word, known) else _nearest(word, known) for word in words]
    return " ".join(meant) if meant != words else ""


def _is_part(word: str, known: Collection[str]) -> bool:
    return any(word in each for each in known)


def _nearest(word: str, known: Collection[str]) -> str:
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return str(found[0]) if found else word
