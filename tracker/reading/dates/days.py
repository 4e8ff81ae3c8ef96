"""Parses days in prose: ``Fri 3 May``, ``March 28–30 2025``, ``7, 8 and 10 July``, ``16.–18.11.2026``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.partial_dates import Parsed, PartialDate, is_word, kind_at, skip, year_at
from tracker.reading.dates.tokens import Kind, Token, is_day
from tracker.reading.dates.vocabulary import words

_MOST_DAYS = 8
_LEAP_YEAR = 2024
_AFTER_NAME = frozenset({Kind.COMMA, Kind.DOT})
_BETWEEN_DAYS = frozenset({Kind.DASH, Kind.COMMA, Kind.SLASH})
_SPAN_WORDS = ("to", "and")

Listed = tuple[list[int], list[tuple[int, int]], int]
"""(days, [(index of a day in the list, its weekday)], token index after the days)"""


def read_days(tokens: Sequence[Token], index: int, *, month_first: bool | None) -> Parsed | None:
    """Parse a day or a list of days at ``index``.

    Args:
        tokens: tokens of the text.
        index: index of the first token.
        month_first: True if 03/12/2026 is 12 March, False if it is 3 December, None if the order is not known.
    """
    weekday, index_after = _weekday(tokens, index)
    for read in (_slashed_before_month, _in_figures, _day_first, _month_first):
        parsed = read(tokens, index_after, month_first)
        if parsed is not None:
            return _with_weekday(parsed, weekday)
    return None


def _weekday(tokens: Sequence[Token], index: int) -> tuple[list[int], int]:
    """Return the weekdays before a day ("Sat", "Sat & Sun", "Sat–Sun") and the index after them."""
    found: list[int] = []
    while len(found) < 2 and _is_weekday(tokens, index):
        found.append(1 if tokens[index].kind is Kind.MONTH else tokens[index].number)
        index = skip(tokens, index + 1, _AFTER_NAME, "the", "on", "of_day", most=3)
        joined = skip(tokens, index, _BETWEEN_DAYS | {Kind.MARK}, *_SPAN_WORDS, most=1)
        if joined > index and len(found) == 1 and _is_weekday(tokens, joined):
            index = joined
    if found and kind_at(tokens, index) is Kind.OPEN:
        index += 1
    return found, index


def _is_weekday(tokens: Sequence[Token], index: int) -> bool:
    kind = kind_at(tokens, index)
    if kind is Kind.MONTH:  # "mar. 12 de mayo" is a Tuesday
        return tokens[index].word == "mar" and _is_day_and_month(tokens, skip(tokens, index + 1, _AFTER_NAME))
    if kind is not Kind.WEEKDAY:
        return False
    token = tokens[index]
    if token.word in words().risky_weekdays:
        following = kind_at(tokens, skip(tokens, index + 1, _AFTER_NAME, most=1))
        is_beside_day = following in {Kind.NUMBER, Kind.MONTH, Kind.DATE, Kind.DAY_MONTH}
        return token.text[0].isupper() and (is_beside_day or len(token.word) > 2)
    return True


def _is_day_and_month(tokens: Sequence[Token], index: int) -> bool:
    if kind_at(tokens, index) is not Kind.NUMBER:
        return False
    return kind_at(tokens, skip(tokens, index + 1, _AFTER_NAME, "of")) is Kind.MONTH


def _with_weekday(parsed: Parsed, weekdays: list[int]) -> Parsed:
    if not weekdays:
        return parsed
    item, index = parsed
    witnesses = [(False, weekdays[0])]
    if len(weekdays) > 1:
        witnesses.append((True, weekdays[1]))
    either = item.either and replace(item.either, weekdays=(*witnesses, *item.either.weekdays))
    return replace(item, weekdays=(*witnesses, *item.weekdays), either=either), index


def _in_figures(tokens: Sequence[Token], index: int, month_first: bool | None) -> Parsed | None:
    kind = kind_at(tokens, index)
    if kind is Kind.NUMBER:
        return _days_before_figures(tokens, index, month_first)
    if kind not in {Kind.DATE, Kind.DAY_MONTH}:
        return None
    token = tokens[index]
    assert token.date is not None
    item = _figures(token, month_first)
    if item is None:
        return None
    index += 1
    if kind is Kind.DAY_MONTH and (year := year_at(tokens, index)):
        return item.with_year(year), index + 1
    if token.word == "ymd" and kind_at(tokens, index) is Kind.DASH and kind_at(tokens, index + 1) is Kind.NUMBER:
        last = tokens[index + 1]
        # 2026-09-11–13
        if token.date[2] < last.number <= 31 and not last.has_suffix:
            return replace(item, last=(item.first[0], last.number)), index + 2
    return item, index


def _figures(token: Token, month_first: bool | None) -> PartialDate | None:
    assert token.date is not None
    year, one, other = token.date
    on = year or _LEAP_YEAR
    if token.word == "ymd":
        return _item(one, other, other, year) if is_day(on, one, other) else None
    day_first, other_way = is_day(on, other, one), is_day(on, one, other)
    if token.word == ".":
        other_way = False
    if day_first and other_way and one != other:
        first, second = _item(other, one, one, year or None), _item(one, other, other, year or None)
        if month_first is None:
            return replace(first, either=second, doubt=f"{token.text} may be day/month or month/day")
        return second if month_first else first
    if day_first:
        return _item(other, one, one, year or None)
    return _item(one, other, other, year or None) if other_way else None


def _days_before_figures(tokens: Sequence[Token], index: int, month_first: bool | None) -> Parsed | None:
    """Parse a span of days before a numeric date: ``16.–18.11.2026``, ``5-7/12/2026``."""
    after = skip(tokens, index + 1, frozenset({Kind.DOT}), most=1)
    dash = skip(tokens, after, frozenset({Kind.DASH}), "to", most=1)
    if dash == after or kind_at(tokens, dash) not in {Kind.DATE, Kind.DAY_MONTH} or tokens[dash].word == "ymd":
        return None
    parsed = _in_figures(tokens, dash, month_first)
    first = tokens[index].number
    if parsed is None or not 1 <= first <= parsed[0].last[1]:
        return None
    return replace(parsed[0], first=(parsed[0].first[0], first), either=None, doubt=""), parsed[1]


def _listed(tokens: Sequence[Token], index: int, *, before_month: bool) -> Listed | None:
    days: list[int] = []
    ends: list[int] = []
    weekdays: list[tuple[int, int]] = []
    has_comma = False
    while len(days) < _MOST_DAYS:
        at = index
        if days and _is_weekday(tokens, at):
            weekdays.append((len(days), tokens[at].number))
            at = skip(tokens, at + 1, _AFTER_NAME, most=2)
        at = skip(tokens, at, frozenset(), "the", most=1)
        if kind_at(tokens, at) is not Kind.NUMBER or not _is_day_number(tokens[at]):
            break
        if days and not before_month and _is_something_else(tokens, at, after_comma=has_comma):
            break
        days.append(tokens[at].number)
        ends.append(skip(tokens, at + 1, frozenset({Kind.DOT}), most=1) if before_month else at + 1)
        index = skip(tokens, ends[-1], _BETWEEN_DAYS | {Kind.MARK}, *_SPAN_WORDS, most=2)
        has_comma = kind_at(tokens, ends[-1]) is Kind.COMMA
        if index == ends[-1]:
            break
    if not days:
        return None
    if any(one >= other for one, other in pairwise(days)):
        # "May 30, 2 speakers": numbers that do not increase are not a list; only the first is a day.
        return None if before_month else (days[:1], [], ends[0])
    return days, [pair for pair in weekdays if pair[0] < len(days)], ends[-1]


def _slashed_days(token: Token) -> tuple[int, int] | None:
    """Return both days of "14/15" beside a month; None if the token is not such a pair."""
    if token.kind is not Kind.DAY_MONTH or token.word != "/" or token.date is None:
        return None
    _, one, other = token.date
    return (one, other) if one < other <= 31 else None


def _slashed_before_month(tokens: Sequence[Token], index: int, month_first: bool | None) -> Parsed | None:
    """Parse two days with a slash before a month: ``12/13 July 2025``."""
    del month_first
    pair = _slashed_days(tokens[index]) if index < len(tokens) else None
    at = skip(tokens, index + 1, frozenset(), "of", most=1)
    if pair is None or kind_at(tokens, at) is not Kind.MONTH:
        return None
    follow = skip(tokens, at + 1, _AFTER_NAME, "of", most=2)
    year = year_at(tokens, follow)
    return _group(list(pair), [], tokens[at].number, year, follow + 1 if year else at + 1, tokens)


def _is_day_number(token: Token) -> bool:
    return 1 <= token.number <= 31 and len(token.text.casefold().rstrip("stndrhèeoºª°")) <= 2


def _is_something_else(tokens: Sequence[Token], index: int, *, after_comma: bool) -> bool:
    """Return whether a number ends the list of days: the 1 in "May 30 – 1 June", the 10 in "May 3, 10 new people"."""
    following = skip(tokens, index + 1, frozenset({Kind.DOT}), "of", most=2)
    if kind_at(tokens, following) is Kind.MONTH:
        return True
    if kind_at(tokens, index + 1) is not Kind.WORD:
        return False
    is_joined = any(is_word(tokens, index + 1, group) for group in ("to", "and", "at", "on"))
    return tokens[index + 1].word in words().not_dates["counted"] or (after_comma and not is_joined)


def _day_first(tokens: Sequence[Token], index: int, month_first: bool | None) -> Parsed | None:
    del month_first
    listed = _listed(tokens, index, before_month=True)
    if listed is None:
        return None
    days, weekdays, after = listed
    at = skip(tokens, after, _AFTER_NAME | {Kind.DASH, Kind.SLASH}, "of", most=2)
    if kind_at(tokens, at) is not Kind.MONTH:
        return None
    if tokens[after - 1].kind is Kind.DOT and _is_day_after(tokens, at + 1):
        return None  # "Ages 14-18. July 11-17."
    has_comma = any(tokens[between].kind is Kind.COMMA for between in range(after, at))
    month = tokens[at]
    follow = skip(tokens, at + 1, _AFTER_NAME | {Kind.DASH, Kind.SLASH}, "of", most=2)
    year = year_at(tokens, follow)
    if year is None and kind_at(tokens, at + 1) is Kind.DASH and month.start == tokens[at - 1].end:
        year, follow = _hyphened_year(tokens, at + 2), at + 2  # 12-Mar-25
    if has_comma and year is None:  # "Flat 3, May Court"
        return None
    if not _is_month(tokens, at, has_day=True, has_year=year is not None, is_ordinal=tokens[after - 1].has_suffix):
        return None
    end = follow + 1 if year else at + 1
    if not year and kind_at(tokens, end) is Kind.DOT and kind_at(tokens, end + 1) is Kind.COMMA:
        end += 1  # "10. Nov., 19 Uhr"
    return _group(days, weekdays, month.number, year, end, tokens)


def _is_day_after(tokens: Sequence[Token], index: int) -> bool:
    return kind_at(tokens, index) is Kind.NUMBER and year_at(tokens, index) is None


def _hyphened_year(tokens: Sequence[Token], index: int) -> int | None:
    if kind_at(tokens, index) is Kind.NUMBER and len(tokens[index].text) == 2:
        return 2000 + tokens[index].number
    return None


def _month_first(tokens: Sequence[Token], index: int, month_first: bool | None) -> Parsed | None:
    del month_first
    if kind_at(tokens, index) is not Kind.MONTH:
        return None
    month = tokens[index]
    at = skip(tokens, index + 1, _AFTER_NAME, "the", most=2)
    pair = _slashed_days(tokens[at]) if at < len(tokens) else None
    listed = (list(pair), [], at + 1) if pair else _listed(tokens, at, before_month=False)
    if listed is None:
        return None
    days, weekdays, after = listed
    follow = skip(tokens, after, frozenset({Kind.COMMA, Kind.OPEN}), "of", most=2)
    if _is_weekday(tokens, follow) and kind_at(tokens, follow + 1) in {Kind.COMMA, Kind.CLOSE}:
        weekdays.append((0, tokens[follow].number))  # January 9 (Friday), 2026
        follow = skip(tokens, follow + 1, frozenset({Kind.COMMA, Kind.CLOSE}), most=2)
        after = follow
    year = year_at(tokens, follow)
    if not _is_month(tokens, index, has_day=True, has_year=year is not None, is_ordinal=tokens[at].has_suffix):
        return None
    return _group(days, weekdays, month.number, year, follow + 1 if year else after, tokens)


def _is_month(tokens: Sequence[Token], index: int, *, has_day: bool, has_year: bool, is_ordinal: bool) -> bool:
    """Return whether the word at ``index`` is a month, unlike in "10 may apply" and "12 out of 20"."""
    token, known = tokens[index], words()
    if token.word in known.risky_months:
        return has_day and has_year
    if token.text in known.verbs:
        return has_year or is_ordinal
    return True


def _group(
    days: list[int], weekdays: list[tuple[int, int]], month: int, year: int | None, end: int, tokens: Sequence[Token]
) -> Parsed | None:
    if not all(is_day(year or _LEAP_YEAR, month, day) for day in (days[0], days[-1])):
        return None
    witnesses = [(position > 0, weekday) for position, weekday in weekdays if position in {0, len(days) - 1}]
    item = _item(month, days[0], days[-1], year)
    if not year and kind_at(tokens, end) is Kind.WORD:
        said = words().not_dates
        if tokens[end].word in said["counted"] or tokens[end].word in said["named"]:
            return None
    return replace(item, weekdays=tuple(witnesses)), end


def _item(month: int, first: int, last: int, year: int | None) -> PartialDate:
    return PartialDate(DatePrecision.DAY, (month, first), (month, last), year or None)
