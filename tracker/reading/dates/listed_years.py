"""Gives the days of a list the year that is written once, before the list or at its end: "1 March, 1 June 2026"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.partial_dates import is_word, kind_at
from tracker.reading.dates.spans import DateExpression
from tracker.reading.dates.tokens import Kind, Token
from tracker.reading.dates.years import fits_weekdays, spans_of, written_year

_MARKS = frozenset({Kind.COMMA, Kind.MARK})
_ARE = frozenset({"are", "is", "sind", "ist", "sont", "est", "son", "es", "sao", "sono", "zijn"})
_MOST_BETWEEN = 4
_AUTUMN, _SPRING = 8, 5
"""Months from and up to which a list may run on into the next year: "15 November, 15 January 2027"."""


def share_years(tokens: Sequence[Token], found: Sequence[DateExpression]) -> list[DateExpression]:
    """Return ``found`` with the year of each list; a year that leads a list is left out, as it is no date of its own.

    A list runs through the years: of "15 November, 15 January 2027", the first day is in 2026.
    """
    shared = list(found)
    for number in range(len(shared) - 2, -1, -1):
        year = written_year(shared[number + 1])
        if year is not None and _are_listed(tokens, shared[number], shared[number + 1]):
            before, after = shared[number].first.first, shared[number + 1].first.first
            is_winter = before[0] >= _AUTUMN and after[0] <= _SPRING
            if before <= after or is_winter:
                shared[number] = _in_year(shared[number], year - (before > after))
    leading: set[int] = set()
    for number in range(1, len(shared)):
        previous, written = shared[number - 1], shared[number]
        year = written_year(previous)
        if year is None:
            continue
        is_list = number + 1 < len(shared) and _are_listed(tokens, written, shared[number + 1])
        if is_list and _leads(tokens, previous, written):
            shared[number] = _in_year(written, year)
            leading |= {number - 1} if shared[number] is not written else set()
        elif _are_listed(tokens, previous, written):
            shared[number] = _in_year(written, year + (written.first.first < previous.first.first))
    return [written for number, written in enumerate(shared) if number not in leading]


def _in_year(written: DateExpression, year: int) -> DateExpression:
    """Return a date with a year, unless it has one or its weekdays are of another."""
    first = written.first
    if written_year(written) is not None or first.is_relative or first.is_vague or first.either is not None:
        return written
    span = spans_of(written, year)
    return replace(written, first=first.with_year(year)) if span and fits_weekdays(written, span) else written


def _are_listed(tokens: Sequence[Token], one: DateExpression, other: DateExpression) -> bool:
    """Return whether two dates of the same precision stand in one list: a comma or "and" between them, on one line."""
    between = range(one.end, other.start)
    return (
        one.first.precision is other.first.precision is not DatePrecision.YEAR
        and 0 < len(between) <= _MOST_BETWEEN
        and all(kind_at(tokens, at) in _MARKS or any(is_word(tokens, at, word) for word in _JOINING) for at in between)
        and any(kind_at(tokens, at) in _MARKS or is_word(tokens, at, "and") for at in between)
    )


_JOINING = ("and", "on", "the")


def _leads(tokens: Sequence[Token], year: DateExpression, written: DateExpression) -> bool:
    """Return whether a bare year leads a list: "deadlines in 2026: 25 March", "the deadlines of 2026 are 25 March"."""
    if year.first.precision is not DatePrecision.YEAR or year.last is not None:
        return False
    mark = year.end
    if kind_at(tokens, mark) is not Kind.COLON and not (
        kind_at(tokens, mark) is Kind.WORD and tokens[mark].word in _ARE
    ):
        return False
    return (
        all(any(is_word(tokens, at, word) for word in _JOINING) for at in range(mark + 1, written.start))
        and written.start - mark <= _MOST_BETWEEN
    )
