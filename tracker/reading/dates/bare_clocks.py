"""Decides whether bare figures are a time or a day, by what stands around them: "alle 15", "20.30", "am 28.11"."""

from __future__ import annotations

import re

_BEFORE_HOUR = frozenset({"ore", "uur", "h"})
_BEFORE_ITALIAN_HOUR = frozenset({"alle", "dalle"})
_BEFORE_DOTTED = frozenset({"ore", "alle", "um", "kl", "dalle", "h"})
"""Words after which "18.30" is a time."""
_BEFORE_QUARTER = frozenset({
    "at", "from", "ab", "von", "um", "om", "van", "las", "inizio", "beginn", "beginnt", "einlass", "start", "starts",
    "starting", "doors", "aanvang", "begin", "talk",
})  # fmt: skip
"""Words after which "18.30" is a time, "18.34" a number, and "6.30" may be in the morning or the evening."""
_UNIT = r"%|[€$£]|euro?s?\b|eur\b|usd\b|chf\b|k[gm]\b|m\b|mi?ll?i"
_QUARTER = re.compile(rf"(?:0\d|[89]|1\d|2[0-3])\.(?:00|15|30|45)(?![\d.%°]|\s?(?:{_UNIT}))", re.IGNORECASE)
_DOTTED_WITH_ZONE = re.compile(r"\d{1,2}\.[0-5]\d\s?\(?(?:CES?T|ME[SZ]Z?|UTC|GMT|BST|WES?T|EES?T|AoE)\b")
_ITALIAN_REST = re.compile(
    r"\d{1,2}(?=\s?[.,;:)\n]|$|\s+(?:nel\w*|in|a|al|presso|con|di|del|si|e|alle|fino|circa|sar\w+|avr\w+)\b)"
)

_HOUR_OF_DAY = re.compile(r"\d{1,2}\s(?:di\s(?:luned|marted|mercoled|gioved|venerd|sabato|domenica)|del\s\d)")
"""Italian "entro le 13 di lunedì"."""


def is_hour(text: str, start: int, before: str) -> bool:
    """Return whether the word before a number makes it an hour: "ore 11", "h 11".

    After Italian "alle" what follows decides: "alle 15 nella sala", not German "alle 15 Tage".
    """
    if before == "le" and _HOUR_OF_DAY.match(text, start):
        return True
    return before in _BEFORE_HOUR or (before in _BEFORE_ITALIAN_HOUR and _ITALIAN_REST.match(text, start) is not None)


def is_dotted_time(text: str, start: int, before: str, *, is_after_day: bool) -> bool:
    """Return whether "20.30" at ``start`` is a time and no number.

    Args:
        text: the whole text.
        start: position of the first digit.
        before: word before it.
        is_after_day: True after a day and a comma; then, as after "at", only quarters of an hour are times.
    """
    if before in _BEFORE_DOTTED or _DOTTED_WITH_ZONE.match(text, start) is not None:
        return True
    return (is_after_day or before in _BEFORE_QUARTER) and _QUARTER.match(text, start) is not None


_BEFORE_DAY = frozenset({
    "dia", "dias", "am", "vom", "bis", "zum", "ate", "den", "op", "tot", "il", "dal", "entro", "hasta", "le",
})  # fmt: skip
"""Words after which "28.11" is a day and its month."""
_BEFORE_SPAN = frozenset({"de", "del", "du", "dal", "von", "van", "from", "das"})
_DAY_AND_MONTH = re.compile(
    rf"(0?[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])(?![\d.,:%°]|\w|\s?(?:{_UNIT}|h\b|uhr|uur))", re.IGNORECASE
)
_SPAN_OF_DAYS = re.compile(
    rf"{_DAY_AND_MONTH.pattern}\s?(?:a|bis|t/m|tot|al|au|até)\s?{_DAY_AND_MONTH.pattern}", re.IGNORECASE
)


def bare_day(text: str, start: int, before: str) -> re.Match[str] | None:
    """Return the day and month, without a full stop after them, at ``start``: "am 28.11", "de 29.10 a 20.11"."""
    if before in _BEFORE_DAY:
        return _DAY_AND_MONTH.match(text, start)
    is_span = before in _BEFORE_SPAN and _SPAN_OF_DAYS.match(text, start) is not None
    return _DAY_AND_MONTH.match(text, start) if is_span else None
