"""Parses dates relative to the day of publication: ``tomorrow``, ``next Tuesday``, ``this weekend``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.items import END_OF_MONTH, Parsed, PartialDate, is_word, kind_at, skip
from tracker.reading.dates.tokens import Kind, Token
from tracker.reading.dates.vocabulary import words

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
        if kind_at(tokens, skip(tokens, after + 1, frozenset({Kind.COMMA}))) in {Kind.NUMBER, Kind.MONTH}:
            return None
        return _day(_weekday(published, tokens[after].number, is_next=meaning == "next")), after + 1
    if kind_at(tokens, after) is not Kind.WORD:
        return None
    return _period(words().units.get(tokens[after].word, ""), published, is_next=meaning == "next", after=after + 1)


def _bare_weekday(tokens: Sequence[Token], index: int, published: date) -> Parsed | None:
    """Parse a weekday with a time beside it, or after "on" and "by"; "Friday" by itself may be any Friday."""
    if tokens[index].word in words().risky_weekdays and len(tokens[index].word) <= 2:
        return None
    before = kind_at(tokens, index - 1)
    said_on = before is Kind.TIME or (before is Kind.WORD and tokens[index - 1].word in {"on", "by", "am", "le", "el"})
    following = skip(tokens, index + 1, frozenset({Kind.COMMA}), "at", most=2)
    if not said_on and kind_at(tokens, following) is not Kind.TIME:
        return None
    if kind_at(tokens, index + 1) in {Kind.NUMBER, Kind.MONTH, Kind.DATE, Kind.DAY_MONTH, Kind.DASH}:
        return None
    if is_word(tokens, index + 1, "and") or (kind_at(tokens, index + 1) is Kind.MARK):
        return None
    ahead = (tokens[index].number - published.weekday()) % 7
    return _day(published + timedelta(days=ahead)), index + 1


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
        return PartialDate(DatePrecision.MONTH, (month, 1), (month, END_OF_MONTH), year), after
    if unit == "year" and is_next:
        return PartialDate(DatePrecision.YEAR, (1, 1), (12, 31), published.year + 1), after
    return None


def _day(day: date) -> PartialDate:
    return PartialDate(DatePrecision.DAY, (day.month, day.day), (day.month, day.day), day.year)


def _span(precision: DatePrecision, first: date, last: date) -> PartialDate:
    return PartialDate(precision, (first.month, first.day), (last.month, last.day), first.year)
