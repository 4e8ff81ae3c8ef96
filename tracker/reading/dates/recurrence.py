"""Parses recurrences (``every other Thursday at 7pm``) into an RRULE (RFC 5545, section 3.3.10) and occurrences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tracker.reading.dates.partial_dates import is_word, kind_at, skip
from tracker.reading.dates.tokens import Kind, Token
from tracker.reading.dates.vocabulary import words
from tracker.reading.dates.zoned_clocks import ZonedClock, read_clock_near

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LISTING = frozenset({Kind.COMMA, Kind.SLASH, Kind.MARK})
_SHOWN = 3
_MOST_TRIES = 100
_LOOK_AHEAD = 800
_WORKING_DAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A recurrence as written."""

    frequency: str
    """DAILY, WEEKLY or MONTHLY"""
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    """0 (Monday) to 6"""
    ordinals: tuple[int, ...] = ()
    """Which of these weekdays of the month; -1 is the last."""
    at: ZonedClock | None = None
    start: int = 0
    """Index of its first token."""
    end: int = field(default=0, compare=False)
    """Index after its last token."""

    @property
    def rule(self) -> str:
        """The RRULE: ``FREQ=WEEKLY;INTERVAL=2;BYDAY=TH``."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            days = [f"{nth or ''}{_DAYS[day]}" for nth in self.ordinals or (0,) for day in self.weekdays]
            parts.append(f"BYDAY={','.join(days)}")
        return ";".join(parts)

    def occurrences(self, origin: date) -> list[date]:
        """Return the first 3 days on or after ``origin``; an interval is counted from the first possible day."""
        days: list[date] = []
        for day in (origin + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD)):
            if self._is_on(day, days[0] if days else None):
                days.append(day)
                if len(days) == _SHOWN:
                    break
        return days

    def _is_on(self, day: date, first: date | None) -> bool:
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if self.ordinals:
            nth = (day.day - 1) // 7 + 1
            is_last = (day + timedelta(days=7)).month != day.month
            return nth in self.ordinals or (is_last and -1 in self.ordinals)
        if first is None:
            return True
        if self.frequency == "DAILY":
            return (day - first).days % self.interval == 0
        if self.frequency == "MONTHLY":
            months = (day.year - first.year) * 12 + day.month - first.month
            return day.day == first.day and months % self.interval == 0
        weeks = (day - timedelta(days=day.weekday()) - first + timedelta(days=first.weekday())).days // 7
        return weeks % self.interval == 0 and (bool(self.weekdays) or day.weekday() == first.weekday())


def find_recurrences(tokens: Sequence[Token]) -> list[Recurrence]:
    """Return the recurrences of a text, in order."""
    return list(_found(tokens))


def _found(tokens: Sequence[Token]) -> Iterator[Recurrence]:
    index = tries = 0
    while index < len(tokens) and tries < _MOST_TRIES:
        token = tokens[index]
        repeats = None
        if _may_repeat(token):
            tries += 1
            repeats = (
                _every(tokens, index) or _frequency(tokens, index) or _nth(tokens, index) or _plural(tokens, index)
            )
        if repeats is None:
            index += 1
        else:
            yield repeats
            index = repeats.end


def _may_repeat(token: Token) -> bool:
    known = words()
    if token.kind is Kind.NUMBER:
        return token.has_suffix
    if token.kind is not Kind.WORD:
        return False
    word = token.word
    is_plural = word[-1:] == "s" and word[:-1] in known.weekdays
    return is_plural or word in known.relative or word in known.frequencies or word in known.ordinals


def _every(tokens: Sequence[Token], index: int) -> Recurrence | None:
    known = words()
    if known.relative.get(tokens[index].word) != "every":
        return None
    at = skip(tokens, index + 1, frozenset(), "the", "on", most=2)
    if (nth := _nth(tokens, at, start=index)) is not None:
        return nth
    interval = 1
    word = tokens[at].word if kind_at(tokens, at) is Kind.WORD else ""
    if kind_at(tokens, at) is Kind.NUMBER and tokens[at].number <= 12:
        interval, at = tokens[at].number, at + 1
    elif word in known.numbers or known.ordinals.get(word, 0) > 1:
        interval, at = known.numbers.get(word) or known.ordinals[word], at + 1
    days, after = _weekdays(tokens, at)
    if days:
        return _with_clock(tokens, Recurrence("WEEKLY", max(interval, 1), days, start=index, end=after))
    if kind_at(tokens, at) is not Kind.WORD:
        return None
    frequency = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY"}.get(known.units.get(tokens[at].word, ""))
    if tokens[at].word == "weekday":
        return _with_clock(tokens, Recurrence("WEEKLY", 1, _WORKING_DAYS, start=index, end=at + 1))
    if frequency is None:
        return None
    days, after = _weekdays(tokens, skip(tokens, at + 1, frozenset({Kind.COMMA}), "on", most=2))
    repeats = Recurrence(frequency, max(interval, 1), days if frequency == "WEEKLY" else (), start=index)
    return _with_clock(tokens, repeats, after if days and frequency == "WEEKLY" else at + 1)


def _frequency(tokens: Sequence[Token], index: int) -> Recurrence | None:
    """Parse "Weekly on Wednesdays"; "8 hours weekly" is an amount, not a recurrence."""
    how_often = words().frequencies.get(tokens[index].word)
    if how_often is None:
        return None
    at = skip(tokens, index + 1, frozenset({Kind.COMMA, Kind.COLON, Kind.OPEN}), "on", "the", most=3)
    interval = int(how_often[0])
    if how_often[1] == "m" and len(tokens) == 1:
        return Recurrence("MONTHLY", start=index, end=index + 1)
    if how_often[1] == "m":
        return _nth(tokens, at, start=index, of_month=True)
    days, after = _weekdays(tokens, at)
    if not days and len(tokens) > 1:
        return None
    frequency = "DAILY" if how_often[1] == "d" else "WEEKLY"
    return _with_clock(tokens, Recurrence(frequency, interval, days, start=index, end=after if days else index + 1))


def _nth(tokens: Sequence[Token], index: int, *, start: int | None = None, of_month: bool = False) -> Recurrence | None:
    """Parse "First Monday of each month", "1st and 3rd Thursday of the month"."""
    ordinals: list[int] = []
    at = index
    while len(ordinals) < 5 and at < len(tokens):
        number = words().ordinals.get(tokens[at].word or tokens[at].text.casefold())
        if number is None:
            break
        ordinals.append(number)
        at = skip(tokens, at + 1, _LISTING, "and", most=2)
    if not ordinals:
        return None
    days, after = _weekdays(tokens, at)
    if not days:
        return None
    at = skip(tokens, after, frozenset(), "of", "in", "the", most=2)
    if kind_at(tokens, at) is Kind.WORD and (
        words().relative.get(tokens[at].word) == "every" or tokens[at].word in {"a", "im", "du", "cada"}
    ):
        at += 1
    is_plural = kind_at(tokens, after - 1) is Kind.WORD  # "1st and 3rd Mondays"
    if kind_at(tokens, at) is Kind.WORD and words().units.get(tokens[at].word) == "month":
        after = at + 1
    elif not (of_month or (is_plural and all(number > 0 for number in ordinals) and len(ordinals) > 1)):
        return None
    begins = index if start is None else start
    return _with_clock(tokens, Recurrence("MONTHLY", 1, days, tuple(dict.fromkeys(ordinals)), start=begins, end=after))


def _plural(tokens: Sequence[Token], index: int) -> Recurrence | None:
    """Parse "Tuesdays at 6pm", "dienstags, 19 Uhr"; "Fridays for Future" is a name."""
    days, after = _weekdays(tokens, index, only_plural=True)
    if not days:
        return None
    repeats = _with_clock(tokens, Recurrence("WEEKLY", 1, days, start=index, end=after))
    is_said = kind_at(tokens, index - 1) is Kind.WORD and is_word(tokens, index - 1, "on")
    if repeats.at is None and not is_said and len(tokens) > after - index:
        return None
    return repeats


def _weekdays(tokens: Sequence[Token], index: int, *, only_plural: bool = False) -> tuple[tuple[int, ...], int]:
    days: list[int] = []
    after = index
    while len(days) < 7:
        day = _weekday(tokens, index, only_plural=only_plural)
        if day is None:
            break
        days.append(day)
        after = index + 1
        index = skip(tokens, after, _LISTING, "and", most=2)
        if index == after:
            break
    return tuple(dict.fromkeys(days)), after


def _weekday(tokens: Sequence[Token], index: int, *, only_plural: bool) -> int | None:
    kind = kind_at(tokens, index)
    if kind is Kind.WEEKDAY and not only_plural:
        return tokens[index].number
    if kind is Kind.WORD and tokens[index].word.endswith("s") and len(tokens[index].word) > 5:
        return words().weekdays.get(tokens[index].word[:-1])
    return None


def _with_clock(tokens: Sequence[Token], repeats: Recurrence, after: int | None = None) -> Recurrence:
    end = repeats.end if after is None else after
    at, clock_end = read_clock_near(tokens, end)
    return replace(repeats, at=at, end=end if at is None else clock_end)
