"""Parses clock times in prose: ``7.30pm``, ``6–9pm``, ``19h30``, ``18 Uhr``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time

_DASHES = "-–—−‑‒―~"
_ONE = r"(\d{{1,2}})(?:([:.hu]|\s?h\s?)([0-5]\d)(:[0-5]\d)?)?(?!\d)(?:\s?([ap]\.?\s?m\b\.?)|\s?({uhr}))?"
_OF_DAY = r"uhr\b|uur\b|(?<=\d)u\b|h(?:rs?|s)?\b(?!\w)|heures?\b|horas?\b|o['’]clock\b|[cs]\.\s?t\."
CLOCK = re.compile(
    rf"{_ONE.format(uhr=_OF_DAY)}"
    rf"(?:\s*(?:[{_DASHES}]+|to|until|till|bis|tot|à|a|às|as|a las|alle(?: ore)?|and|und|en|et|y|e|bis zu|hasta las)\s*"
    rf"{_ONE.format(uhr=_OF_DAY)})?",
    re.IGNORECASE,
)
"""Matches one clock time or a span of two; :func:`read_clock` decides whether the digits really are one."""

_GROUPS = 6
_MORNING_OF_PM = 12
_EARLIEST = 8


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written, with its end time if one is written."""

    start: time
    end: time | None = None
    ends_next_day: bool = False
    """True for ``10pm–2am``, and for 24:00."""
    midnight: bool = False
    """True for the word "midnight", which may mean the start or the end of the day."""
    end_of_day: bool = False
    """True for "EOD" and its spellings."""


@dataclass(frozen=True, slots=True)
class _Half:
    hour: int
    minute: int
    meridiem: str
    is_marked: bool
    """True if something beside the digits marks them as a time."""


def read_clock(
    match: re.Match[str], *, may_be_span: bool, dot_is_enough: bool = False, hour_is_enough: bool = False
) -> tuple[Clock, int] | None:
    """Return the clock time of a match of :data:`CLOCK` and the end position of its text; None if it is not a time.

    Args:
        match: a match of :data:`CLOCK`.
        may_be_span: False if the first number belongs to a date ("May 5 – 7pm").
        dot_is_enough: True after a word such as "ore", when "18.30" is a time.
        hour_is_enough: True after "alle ore", when "18" is a time.
    """
    first = _half(match, 1)
    second = _half(match, 1 + _GROUPS) if match[1 + _GROUPS] else None
    if second is not None and (_are_dotted(match) or hour_is_enough):
        second = replace(second, is_marked=True)
    if second is not None and not (second.is_marked and may_be_span):
        second = None
    is_enough = dot_is_enough and match[2] == "."
    if first is None or not (first.is_marked or second or is_enough or hour_is_enough):
        return None
    end_of_first = max(match.end(group) for group in range(1, 1 + _GROUPS))
    if second is None:
        return _single(first, end_of_first)
    meridiem = first.meridiem or _carried(first, second)
    start = _time(first, meridiem)
    end = _time(second, second.meridiem or (first.meridiem if second.hour > first.hour else ""))
    if _ends_in_afternoon(first, second, match[1 + _GROUPS]):
        end = _time(second, "p")
    is_next_day = second.hour == 24 or end <= start
    return Clock(start, end, ends_next_day=is_next_day), match.end()


def _ends_in_afternoon(first: _Half, second: _Half, written: str) -> bool:
    """Return whether an end before the start is one of the afternoon: "9:00-3:30", but not "9:00-03:30" or "22-3h"."""
    is_bare = not (first.meridiem or second.meridiem or written.startswith("0"))
    return is_bare and _EARLIEST <= first.hour <= _MORNING_OF_PM and 0 < second.hour < min(first.hour, _EARLIEST)


_QUARTERS = frozenset({"00", "15", "30", "45"})
"""Minutes that are no month, so that "10.00–16.00" is no span of days."""


def _are_dotted(match: re.Match[str]) -> bool:
    """Return whether both times have a dot: "10.00–16.00" are times, unless a price follows."""
    first, second = match[2], match[2 + _GROUPS]
    minutes = {match[3], match[3 + _GROUPS]}
    is_price = re.match(
        r"\s?(?:[€$£%]|euro?s?\b|eur\b|usd\b|chf\b)", match.string[match.end() : match.end() + 6], re.IGNORECASE
    )
    return first == second == "." and minutes <= _QUARTERS and is_price is None


def _single(half: _Half, end: int) -> tuple[Clock, int]:
    return Clock(_time(half, half.meridiem), ends_next_day=half.hour == 24), end


def _half(match: re.Match[str], group: int) -> _Half | None:
    hour, separator, minute, _, meridiem, of_day = match.group(*range(group, group + _GROUPS))
    hours = int(hour)
    if of_day and "clock" in of_day.lower() and hours < _EARLIEST:
        meridiem = "pm"  # nobody meets at five o'clock in the morning
    if hours > 24 or (meridiem and not 1 <= hours <= 12 and hours < 13):
        return None
    # "10.30" may be a number; "10:30" and "10h30" are times.
    is_marked = bool(meridiem or of_day or (separator and separator != "."))
    return _Half(hours, int(minute or 0), (meridiem or " ")[0].lower().strip(), is_marked)


def _carried(first: _Half, second: _Half) -> str:
    """Return the meridiem that the first time takes from the second: both are pm in "6–9pm", not in "11–1pm"."""
    if not second.meridiem or first.hour > _MORNING_OF_PM:
        return ""
    if first.hour % 12 * 60 + first.minute <= second.hour % 12 * 60 + second.minute:
        return second.meridiem
    return "a" if second.meridiem == "p" else "p"


def _time(half: _Half, meridiem: str) -> time:
    hour = half.hour
    if meridiem and hour <= _MORNING_OF_PM:
        hour = hour % 12 + (12 if meridiem == "p" else 0)
    return time(hour % 24, half.minute)
