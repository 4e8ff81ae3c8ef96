"""Parses periods without a day: ``March 2025``, ``mid-September``, ``Winter 2026/27``, ``Q3 2025``, ``2028``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.days import read_days
from tracker.reading.dates.partial_dates import END_OF_MONTH, Parsed, PartialDate, is_word, kind_at, skip, year_at
from tracker.reading.dates.tokens import Kind, Token
from tracker.reading.dates.vocabulary import words

_PARTS_OF_MONTH = {"early": (1, 10), "mid": (11, 20), "late": (21, END_OF_MONTH)}
_PARTS_OF_YEAR = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}
_AFTER_NAME = frozenset({Kind.COMMA, Kind.DOT, Kind.SLASH})
_HALF_YEAR = 6
_LAST_DAY = 31
_DASH = frozenset({Kind.DASH})
_COMMENCING = frozenset({"commencing", "beginning", "starting", "c", "of", "vom", "du", "del", "van", "die"})


def read_period(tokens: Sequence[Token], index: int) -> Parsed | None:
    """Parse a month, season, quarter, half-year or part of one at ``index``; its year may be missing."""
    if (year := year_at(tokens, index)) and kind_at(tokens, index + 1) is Kind.QUARTER:
        return _fraction(tokens[index + 1].text, year, index + 2)
    if (named := _named_fraction(tokens, index) or _week_of_month(tokens, index)) is not None:
        return named
    part, after = _part(tokens, index)
    token_kind = kind_at(tokens, after)
    if token_kind is Kind.MONTH:
        return _month(tokens, after, part)
    if token_kind is Kind.QUARTER:
        return _quarter(tokens, after)
    if token_kind is Kind.WORD and tokens[after].word in words().seasons:
        return _season(tokens, after, part)
    if part and (year := year_at(tokens, after)):
        first, last = _PARTS_OF_YEAR[part[0]][0], _PARTS_OF_YEAR[part[1]][1]
        return PartialDate(DatePrecision.SEASON, (first, 1), (last, END_OF_MONTH), year, is_vague=True), after + 1
    return None


def read_week(tokens: Sequence[Token], index: int, *, month_first: bool | None) -> Parsed | None:
    """Parse "week of 16 November" at ``index``: the item holds the named day, :func:`week_of` gives the seven days."""
    at = index
    if kind_at(tokens, at) is Kind.WORD and tokens[at].word == "w" and kind_at(tokens, at + 1) is Kind.SLASH:
        at += 3
    elif kind_at(tokens, at) is Kind.WORD and words().units.get(tokens[at].word) == "week":
        at += 1
    else:
        return None
    start = at
    while kind_at(tokens, at) is Kind.WORD and (tokens[at].word in _COMMENCING or is_word(tokens, at, "the")):
        at += 1
    if at == start and tokens[index].word != "w":
        return None
    parsed = read_days(tokens, at, month_first=month_first)
    if parsed is None or parsed[0].first != parsed[0].last:
        return None
    return replace(parsed[0], precision=DatePrecision.WEEK), parsed[1]


def week_of(item: PartialDate, year: int) -> tuple[timedelta, timedelta]:
    """Return the time from the start of the week of ``item`` to its named day, and from there to the end, in ``year``.

    A Sunday starts its week, since some people name a week by its Sunday; other days belong to a week from Monday.
    """
    day = item.starts(year)
    back = 0 if day is None or day.weekday() == 6 else day.weekday()
    return timedelta(days=back), timedelta(days=6 - back)


def _part(tokens: Sequence[Token], index: int) -> tuple[tuple[str, str] | None, int]:
    """Parse "early", "mid-", "late" or "early to mid"; return ((first part, last part), index after it)."""
    first, after = _one_part(tokens, index)
    if not first:
        return None, index
    second, after_second = _one_part(tokens, skip(tokens, after, _DASH, "to", most=2))
    return ((first, second), after_second) if second else ((first, first), after)


def _one_part(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    if kind_at(tokens, index) is not Kind.WORD or tokens[index].word not in words().parts:
        return "", index
    return words().parts[tokens[index].word], skip(tokens, index + 1, _DASH, "of", "the", most=3)


def _month(tokens: Sequence[Token], index: int, part: tuple[str, str] | None) -> Parsed | None:
    token = tokens[index]
    follow = skip(tokens, index + 1, _AFTER_NAME, "of", most=2)
    year = year_at(tokens, follow)
    if kind_at(tokens, index - 1) is Kind.NUMBER and year_at(tokens, index - 1) is None and not part:
        return None  # "31 June 2027": the day does not exist, so nothing is certain
    if token.word in words().risky_months or (token.word == "mars" and token.text[0].isupper()):
        return None
    if token.text in words().verbs and not part and year is None:
        return None
    if part and year is None and _is_day_after(tokens, follow):
        return None  # "before the end of March 15"
    first, last = (_PARTS_OF_MONTH[part[0]][0], _PARTS_OF_MONTH[part[1]][1]) if part else (1, END_OF_MONTH)
    precision = DatePrecision.SEASON if part else DatePrecision.MONTH
    item = PartialDate(precision, (token.number, first), (token.number, last), year, is_vague=bool(part))
    return item, follow + 1 if year else index + 1


def _is_day_after(tokens: Sequence[Token], index: int) -> bool:
    is_day = kind_at(tokens, index) is Kind.NUMBER and 1 <= tokens[index].number <= _LAST_DAY
    return is_day and kind_at(tokens, index + 1) not in {Kind.MONTH, Kind.TIME}


def _season(tokens: Sequence[Token], index: int, part: tuple[str, str] | None) -> Parsed | None:
    first = words().seasons[tokens[index].word]
    follow = skip(tokens, index + 1, _AFTER_NAME, "of", most=2)
    year = year_at(tokens, follow)
    if year is None and not _is_joined(tokens, index + 1):
        return None
    last = (first + 1) % 12 + 1
    item = PartialDate(DatePrecision.SEASON, (first, 1), (last, END_OF_MONTH), year, is_vague=bool(part))
    return item, after_second_year(tokens, follow + 1) if year else index + 1


def _is_joined(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a second period with the year follows: "Spring/Summer 2025", "Q1–Q2 2026"."""
    at = skip(tokens, index, frozenset({Kind.SLASH, Kind.DASH}), "to", "and", most=1)
    if at == index or at >= len(tokens):
        return False
    is_period = tokens[at].kind is Kind.QUARTER or tokens[at].word in words().seasons
    return is_period and year_at(tokens, at + 1) is not None


