"""Finds the parts of a text that may hold a date: what lies within reach of a digit or a calendar word."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby
from operator import itemgetter

from tracker.reading.dates.vocabulary import words
from tracker.reading.word_patterns import alternation, lowered

_REACH = 80
"""Number of characters around a digit or calendar word that may belong to the same date."""


def windows(text: str, most: int) -> list[tuple[int, int]]:
    """Return the (start, end) windows of ``text`` within reach of a digit or calendar word, ``most`` characters."""
    if len(text) <= 2 * _REACH:
        return [(0, len(text))]
    found: list[tuple[int, int]] = []
    covered = 0
    folded = lowered(text)
    for match in _anchors().finditer(folded if folded.isascii() else folded.translate(_without_accents())):
        start, end = max(0, match.start() - _REACH), min(len(text), match.end() + _REACH)
        if found and start <= found[-1][1]:
            covered += end - found[-1][1]
            found[-1] = (found[-1][0], end)
        else:
            covered += end - start
            found.append((start, end))
        if covered > most:
            break
    return [(_word_start(text, start), _word_start(text, end)) for start, end in found]


@cache
def _anchors() -> re.Pattern[str]:
    found = [rf"{digit}\d*" for digit in range(10)]
    # Alternatives that begin with a character: only where it stands are they tried.
    for first, anchors in groupby(sorted(word for word in words().anchors if word.isalpha()), key=itemgetter(0)):
        rests = alternation(word[1:] for word in anchors)
        found.append(rf"{first}(?<![^\W\d_]{first})(?:{rests})(?![^\W\d_])")
    return re.compile("|".join(found))


@cache
def _without_accents() -> dict[int, str]:
    """Return a letter for each letter with an accent: the text keeps its length."""
    plain = {char: unicodedata.normalize("NFKD", chr(char))[0] for char in range(0xC0, 0x250) if chr(char).isalpha()}
    return {char: letter for char, letter in plain.items() if letter != chr(char)}


def _word_start(text: str, position: int) -> int:
    """Return the nearest position, not before ``position``, that is not inside a word."""
    while 0 < position < len(text) and text[position - 1].isalnum() and text[position].isalnum():
        position += 1
    return position
