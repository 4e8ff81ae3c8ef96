"""Expects the next round of a yearly series: when applications open and close, and when it takes place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise

from tracker.forecasting.intervals import LEAST_ROUNDS, anniversary, expect_day
from tracker.models.application_status import APPLICATION_KINDS
from tracker.models.event import Event
from tracker.models.moments import day_of
from tracker.models.record import Record
from tracker.models.vocabulary import Lifecycle

_OFF = frozenset({Lifecycle.CANCELLED, Lifecycle.WITHDRAWN})
_SHORTEST_YEAR, _LONGEST_YEAR = 250, 480
"""Days between two rounds of a yearly series."""


class Milestone(StrEnum):
    """What is expected of a round."""

    OPENS = "opens"
    CLOSES = "closes"
    STARTS = "starts"


class Expectation(Record):
    """One date of the next round, as an interval."""

    milestone: Milestone
    """What happens then."""
    first: date
    """First day of the interval."""
    last: date
    """Last day of the interval."""
    rounds: int
    """Number of earlier rounds of which the date is known."""
    within: int
    """Of how many of them the day, a year or more later, lies in the interval."""


class ExpectedRound(Record):
    """The next round of a series, of which no source says anything yet."""

    year: int
    """Year in which it would take place."""
    after: str
    """Id of the last round."""
    title: str
    """Title of the last round."""
    expectations: tuple[Expectation, ...]
    """In the order in which they would happen."""

    @property
    def starts(self) -> Expectation:
        """When it takes place."""
        return next(each for each in self.expectations if each.milestone is Milestone.STARTS)


def expect_round(events: Iterable[Event], today: date) -> ExpectedRound | None:
    """Return the next round of a series, or None: no history, not yearly, known already, or overdue.

    Args:
        events: the events of one series.
        today: rounds whose interval is over are not expected any more.
    """
    known = list(events)
    rounds = yearly_rounds(known)
    if rounds is None or any(_is_announced(each, rounds, today) for each in known):
        return None
    year = max(rounds) + 1
    expected = expect_year(rounds, year)
    if expected is None or rounds[year - 1].ends_at.date() >= today or expected.starts.last < today:
        return None
    ahead = tuple(each for each in expected.expectations if each.last >= today)
    return expected.model_copy(update={"expectations": ahead})


def _is_announced(event: Event, rounds: Mapping[int, Event], today: date) -> bool:
    """Return whether an event without an exact date may be the next round."""
    if event.lifecycle in _OFF or event.recurring or any(event.id == each.id for each in rounds.values()):
        return False
    return event.when.start is None or event.when.ends_at.date() >= today


def expect_year(rounds: Mapping[int, Event], year: int) -> ExpectedRound | None:
    """Return the round of a year from those before it, whatever is known of it; None without enough history."""
    past = {of: event for of, event in rounds.items() if of < year}
    if len(past) < LEAST_ROUNDS or max(past) != year - 1:
        return None
    found = []
    for milestone, days in milestone_days(past).items():
        span = expect_day(days, year) if year - 1 in days else None
        if span:
            within = sum(span[0] <= anniversary(day, year - of) <= span[1] for of, day in days.items())
            found.append(Expectation(milestone=milestone, first=span[0], last=span[1], rounds=len(days), within=within))
    if not any(each.milestone is Milestone.STARTS for each in found):
        return None
    last = past[year - 1]
    return ExpectedRound(year=year, after=last.id, title=last.title, expectations=tuple(found))


def yearly_rounds(events: Iterable[Event]) -> dict[int, Event] | None:
    """Return the rounds of a yearly series by year; None if it is not yearly, or if a year is unclear."""
    dated = [
        (day, event)
        for event in events
        if event.lifecycle not in _OFF and event.when.is_exact_to_the_day and (day := event.when.first_day)
    ]
    dated.sort(key=lambda each: each[0])
    gaps = [(later[0] - earlier[0]).days for earlier, later in pairwise(dated)]
    if len(dated) < LEAST_ROUNDS or not all(_SHORTEST_YEAR <= gap <= _LONGEST_YEAR for gap in gaps):
        return None
    # A round that slips from December to January keeps its year: rounds are numbered by the gaps between them.
    last = dated[-1][0].year
    return {last - number: event for number, (_, event) in enumerate(reversed(dated))}


def milestone_days(rounds: Mapping[int, Event]) -> dict[Milestone, dict[int, date]]:
    """Return the days on which each milestone of each round was, by year of the round, as far as they are known."""
    days: dict[Milestone, dict[int, date]] = {each: {} for each in Milestone}
    for year, event in rounds.items():
        opens = [day_of(each.opens, each.timezone) for each in event.deadlines if each.opens]
        closes = [day for each in event.deadlines if each.kind in APPLICATION_KINDS and (day := each.day)]
        if opens:
            days[Milestone.OPENS][year] = min(opens)
        if closes:
            days[Milestone.CLOSES][year] = max(closes)
        if event.when.first_day:
            days[Milestone.STARTS][year] = event.when.first_day
    return days


_SAID = {
    Milestone.OPENS: "Applications expected to open",
    Milestone.CLOSES: "Applications expected to close",
    Milestone.STARTS: "Expected to take place",
}


def expectation_words(expected: ExpectedRound) -> Sequence[str]:
    """Return an expectation in sentences: ``Expected to take place between 5 and 20 Jul 2027, as in 4 of 5 years``."""
    return [
        f"{_SAID[each.milestone]} between {_between(each.first, each.last)}, as in {each.within} of {each.rounds} years"
        for each in expected.expectations
    ]


def _between(first: date, last: date) -> str:
    begin = f"{first.day} {first:%b}" + (f" {first.year}" if first.year != last.year else "")
    return f"{begin} and {last.day} {last:%b} {last.year}"
