"""Compiles the patterns of ``data/place_evidence.toml``."""

from __future__ import annotations

import re
from functools import cache

from tracker.reading.lookups import load
from tracker.reading.pattern_parts import split_alternatives
from tracker.reading.word_patterns import WordPattern, alternation

_NAMED = re.compile(r"<([a-z_]+)>")
"""Stands for the words of that name in a pattern."""
_CAPITAL = re.compile(r"(?<!\\)[A-ZÀ-Þ]|\(\?-i:")


@cache
def pattern(name: str) -> re.Pattern[str] | WordPattern:
    """Return the pattern of a piece of evidence."""
    data = load("place_evidence")
    is_cased = name in data["patterns_with_case"]
    source: str = data["patterns_with_case" if is_cased else "patterns"][name]
    source = _NAMED.sub(lambda match: _words(match[1]), source)
    if is_cased or _CAPITAL.search(source):
        return re.compile(source, re.MULTILINE if is_cased else re.MULTILINE | re.IGNORECASE)
    return WordPattern(source)


@cache
def whole_word(name: str) -> WordPattern:
    """Return a pattern that matches a word which is one of the words of that name."""
    return WordPattern(rf"{_words(name)}\Z")


@cache
def _words(name: str) -> str:
    words: str = load("place_evidence")["words"][name]
    return f"(?:{alternation(split_alternatives(words))})"


def countries_marked(text: str) -> frozenset[str]:
    """Return the countries whose money, time zone, telephone numbers or postcodes a text has: "£12", "6pm AEST"."""
    marks, words = _marks()
    found = (match[0] for match in words.finditer(text) if not _is_inside(text, *match.span()))
    countries = {marks[mark] for mark in found} | {name for name, shape in _shapes().items() if shape.search(text)}
    codes: dict[str, str] = load("place_evidence")["calling_codes"]
    for number in _TELEPHONE.findall(text) if "+" in text else ():
        countries |= {codes[number[:digits]] for digits in (2, 3) if number[:digits] in codes}
    return frozenset(countries)


_TELEPHONE = re.compile(r"\+(\d{2,3})(?=[\s\d()/-]{6})")


@cache
def _shapes() -> dict[str, re.Pattern[str]]:
    """Return the shapes of the telephone numbers and postcodes of a country."""
    return {country: re.compile(shape) for country, shape in load("place_evidence")["shapes"].items()}


@cache
def _marks() -> tuple[dict[str, str], re.Pattern[str]]:
    marks = {mark: country for country, each in load("place_evidence")["marks"].items() for mark in each}
    # The longer first: of "NZ$" and "NZ", the former.
    return marks, re.compile("|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True)))


def _is_inside(text: str, start: int, end: int) -> bool:
    """Return whether a mark is only a part of a word: "AS/400", "ISTANBUL"."""
    before, after = text[start - 1 : start].isalnum(), text[end : end + 1].isalpha()
    return (before and text[start].isalpha()) or (after and text[end - 1].isalpha())
