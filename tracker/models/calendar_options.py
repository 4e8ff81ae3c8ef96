"""Parses the options of a calendar feed, which are not part of its selection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Self

from tracker.errors import SelectionError
from tracker.models.record import Record


class Deadlines(StrEnum):
    """Whether a calendar has entries for deadlines: beside those of events, alone, or not at all."""

    WITH = "with"
    ONLY = "only"
    NONE = "none"


class ExpectedRounds(StrEnum):
    """Whether a calendar has entries for rounds that no source has announced, but that earlier years let expect."""

    NONE = "none"
    WITH = "with"


_MOST_ALARMS = 5
Pairs = list[tuple[str, str]]


class CalendarOptions(Record):
    """``deadlines=with|only|none``, ``alarms=7d,1d`` and ``expected=with``."""

    deadlines: Deadlines = Deadlines.WITH
    """Whether deadlines have entries beside those of events, alone, or not at all."""
    alarms: tuple[timedelta, ...] = ()
    """Times of reminders before a deadline, longest first."""
    expected: ExpectedRounds = ExpectedRounds.NONE
    """Whether expected rounds have entries."""

    @classmethod
    def split(cls, pairs: Iterable[tuple[str, str]]) -> tuple[Self, Pairs]:
        """Split (name, value) pairs into calendar options and the pairs that are filters.

        Raises:
            SelectionError: a value cannot be parsed, or a name occurs twice.
        """
        given: dict[str, str] = {}
        rest: Pairs = []
        for name, value in pairs:
            if name not in cls.model_fields:
                rest.append((name, value))
            elif name in given:
                raise SelectionError(f"{name!r} takes one value, not several.")
            else:
                given[name] = value
        return cls._read(**given), rest

    @classmethod
    def _read(cls, deadlines: str = Deadlines.WITH, alarms: str = "", expected: str = ExpectedRounds.NONE) -> Self:
        if expected not in list(ExpectedRounds):
            raise SelectionError(f"expected={expected} is not known. Allowed: {', '.join(ExpectedRounds)}.")
        if deadlines not in list(Deadlines):
            raise SelectionError(f"deadlines={deadlines} is not known. Allowed: {', '.join(Deadlines)}.")
        days = {each.strip().removesuffix("d") for each in alarms.split(",")} if alarms else set()
        if len(days) > _MOST_ALARMS or not all(each.isascii() and each.isdigit() and len(each) <= 3 for each in days):
            raise SelectionError(f"alarms={alarms} cannot be read. Write up to {_MOST_ALARMS} times: alarms=7d,1d.")
        spans = sorted({timedelta(days=int(each)) for each in days}, reverse=True)
        # Without deadlines there are no alarms, and without events no expected ones: equal calendars share one URL.
        return cls(
            deadlines=Deadlines(deadlines),
            alarms=() if deadlines == Deadlines.NONE else tuple(spans),
            expected=ExpectedRounds.NONE if deadlines == Deadlines.ONLY else ExpectedRounds(expected),
        )

    def to_pairs(self) -> Pairs:
        """Return the options as (name, value) pairs, defaults left out."""
        pairs = [("deadlines", self.deadlines.value)] if self.deadlines is not Deadlines.WITH else []
        if self.alarms:
            pairs.append(("alarms", ",".join(f"{each.days}d" for each in self.alarms)))
        if self.expected is not ExpectedRounds.NONE:
            pairs.append(("expected", self.expected.value))
        return pairs
