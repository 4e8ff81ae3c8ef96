"""Parses a day of the month that stands alone after "until": "by the 8th", "entro il 16", "d'ici lundi 21"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.partial_dates import Parsed, PartialDate, kind_at
from tracker.reading.dates.tokens import Kind, Token, is_day

UNTIL = frozenset({
    "by", "until", "before", "bis", "vor", "spatestens", "jusqu'au", "jusqu'a", "avant", "d'ici", "hasta", "antes",
    "ate", "entro", "fino", "sino", "oltre", "tardi", "tardar", "tot", "voor", "uiterlijk", "tegen", "laatste",
})  # fmt: skip
"""Words after which a weekday or a day of the month is that of a deadline."""
_ARTICLES = frozenset({
    "the", "zum", "am", "den", "dem", "le", "au", "el", "del", "al", "dia", "o", "ao", "a", "il", "lo", "de", "di",
    "in", "met",
})  # fmt: skip
_DAY_PARTS = frozenset({"au", "alle", "at", "um", "om", "a", "abends", "ore"})
"""Words after a day that begin its time: "jusqu'au 24 au soir"."""
_ENDS = frozenset({None, Kind.DOT, Kind.COMMA, Kind.CLOSE, Kind.BREAK, Kind.COLON, Kind.DASH})
_LAST_DAY, _MONTHS, _MOST_BEFORE, _WEEKS = 31, 3, 4, 5


def is_after_until(tokens: Sequence[Token], index: int) -> bool:
    """Return whether only articles, a weekday and a comma stand between "until" and the token at ``index``."""
    for at in range(index - 1, max(-1, index - 1 - _MOST_BEFORE), -1):
        token = tokens[at]
        if token.kind is Kind.WORD and token.word in UNTIL:
            return True
        if not (
            token.kind in {Kind.WEEKDAY, Kind.COMMA, Kind.BREAK}
            or (token.kind is Kind.WORD and token.word in _ARTICLES)
        ):
            return False
    return False


def read_lone_day(tokens: Sequence[Token], index: int, published: date) -> Parsed | None:
    """Parse a day of the month at ``index``, with the weekday before it, if any: the next such day counts."""
    weekday = tokens[index].number if kind_at(tokens, index) is Kind.WEEKDAY else None
    if weekday is not None and (bracketed := _in_brackets(tokens, index, weekday, published)) is not None:
        return bracketed
    at = index if weekday is None else index + 1
    while weekday is not None and (kind_at(tokens, at) is Kind.COMMA or _is_article(tokens, at)):
        at += 1
    if kind_at(tokens, at) is not Kind.NUMBER or not 1 <= tokens[at].number <= _LAST_DAY:
        return None
    before = at - 2 if kind_at(tokens, at - 1) is Kind.BREAK else at - 1
    said = tokens[before].word if before >= 0 else ""
    is_marked = weekday is not None or tokens[at].has_suffix or said == "dia"
    following = kind_at(tokens, at + 1)
    if following in {Kind.MONTH, Kind.NUMBER, Kind.DASH, Kind.SLASH}:
        return None
    is_end = following in _ENDS or (following is Kind.WORD and tokens[at + 1].word in _DAY_PARTS)
    is_ordinal = said == "bis" and following is Kind.DOT and kind_at(tokens, before - 1) is not Kind.NUMBER
    is_day_said = is_ordinal or said in _ARTICLES or said == "jusqu'au"  # not "until 5,"
    if not (is_marked or (is_end and is_day_said)):
        return None
    if not is_after_until(tokens, index):
        return None
    day = _next_such_day(tokens[at].number, weekday, published)
    return None if day is None else (_this_day(day), at + 1)


def _in_brackets(tokens: Sequence[Token], index: int, weekday: int, published: date) -> Parsed | None:
    """Parse a weekday with its day of the month in brackets, as Brazilian news has it: "nesta sexta-feira (26)"."""
    kinds = [kind_at(tokens, at) for at in range(index + 1, index + 4)]
    if kinds != [Kind.OPEN, Kind.NUMBER, Kind.CLOSE] or not 1 <= tokens[index + 2].number <= _LAST_DAY:
        return None
    day = _next_such_day(tokens[index + 2].number, weekday, published)
    near = [published - timedelta(days=days) for days in range(1, 1 + _WEEKS * 7)]
    past = next((each for each in near if (each.day, each.weekday()) == (tokens[index + 2].number, weekday)), None)
    meant = day if day is not None and (past is None or day - published <= published - past) else past
    return None if meant is None else (_this_day(meant), index + 4)


def _this_day(day: date) -> PartialDate:
    ends = (day.month, day.day)
    return PartialDate(DatePrecision.DAY, ends, ends, day.year, is_relative=True)


def _is_article(tokens: Sequence[Token], index: int) -> bool:
    return kind_at(tokens, index) is Kind.WORD and tokens[index].word in _ARTICLES


def _next_such_day(number: int, weekday: int | None, published: date) -> date | None:
    for ahead in range(_MONTHS):
        year, month = published.year + (published.month - 1 + ahead) // 12, (published.month - 1 + ahead) % 12 + 1
        if not is_day(year, month, number):
            continue
        day = date(year, month, number)
        if day >= published and weekday in {None, day.weekday()}:
            return day
    return None
