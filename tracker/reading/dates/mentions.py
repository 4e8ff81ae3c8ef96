"""Finds every date expression in a text, with its words; the role of each is assigned later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.listed_years import share_years
from tracker.reading.dates.lone_days import is_after_until
from tracker.reading.dates.normalisation import normalise
from tracker.reading.dates.partial_dates import is_word, kind_at, year_at
from tracker.reading.dates.recurrence import Recurrence, find_recurrences
from tracker.reading.dates.spans import DateExpression, read_span, read_year_alone
from tracker.reading.dates.tokens import Kind, Token, tokenize
from tracker.reading.dates.vocabulary import words
from tracker.reading.dates.zoned_clocks import ZonedClock, clock_at

MOST = 60
"""Maximum number of date expressions read from one text; a longer list is a calendar, which has a feed."""
_STARTERS = frozenset(
    {Kind.TIME, Kind.WEEKDAY, Kind.MONTH, Kind.NUMBER, Kind.DATE, Kind.DAY_MONTH, Kind.QUARTER, Kind.WORD}
)
_SHORT = 5
_MONTHS = 12
_NAMES = frozenset({Kind.MONTH, Kind.DATE, Kind.DAY_MONTH, Kind.QUARTER})
_REACH = 24
"""Maximum number of tokens between the first day of a list and the month of the last."""
_MOST_TRIES = 160
"""Maximum number of positions tried as the start of a date expression; a text with more is not an announcement."""


@dataclass(slots=True)
class Scan:
    """Result of scanning one text."""

    text: str
    """The normalised text; token positions refer to it."""
    tokens: list[Token]
    found: list[DateExpression] = field(default_factory=list)
    repeats: list[Recurrence] = field(default_factory=list)
    """Recurrences, such as "every Tuesday"."""
    clocks: list[ZonedClock] = field(default_factory=list)
    clock_positions: list[int] = field(default_factory=list)
    """Position of each of ``clocks`` in the text."""
    """Clock times that belong to no day."""
    years: list[int] = field(default_factory=list)
    """Years that belong to no date: "TAIS 2024"."""

    def words_of(self, written: DateExpression) -> str:
        """Return the words of the text for ``written``."""
        first, last = self.tokens[written.start], self.tokens[written.end - 1]
        return " ".join(self.text[first.start : last.end].split())

    def position(self, written: DateExpression) -> tuple[int, int]:
        """Return the start and end position of ``written`` in ``text``."""
        return self.tokens[written.start].start, self.tokens[written.end - 1].end


def scan(text: str, published: date | None = None, *, month_first: bool | None = None) -> Scan:
    """Find the date expressions in ``text``.

    Args:
        text: text of a page; at most the first 20,000 characters are read.
        published: day that "tomorrow" counts from.
        month_first: True if 03/12/2026 is 12 March, False if it is 3 December, None if the order is not known.
    """
    text = normalise(text)
    tokens = tokenize(text)
    result = Scan(text, tokens)
    starts_word = words().beginnings
    month_first = _written_order(tokens, month_first)
    result.repeats = find_recurrences(tokens)
    skipped = {repeats.start: repeats.end for repeats in result.repeats}
    near = _distance_to_names(tokens)
    index = tries = 0
    while index < len(tokens) and len(result.found) < MOST and tries < _MOST_TRIES:
        if index in skipped:
            index = skipped[index]
            continue
        token = tokens[index]
        if token.kind not in _STARTERS or (token.kind is Kind.WORD and token.word not in starts_word):
            index += 1
            continue
        is_far = near[index] > _REACH and ((token.kind is Kind.NUMBER and not token.has_suffix) or token.word == "the")
        if is_far and not is_after_until(tokens, index):
            index = _note_rest(tokens, index, result)
            continue
        tries += token.kind is not Kind.WORD
        written = read_span(tokens, index, published, month_first=month_first)
        if written is not None and _is_meant(tokens, written):
            result.found.append(written)
            index = written.end
            continue
        index = _note_rest(tokens, index, result)
    result.found = share_years(tokens, result.found)
    return result


def _written_order(tokens: Sequence[Token], usual: bool | None) -> bool | None:
    """Return whether numeric dates put the month first: a date with only one possible order decides for all."""
    orders = set()
    for token in tokens:
        if token.date is not None and token.word == "/":
            _, one, other = token.date
            if one > _MONTHS >= other:
                orders.add(False)
            elif other > _MONTHS >= one:
                orders.add(True)
    return orders.pop() if len(orders) == 1 else usual


def _distance_to_names(tokens: Sequence[Token]) -> list[int]:
    """Return for each token the distance to the next month, date or quarter: numbers far from all are not days."""
    distances = [0] * len(tokens)
    distance = _REACH + 1
    for index in range(len(tokens) - 1, -1, -1):
        distance = 0 if tokens[index].kind in _NAMES else distance + 1
        distances[index] = distance
    return distances


def _note_rest(tokens: Sequence[Token], index: int, result: Scan) -> int:
    if tokens[index].kind is Kind.TIME:
        clock, after = clock_at(tokens, index)
        if clock is not None and len(result.clocks) < MOST:
            result.clocks.append(clock)
            result.clock_positions.append(tokens[index].start)
        return after
    if (year := year_at(tokens, index)) is not None:
        alone = read_year_alone(tokens, index, year)
        if _says_year(tokens, alone):
            result.found.append(alone)
            return alone.end
        if len(result.years) < MOST:
            result.years.append(year)
    return index + 1


def _is_meant(tokens: Sequence[Token], written: DateExpression) -> bool:
    """Return whether it is a date: "in June" is; "June Smith", "March for AI Safety" and "Rua 25 de Março" are not."""
    if _is_street(tokens, written.start) or _is_version(tokens, written):
        return False
    items = [written.first] if written.last is None else [written.first, written.last]
    if any(item.precision is not DatePrecision.MONTH or item.year is not None for item in items):
        return True
    if _is_alone(tokens, written.start, written.end):
        return True
    if written.last is not None:
        return not _names_something(tokens, written.end)
    month = tokens[written.start]
    before = kind_at(tokens, written.start - 1)
    said = words().not_dates
    if before is not Kind.WORD or tokens[written.start - 1].word not in said["before_periods"]:
        return False
    return month.text[0].isupper() and not _names_something(tokens, written.end)


def _is_street(tokens: Sequence[Token], start: int) -> bool:
    for index in range(start - 1, max(-1, start - 4), -1):
        if kind_at(tokens, index) is not Kind.WORD:
            return False
        if tokens[index].text[0].isupper():
            return tokens[index].word in words().streets
    return False


def _is_version(tokens: Sequence[Token], written: DateExpression) -> bool:
    """Return whether a match is a version number: "Version 3.11.12", "Python 3.11.12"."""
    token = tokens[written.start]
    is_short = token.kind is Kind.DATE and token.word == "." and len(token.text.rpartition(".")[2]) == 2
    return (
        is_short
        and kind_at(tokens, written.start - 1) is Kind.WORD
        and not (is_word(tokens, written.start - 1, "on") or is_after_until(tokens, written.start))
    )


def _names_something(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a capital after the month makes it part of a name: "in August Foundation offices"."""
    if kind_at(tokens, index) is not Kind.WORD:
        return False
    return tokens[index].text[0].isupper() or tokens[index].word == "for"


def _is_alone(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Return whether the text consists of little more than this period."""
    return len(tokens) <= end - start + _SHORT and all(
        tokens[index].kind in {Kind.COMMA, Kind.DOT, Kind.OPEN, Kind.CLOSE, Kind.COLON, Kind.OTHER}
        or tokens[index].word in words().not_dates["before_periods"]
        for index in (*range(start), *range(end, len(tokens)))
    )


def _says_year(tokens: Sequence[Token], written: DateExpression) -> bool:
    if _is_alone(tokens, written.start, written.end):
        return True
    before = kind_at(tokens, written.start - 1)
    if before is not Kind.WORD or is_word(tokens, written.start - 1, "and"):
        return False
    return tokens[written.start - 1].word in {"starts", "starting", "start", "begins", "beginning", "in", "during"}