def _quarter(tokens: Sequence[Token], index: int) -> Parsed | None:
    follow = skip(tokens, index + 1, _AFTER_NAME | _DASH, "of", most=2)
    year = year_at(tokens, follow)
    if year is None:
        return _fraction(tokens[index].text, None, index + 1) if _is_joined(tokens, index + 1) else None
    return _fraction(tokens[index].text, year, follow + 1)


def _named_fraction(tokens: Sequence[Token], index: int) -> Parsed | None:
    """Parse a quarter or half-year in words: "third quarter of 2027", "first half of 2027"."""
    number = words().ordinals.get(tokens[index].word or tokens[index].text)
    if number is None or number < 0 or kind_at(tokens, index + 1) is not Kind.WORD:
        return None
    letter = words().fractions.get(tokens[index + 1].word)
    follow = skip(tokens, index + 2, frozenset(), "of", "the", most=2)
    year = year_at(tokens, follow)
    return None if letter is None or year is None else _fraction(f"{letter}{number}", year, follow + 1)


def _week_of_month(tokens: Sequence[Token], index: int) -> Parsed | None:
    """Parse a week of a month: "third week of May 2027" is the 15th to the 21st."""
    number = words().ordinals.get(tokens[index].word or tokens[index].text)
    if number is None or kind_at(tokens, index + 1) is not Kind.WORD:
        return None
    if words().units.get(tokens[index + 1].word) != "week":
        return None
    at = skip(tokens, index + 2, frozenset(), "of", "the", most=2)
    month = _month(tokens, at, None) if kind_at(tokens, at) is Kind.MONTH else None
    if month is None:
        return None
    item, after = month
    first, last = (25, END_OF_MONTH) if number < 0 else (7 * number - 6, 7 * number)
    return replace(item, precision=DatePrecision.WEEK, first=(item.first[0], first), last=(item.last[0], last)), after


def _fraction(name: str, year: int | None, after: int) -> Parsed | None:
    """Return the quarter or half-year named ``Q3`` or ``H1``."""
    is_quarter, number = name[0] in "Qq", int(name[1])
    months = 3 if is_quarter else _HALF_YEAR
    last = number * months
    if last > 12:
        return None
    precision = DatePrecision.QUARTER if is_quarter else DatePrecision.SEASON
    return PartialDate(precision, (last - months + 1, 1), (last, END_OF_MONTH), year), after


def after_second_year(tokens: Sequence[Token], index: int) -> int:
    """Return the index after the second year of "2026/27" or "2026–2027"; ``index`` if there is none."""
    if kind_at(tokens, index) in {Kind.SLASH, Kind.DASH} and kind_at(tokens, index + 1) is Kind.NUMBER:
        previous, second = tokens[index - 1], tokens[index + 1]
        if second.number in {(previous.number + 1) % 100, previous.number + 1}:
            return index + 2
    return index


def read_years(tokens: Sequence[Token], index: int, year: int) -> Parsed:
    """Parse the year at ``index``, or "2026–2027", in a context that makes it a date."""
    return PartialDate(DatePrecision.YEAR, (1, 1), (12, 31), year), after_second_year(tokens, index + 1)
