"""Names of countries, of their states and provinces, and how names of places are folded."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from tracker.reading.lookups import load

_SEPARATORS = re.compile(r"[\s_\-–—.,'’ʻ`´/()]+")
_SAINT = re.compile(r"\bsaint\b")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "ı": "i"})


@lru_cache(maxsize=4096)
def fold_name(text: str) -> str:
    """Return a place name folded for comparison: lower case, no accents or punctuation, "saint" as "st".

    >>> fold_name("Saint Julian's"), fold_name("Køge")
    ('st julian s', 'koge')
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SAINT.sub("st", _SEPARATORS.sub(" ", text.casefold()).strip())


@cache
def _countries() -> dict[str, str]:
    return {fold_name(name): code for code, names in load("countries").items() for name in names}


@cache
def _regions() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for country, rows in load("place_words")["regions"].items():
        for code, name in rows.items():
            for spelling in {fold_name(code), fold_name(name), fold_name(".".join(code) + ".")}:
                found.setdefault(spelling, []).append((country, name))
    return found


def read_country(word: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of the country that ``word`` names, or "".

    >>> read_country("UK"), read_country("de"), read_country("Narnia")
    ('GB', 'DE', '')
    """
    word = word.strip().strip(".")
    known = _countries().get(fold_name(word))
    if known:
        return known
    return word.upper() if len(word) == 2 and word.upper() in load("countries") else ""


@lru_cache(maxsize=8192)
def country_in_text(word: str) -> str:
    """Return the code of the country that ``word`` names in running text: lower-case and ambiguous codes do not count.

    >>> country_in_text("us"), country_in_text("USA"), country_in_text("of"), country_in_text("CA")
    ('', 'US', '', '')
    """
    folded = fold_name(word)
    letters = word.replace(".", "").strip()
    if len(letters) <= 3 and letters.isascii() and not letters.isupper():
        return ""
    if folded in _countries():
        return _countries()[folded]
    if len(letters) == 2 and folded not in _regions() and letters in load("countries"):
        return letters
    return ""


@lru_cache(maxsize=8192)
def country_alone(word: str) -> str:
    """Return the code of the country that ``word`` names on its own: "AI" and "IT" do not count, only US and UK do."""
    letters = word.replace(".", "").strip()
    is_code = len(letters) == 2 and letters.isascii()
    return "" if is_code and letters not in {"US", "UK"} else country_in_text(word)


def is_city_state(word: str) -> bool:
    """Return whether the country that ``word`` names is also a city."""
    return fold_name(word) in {"singapore", "hong kong", "luxembourg", "monaco", "macau", "macao", "vatican city"}


def regions_called(word: str) -> list[tuple[str, str]]:
    """Return (country, full name) of each state or province that ``word`` names; codes count in capitals only."""
    letters = word.replace(".", "").strip()
    if len(letters) <= 3 and not letters.isupper():
        return []
    return _regions().get(fold_name(word), [])


def country_name(code: str) -> str:
    """Return the English name for an ISO 3166-1 alpha-2 code; the code itself if it is unknown."""
    names = load("countries").get(code)
    return str(names[0]) if names else code
