"""When the next round of a yearly series is expected: the interval, what it rests on, and when nothing is said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_when, an_event
from tracker.forecasting.intervals import anniversary, expect_day
from tracker.forecasting.rounds import expect_round, expect_year, expectation_words, yearly_rounds
from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.moments import When
from tracker.models.vocabulary import DatePrecision, Lifecycle

TODAY = date(2026, 11, 23)


def camp(year: int, month: int = 7, day: int = 10, **changes: Any) -> Event:
    closes = Deadline(at=date(year, 2, day), timezone="AoE")
    values: dict[str, Any] = {"id": f"camp{year}", "title": f"Camp {year}", "deadlines": (closes,)}
    return an_event(
        **values | {"when": a_when(date(year, month, day), date(year, month, day) + timedelta(days=4))} | changes
    )


STEADY = [camp(2023, day=10), camp(2024, day=8), camp(2025, day=14), camp(2026, day=12)]


def test_an_interval_and_what_it_rests_on_are_said() -> None:
    expected = expect_round(STEADY, TODAY)
    assert expected is not None
    assert (expected.year, expected.after) == (2027, "camp2026")
    assert expectation_words(expected) == [
        "Applications expected to close between 30 Jan and 25 Feb 2027, as in 4 of 4 years",
        "Expected to take place between 29 Jun and 25 Jul 2027, as in 4 of 4 years",
    ]


@pytest.mark.parametrize(
    ("events", "why"),
    [
        (STEADY[2:], "two rounds are no history"),
        ([*STEADY[:3], camp(2026, month=12, day=1)], "the last round is still to come"),
        ([STEADY[0], STEADY[1], STEADY[3]], "a year was left out"),
        ([*STEADY, camp(2026, month=10, id="autumn")], "twice a year"),
        ([*STEADY, camp(2027)], "the next round is announced"),
        ([*STEADY, camp(2027, when=When(start=date(2027, 7, 1), precision=DatePrecision.MONTH))], "announced by month"),
        ([*STEADY, camp(2027, when=When())], "announced without a date"),
        ([each.model_copy(update={"lifecycle": Lifecycle.CANCELLED}) for each in STEADY], "none took place"),
    ],
)
def test_nothing_is_said_without_reason(events: list[Event], why: str) -> None:
    assert expect_round(events, TODAY) is None, why


def test_what_is_overdue_is_not_expected_any_more() -> None:
    assert expect_round(STEADY, date(2027, 7, 25)) is not None
    assert expect_round(STEADY, date(2027, 7, 26)) is None


def test_what_has_passed_of_a_round_is_left_out() -> None:
    expected = expect_round(STEADY, date(2027, 3, 1))
    assert expected is not None
    assert [each.milestone.value for each in expected.expectations] == ["starts"]


def test_a_round_that_slips_into_january_keeps_its_year() -> None:
    events = [camp(2022, 12, 10), camp(2023, 12, 20), camp(2025, 1, 5), camp(2025, 12, 15)]
    rounds = yearly_rounds(events)
    assert rounds is not None
    assert sorted(rounds) == [2022, 2023, 2024, 2025]
    assert rounds[2024].when.first_day == date(2025, 1, 5)


def test_a_past_round_is_expected_from_those_before_it_alone() -> None:
    rounds = yearly_rounds(STEADY)
    assert rounds is not None
    assert expect_year(rounds, 2025) is None
    assert expect_year(rounds, 2026) == expect_year({**rounds, 2026: camp(2026, month=9)}, 2026)


def test_irregular_dates_widen_the_interval_and_a_leap_day_has_an_anniversary() -> None:
    steady = expect_day({2023: date(2023, 3, 10), 2024: date(2024, 3, 10), 2025: date(2025, 3, 10)}, 2026)
    loose = expect_day({2023: date(2023, 2, 10), 2024: date(2024, 3, 10), 2025: date(2025, 4, 10)}, 2026)
    assert steady is not None
    assert loose is not None
    assert (steady[1] - steady[0]).days < (loose[1] - loose[0]).days
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 2, 28)


@given(st.lists(st.integers(-60, 60), min_size=3, max_size=10))
def test_an_interval_holds_its_center_and_grows_with_nothing_but_the_spread(offsets: list[int]) -> None:
    days = {2015 + n: date(2015 + n, 6, 15) + timedelta(days=each) for n, each in enumerate(offsets)}
    span = expect_day(days, 2015 + len(offsets))
    assert span is not None
    assert 14 <= (span[1] - span[0]).days <= 300
    shifted = {of: day + timedelta(days=7) for of, day in days.items()}
    later = expect_day(shifted, 2015 + len(offsets))
    assert later is not None
    assert abs((later[0] - span[0]).days - 7) <= 1
