"""Partial dates: a written day, list of days or period, before its year is known; and days relative to publication."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

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
    is_relative: bool = False
    """True if it counts from the day of publication: "tomorrow"."""
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
        # Italian "di" is also short for Dienstag.
        is_joining = token.kind in {Kind.WORD, Kind.WEEKDAY} and any(token.word in joins[group] for group in groups)
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


_SATURDAY = 5
_DECEMBER = 12


def read_relative(tokens: Sequence[Token], index: int, published: date) -> Parsed | None:
    """Parse a day or period at ``index`` that is relative to ``published``."""
    if kind_at(tokens, index) is Kind.WEEKDAY:
        return _bare_weekday(tokens, index, published)
    meaning = words().relative.get(tokens[index].word)
    if meaning == "today":
        if kind_at(tokens, index - 2) is Kind.WORD and tokens[index - 2].word in words().units:
            return None  # "two weeks from today"
        return _day(published), index + 1
    if meaning == "tomorrow":
        return _day(published + timedelta(days=1)), index + 1
    if meaning == "overmorrow":
        return _day(published + timedelta(days=2)), index + 1
    if meaning not in {"this", "next"}:
        return None
    after = index + 1
    if kind_at(tokens, after) is Kind.WORD and words().relative.get(tokens[after].word) == "this":  # "this coming"
        after += 1
    if kind_at(tokens, after) is Kind.WEEKDAY:
        if _is_said_exactly(tokens, after + 1):
            return None
        return _day(_weekday(published, tokens[after].number, is_next=meaning == "next")), after + 1
    if kind_at(tokens, after) is not Kind.WORD:
        return None
    return _period(words().units.get(tokens[after].word, ""), published, is_next=meaning == "next", after=after + 1)


_BEFORE_WEEKDAY = frozenset({
    "on", "by", "am", "le", "el", "until", "before", "bis", "zum", "vor", "jusqu'a", "avant", "d'ici", "hasta", "ate",
    "entro", "tot", "voor",
})  # fmt: skip


def _bare_weekday(tokens: Sequence[Token], index: int, published: date) -> Parsed | None:
    """Parse a weekday with a time beside it, or after "on" and "by"; "Friday" by itself may be any Friday."""
    if tokens[index].word in words().risky_weekdays and len(tokens[index].word) <= 2:
        return None
    before = kind_at(tokens, index - 1)
    said_on = before is Kind.TIME or (before is Kind.WORD and tokens[index - 1].word in _BEFORE_WEEKDAY)
    following = skip(tokens, index + 1, frozenset({Kind.COMMA}), "at", most=2)
    if not said_on and kind_at(tokens, following) is not Kind.TIME:
        return None
    if kind_at(tokens, index + 1) in {Kind.NUMBER, Kind.MONTH, Kind.DATE, Kind.DAY_MONTH, Kind.DASH}:
        return None
    if is_word(tokens, index + 1, "and") or (kind_at(tokens, index + 1) is Kind.MARK):
        return None
    if _is_next(tokens, index + 1) and _is_said_exactly(tokens, index + 2):
        return None
    ahead = (tokens[index].number - published.weekday()) % 7
    return _day(published + timedelta(days=ahead)), index + 1


def _is_next(tokens: Sequence[Token], index: int) -> bool:
    return kind_at(tokens, index) is Kind.WORD and words().relative.get(tokens[index].word) == "next"


def _is_said_exactly(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a day of the month follows a weekday: "next Wednesday, the 11th", "mercredi prochain, le 11"."""
    day = skip(tokens, index, frozenset({Kind.COMMA, Kind.OPEN}), "the", "on", "of_day", most=3)
    month = skip(tokens, day + 1, frozenset({Kind.DOT}), "of", most=2)
    is_day = kind_at(tokens, day) is Kind.NUMBER and kind_at(tokens, month) is Kind.MONTH
    return is_day or kind_at(tokens, day) in {Kind.MONTH, Kind.DATE, Kind.DAY_MONTH}


def _weekday(published: date, weekday: int, *, is_next: bool) -> date:
    """Return the day of a weekday: "this" Friday is the first from today on, "next" Friday lies in the week after."""
    if not is_next:
        return published + timedelta(days=(weekday - published.weekday()) % 7)
    return published + timedelta(days=7 - published.weekday() + weekday)


def _period(unit: str, published: date, *, is_next: bool, after: int) -> Parsed | None:
    monday = published - timedelta(days=published.weekday())
    if unit == "weekend":
        saturday = monday + timedelta(days=_SATURDAY + 7 * is_next)
        return _span(DatePrecision.DAY, saturday, saturday + timedelta(days=1)), after
    if unit == "week":
        first = monday + timedelta(days=7 * is_next)
        return _span(DatePrecision.WEEK, first, first + timedelta(days=6)), after
    if unit == "month":
        month = published.month + is_next
        year, month = published.year + (month > _DECEMBER), (month - 1) % 12 + 1
        return PartialDate(DatePrecision.MONTH, (month, 1), (month, END_OF_MONTH), year, is_relative=True), after
    if unit == "year" and is_next:
        return PartialDate(DatePrecision.YEAR, (1, 1), (12, 31), published.year + 1, is_relative=True), after
    return None


def _day(day: date) -> PartialDate:
    return _span(DatePrecision.DAY, day, day)


def _span(precision: DatePrecision, first: date, last: date) -> PartialDate:
    return PartialDate(precision, (first.month, first.day), (last.month, last.day), first.year, is_relative=True)
