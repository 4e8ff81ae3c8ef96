"""Parses a whole date expression: days, times and zone together, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timezone

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.clocks import Clock
from tracker.reading.dates.days import read_days
from tracker.reading.dates.lone_days import read_lone_day
from tracker.reading.dates.partial_dates import Parsed, PartialDate, is_word, kind_at, read_relative, skip
from tracker.reading.dates.periods import read_period, read_week, read_years
from tracker.reading.dates.tokens import Kind, Token
from tracker.reading.dates.vocabulary import words
from tracker.reading.dates.zoned_clocks import ZonedClock, clock_at, skip_separators, zone_at

_GLUE_BEFORE = frozenset({Kind.COMMA, Kind.DASH, Kind.OPEN, Kind.CLOSE, Kind.MARK})
_NEAR_DAYS = 2
_WEEK = 7
_MOST_LISTED = 12
_MOST_ZONES = 4
_LEAP_YEAR = 2024
_FROM = frozenset({"dal", "dall", "del", "du", "vom", "do"})
_UNTIL = frozenset({"until", "till", "bis", "hasta", "jusqu'au", "fino", "ate", "tot"})
_BEFORE_FIGURES = frozenset({
    "by", "on", "due", "until", "before", "deadline", "ends", "bis", "am", "ab", "jusqu'au", "avant", "le", "du", "au",
    "hasta", "el", "del", "desde", "ate", "dia", "em", "entro", "il", "dal", "fino", "tot", "op", "vanaf", "voor",
})  # fmt: skip
"""Words after which "26/11" is a day and no fraction."""


@dataclass(slots=True)
class DateExpression:
    """A date expression as written: no year inferred, no zone resolved."""

    first: PartialDate
    last: PartialDate | None
    start: int
    """Index of its first token."""
    end: int
    """Index after its last token."""
    at: ZonedClock | None = None
    """Clock time on the first day; its end time may be that of the last day."""
    until: ZonedClock | None = None
    """Clock time on the last day, if it has one of its own."""
    zone: str = ""
    """The zone if no clock time is written: "1 March, AoE"."""
    offset: timezone | None = None
    second: int = 0
    """Index of the first token of ``last``."""
    others: list[ZonedClock] = field(default_factory=list)
    """The same time in other zones."""


def read_span(
    tokens: Sequence[Token], index: int, published: date | None, *, month_first: bool | None
) -> DateExpression | None:
    """Parse the date expression that begins at ``index``; None if none does."""
    before, at = clock_at(tokens, index)
    others: list[ZonedClock] = []
    if before is not None:
        others, at = _same_elsewhere(tokens, at)
        at = skip(tokens, at, _GLUE_BEFORE, "on", "at", "of_day", most=4)
        if kind_at(tokens, at) is Kind.BREAK:
            return None
    first = _item(tokens, at, published, month_first)
    if first is None:
        return None
    item, after = first
    written = DateExpression(item, None, index, after, at=before, others=others)
    if before is None:
        _take_clock(tokens, written)
    else:
        _take_zone(tokens, written)
    _take_second(tokens, written, published, month_first)
    _take_list(tokens, written, month_first)
    if written.last is not None and _is_moved(tokens, index):
        # "moved from 8 October to 15 October" is not a span: only the second date holds.
        return replace(written, first=written.last, last=None, start=written.second, at=written.until or written.at)
    return written


def _take_list(tokens: Sequence[Token], written: DateExpression, month_first: bool | None) -> None:
    """Add the rest of "Monday 12 Oct, Tuesday 13 Oct & Thursday 15 Oct": a list of days becomes one span."""
    for _ in range(_MOST_LISTED):
        at = skip(tokens, written.end, frozenset({Kind.COMMA, Kind.MARK}), "and", most=2)
        if at == written.end or written.at or written.until or kind_at(tokens, at) is not Kind.WEEKDAY:
            return
        item = read_days(tokens, at, month_first=month_first)
        if item is None or not _follows_soon(written.last or written.first, item[0], within=_WEEK):
            return
        written.last, written.end, written.second = item[0], item[1], at
        _take_clock(tokens, written)
        if written.at is None and written.until is not None:
            written.at, written.until = written.until, None


def _is_moved(tokens: Sequence[Token], index: int) -> bool:
    is_from = is_word(tokens, index - 1, "at") or (
        kind_at(tokens, index - 1) is Kind.WORD and tokens[index - 1].word in _FROM
    )
    if not is_from or kind_at(tokens, index - 2) is not Kind.WORD:
        return False
    return tokens[index - 2].word in words().not_dates["moved"]


def _item(tokens: Sequence[Token], index: int, published: date | None, month_first: bool | None) -> Parsed | None:
    kind = kind_at(tokens, index)
    if kind is Kind.WORD:
        parsed = read_week(tokens, index, month_first=month_first) or read_period(tokens, index)
        if parsed is None and is_word(tokens, index, "the"):
            parsed = read_days(tokens, index + 1, month_first=month_first)
        if parsed is None and published is not None:
            parsed = read_relative(tokens, index, published)
        return parsed
    if kind in {Kind.WEEKDAY, Kind.MONTH, Kind.NUMBER, Kind.DATE, Kind.DAY_MONTH}:
        parsed = read_days(tokens, index, month_first=month_first)
        if parsed is not None and _is_unlikely(tokens, index, parsed[0]):
            return None
        if parsed is None and kind is Kind.WEEKDAY and published is not None:
            parsed = read_lone_day(tokens, index, published) or read_relative(tokens, index, published)
        if parsed is None and kind in {Kind.MONTH, Kind.NUMBER}:
            parsed = read_period(tokens, index)
        if parsed is None and published is not None:
            parsed = read_lone_day(tokens, index, published)
        return parsed
    return read_period(tokens, index) if kind is Kind.QUARTER else None


def _is_unlikely(tokens: Sequence[Token], index: int, item: PartialDate) -> bool:
    """Return whether ``11/16`` may be a fraction: ambiguous, or no time, date, cue word, dash or colon beside it."""
    token = tokens[index]
    if token.kind is not Kind.DAY_MONTH or item.year is not None or token.word != "/":
        return False
    if token.text == "24/7" or item.doubt:
        return True
    # "Apply by 3/15", "10/29, 7pm", "11/14-11/16"
    follow = skip(tokens, index + 1, frozenset({Kind.COMMA, Kind.DASH}), "at", most=2)
    has_more = kind_at(tokens, follow) in {Kind.TIME, Kind.DAY_MONTH} and kind_at(tokens, index + 1) is not None
    before = kind_at(tokens, index - 1)
    is_said = before is Kind.WORD and (tokens[index - 1].word in _BEFORE_FIGURES)
    is_second = is_word(tokens, index - 1, "to") and kind_at(tokens, index - 2) is Kind.DAY_MONTH
    return not (has_more or is_said or is_second or before in {Kind.DASH, Kind.COLON, Kind.WEEKDAY})


def _take_clock(tokens: Sequence[Token], written: DateExpression) -> None:
    """Add the time written after the days, and the same time in other zones."""
    at = skip_separators(tokens, written.end)
    clock, after = clock_at(tokens, at)
    if clock is None:
        _take_zone(tokens, written)
        return
    if any(tokens[k].word in _UNTIL for k in range(written.end, at)) and _begins_day(tokens, after):
        return  # "from 6 January until noon on 14 February"
    if written.last is None:
        written.at = clock
    else:
        written.until = clock
    written.end = skip(tokens, after, frozenset({Kind.CLOSE}), most=1)
    others, written.end = _same_elsewhere(tokens, written.end)
    written.others += others


def _begins_day(tokens: Sequence[Token], index: int) -> bool:
    at = skip(tokens, index, frozenset({Kind.COMMA}), "on", "the", "of_day", most=3)
    return kind_at(tokens, at) in {Kind.WEEKDAY, Kind.MONTH, Kind.DATE, Kind.DAY_MONTH} or (
        kind_at(tokens, at) is Kind.NUMBER and kind_at(tokens, at + 1) is Kind.MONTH
    )


def _same_elsewhere(tokens: Sequence[Token], index: int) -> tuple[list[ZonedClock], int]:
    """Parse the same time in other zones: "/ 3pm PT", "(12pm EDT / 9am PDT)"."""
    others: list[ZonedClock] = []
    while len(others) < _MOST_ZONES:
        at = skip(tokens, index, frozenset({Kind.COMMA, Kind.OPEN, Kind.SLASH, Kind.MARK, Kind.DASH}), "and")
        again, after = clock_at(tokens, at)
        if again is None or not (again.zone or again.offset):
            break
        others.append(again)
        index = skip(tokens, after, frozenset({Kind.CLOSE}), most=1)
    return others, index


def _take_zone(tokens: Sequence[Token], written: DateExpression) -> None:
    zone, offset, after = zone_at(tokens, written.end)
    if not (zone or offset):
        return
    if written.at is not None and not (written.at.zone or written.at.offset):
        written.at = ZonedClock(written.at.clock, zone, offset)
    elif written.at is None:
        written.zone, written.offset = zone, offset
    written.end = after


def _take_second(
    tokens: Sequence[Token], written: DateExpression, published: date | None, month_first: bool | None
) -> None:
    """Add the other end of a span: "– 3 Jan 2026", "to the 1st of March", "and April 1" after "between"."""
    at = written.end
    if kind_at(tokens, at) is Kind.BREAK and kind_at(tokens, at + 1) is Kind.DASH:
        if kind_at(tokens, written.start - 1) is Kind.DASH:
            return  # a list, each day with its dash
        at += 1
    spanning = {Kind.DASH} if written.first.precision is DatePrecision.DAY else {Kind.DASH, Kind.SLASH}
    joined = skip(tokens, at, frozenset({*spanning, Kind.COMMA}), "to", most=2)
    is_span = any(kind_at(tokens, k) in spanning or is_word(tokens, k, "to") for k in range(at, joined))
    if written.at is not None and (timed := _day_after_clock(tokens, joined)) is not None:
        joined, is_span = timed, True
    if not is_span and (until := _and_until(tokens, at)) is not None:
        joined, is_span = until, True
    if not is_span:
        joined = skip(tokens, at, frozenset({Kind.COMMA, Kind.MARK}), "and", most=2)
        is_and = any(is_word(tokens, k, "and") or tokens[k].text in {"&", "+"} for k in range(at, joined))
        if not is_and:
            return
    clock, item_at = clock_at(tokens, joined)
    if clock is not None:
        item_at = skip(tokens, item_at, _GLUE_BEFORE, "on", "at", "of_day", most=4)
    second = _item(tokens, skip(tokens, item_at, frozenset(), "the", most=1), published, month_first)
    if second is None or (second[0].precision is DatePrecision.WEEK):
        _take_end_clock(written, clock, item_at, is_span=is_span)
        return
    if not is_span and not _is_between(tokens, written) and not _follows_soon(written.first, second[0]):
        return
    written.last, written.end = second
    written.second = item_at
    if clock is not None:
        written.until = clock
        zone, offset, after = zone_at(tokens, written.end)
        if zone or offset:
            written.until, written.end = ZonedClock(clock.clock, clock.zone or zone, clock.offset or offset), after
        return
    _take_clock(tokens, written)
    if written.at is None and written.until is not None:
        written.at = written.until
        written.until = None


def _day_after_clock(tokens: Sequence[Token], index: int) -> int | None:
    """Return where the clock time of a second day begins, if words such as "at" lead to one.

    "das 8h do dia 3 de março às 17h do dia 20", "dalle ore 10 del 3 marzo alle ore 17 del 20 marzo".
    """
    at = skip(tokens, index, frozenset(), "at", most=2)
    if at == index or kind_at(tokens, at) is not Kind.TIME:
        return None
    day = skip(tokens, at + 1, frozenset(), "of_day", most=2)
    return at if day > at + 1 and kind_at(tokens, day) in {Kind.NUMBER, Kind.DATE, Kind.DAY_MONTH} else None


def _and_until(tokens: Sequence[Token], index: int) -> int | None:
    """Return where the second day of "from 14 February and until 13 March" begins; None without "until"."""
    joined = skip(tokens, index, frozenset({Kind.COMMA}), "and", most=2)
    until = skip(tokens, joined, frozenset(), "to", most=1)
    is_said = joined > index and until > joined and tokens[joined].word in _UNTIL
    return skip(tokens, until, frozenset(), "to", "the", most=2) if is_said else None


def _take_end_clock(written: DateExpression, clock: ZonedClock | None, after: int, *, is_span: bool) -> None:
    """Add the end time of ``7pm PT – 9pm``."""
    if clock is None or written.at is None or written.at.clock.end is not None or not is_span:
        return
    first = written.at
    crosses = clock.clock.start <= first.clock.start
    merged = Clock(first.clock.start, clock.clock.start, ends_next_day=crosses)
    written.at = ZonedClock(merged, first.zone or clock.zone, first.offset or clock.offset)
    written.end = after


def _is_between(tokens: Sequence[Token], written: DateExpression) -> bool:
    at = written.start - 1
    while at >= 0 and (is_word(tokens, at, "the") or tokens[at].word in {"dias", "days"}) and written.start - at <= 3:
        at -= 1  # "entre le 15 janvier et le 28 février"
    if kind_at(tokens, at) is not Kind.WORD:
        return False
    return tokens[at].word in {"between", "zwischen", "entre", "tra", "fra", "tussen", "both"}


def _follows_soon(first: PartialDate, second: PartialDate, within: int = _NEAR_DAYS) -> bool:
    """Return whether ``second`` follows soon: "Sat 14 Feb & Sun 15 Feb" are one span, "3 March and 10 May" two days."""
    if first.precision is not second.precision:
        return False
    if first.precision is DatePrecision.MONTH:
        return (second.first[0] - first.last[0]) % 12 == 1 and first.year is None
    year = first.year or second.year or _LEAP_YEAR
    one, other = first.ends(year), second.starts(second.year or year)
    return one is not None and other is not None and 0 < (other - one).days <= within


def read_year_alone(tokens: Sequence[Token], index: int, year: int) -> DateExpression:
    """Return the date expression of a bare ``year`` at ``index``; the caller decides whether it is a date."""
    item, after = read_years(tokens, index, year)
    return DateExpression(item, None, index, after)
