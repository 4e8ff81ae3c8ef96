"""Joins lines that end within a date, whatever their width: "Deadline: June / 27th, 2027"."""

from __future__ import annotations

import re
from functools import cache

from tracker.reading.dates.vocabulary import words


def without_breaks_in_dates(text: str) -> str:
    """Return ``text`` with a space for each newline within a date: "June / 27th", "the 3rd to / the 5th of May"."""
    return _NEAR_DIGIT.sub(lambda found: " " if _breaks_date(text, found.start()) else "\n", text)


_NEAR_DIGIT = re.compile(
    r"\n(?:(?<=[^\W\d_]\n)(?=(?:the |zum |dem |le |el |il )?\d)|(?<=[,–-]\n)(?=\d)"
    r"|(?:(?<=st\n)|(?<=[nr]d\n)|(?<=th\n))(?=[^\W\d_])"
    r"|(?<=[\d.]\n)(?=(?:to|until|till|and|bis|und|au|et|al|y|a|e|tot|en|–|-)\s))"
)
"""Fast pre-filter: newlines that may be within a date."""
_REACH = 30


def _breaks_date(text: str, at: int) -> bool:
    before, after = text[max(0, at - _REACH) : at], text[at + 1 : at + _REACH]
    return any(start.match(after) and end.search(before) for end, start in _broken_dates())


@cache
def _broken_dates() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Return how lines end that break within a date, each with how the next one starts."""
    months = "|".join(sorted(words().months.keys() - words().risky_months, key=len, reverse=True))
    to, article = r"(?:to|until|till|and|bis|und|au|et|al|y|a|e|tot|en|–|-)", r"(?:the\s|zum\s|dem\s|le\s|el\s|il\s)?"
    day = r"\d{1,2}(?:st|nd|rd|th|\.)?"
    of_month = rf"{article}{day}\s(?:of\s|de\s)?(?:{months})\b"
    pairs = (
        (rf"\w\W{{1,3}}(?:{months})\Z", r"\d{1,2}(?:st|nd|rd|th)?(?:,|\s|\Z)"),
        (rf"\b(?:{months})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,\Z", r"20\d\d\b"),
        (rf"\b{day}\s{to}\Z", of_month),
        (rf"\b{day}\Z", rf"{to}\s{of_month}"),
        (r"\s\d{1,2}(?:st|nd|rd|th)\Z", rf"(?:of\s)?(?:{months})\b"),
    )
    return tuple((re.compile(end, re.IGNORECASE), re.compile(start, re.IGNORECASE)) for end, start in pairs)
