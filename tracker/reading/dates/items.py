"""Defines a written day, list of days or period before its year is known, and helpers to walk over tokens."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.tokens import Kind, Token
from tracker.reading.dates.vocabulary import words


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A written span of days that starts in one year and may end in the next."""

    precision: DatePrecision
    first: tuple[int, int]
    """(month, day)"""
    last: tuple[int, int]
    """(month, day), inclusive"""
    year: int | None = None
    """Year of ``first``; None if none is written."""
    weekdays: tuple[tuple[bool, int], ...] = ()
    """Weekdays written beside days: (True for the last day, 0–6)."""
    is_vague: bool = False
    """True for a part of a period: "mid January"."""
    doubt: str = ""
    """Description of its ambiguity."""
    either: PartialDate | None = field(default=None)
    """The other reading of an ambiguous numeric date: 03/12 is 3 December or 12 March."""

    def starts(self, year: int) -> date | None:
        """Return the first day if ``first`` lies in ``year``; None if that year has no such day."""
        return _date(year, *self.first)

    def ends(self, year: int) -> date | None:
        """Return the last day if ``first`` lies in ``year``; None if that day does not exist."""
        month, day = self.last
        return _date(year + ((month, day) < self.first), month, day)

    def with_year(self, year: int) -> PartialDate:
        """Return a copy with this year."""
        return replace(self, year=year)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, min(day, calendar.monthrange(year, month)[1]) if day > 31 else day)
    except (ValueError, calendar.IllegalMonthError):
        return None


END_OF_MONTH = 99
"""Day number that stands for the last day of a month, which depends on the year."""

Parsed = tuple[PartialDate, int]


def is_word(tokens: Sequence[Token], index: int, group: str) -> bool:
    """Return whether the token at ``index`` is in a group of joining words, such as "to" or "of"."""
    return index < len(tokens) and tokens[index].word in words().joins[group]


def kind_at(tokens: Sequence[Token], index: int) -> Kind | None:
    """Return the kind of the token at ``index``; None past the end."""
    return tokens[index].kind if 0 <= index < len(tokens) else None


def skip(tokens: Sequence[Token], index: int, kinds: frozenset[Kind], *groups: str, most: int = 3) -> int:
    """Return the index after at most ``most`` tokens of these kinds or groups of joining words."""
    last = min(len(tokens), index + most)
    joins = words().joins
    while index < last:
        token = tokens[index]
        is_joining = token.kind is Kind.WORD and any(token.word in joins[group] for group in groups)
        if not is_joining and token.kind not in kinds:
            break
        index += 1
    return index


def year_at(tokens: Sequence[Token], index: int) -> int | None:
    """Return the year written at ``index``: four digits, or two after an apostrophe. None if there is none."""
    if kind_at(tokens, index) is not Kind.NUMBER:
        return None
    token = tokens[index]
    if token.has_suffix and token.text[0] not in "'’":
        return None
    return token.number if 1990 <= token.number <= 2100 and len(token.text) >= 3 else None
