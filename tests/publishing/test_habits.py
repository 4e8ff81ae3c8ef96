from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import a_when, an_event
from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.moments import When
from tracker.publishing.series_patterns import series_patterns


def yearly(*days: date, closes: int = 60) -> list[Event]:
    return [
        an_event(when=a_when(day), deadlines=(Deadline(at=day - timedelta(days=closes)),)) for day in days
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([an_event(when=a_when(date(2026, 12, 2) + timedelta(days=7 * week))) for week in range(4)], ["Usually every 7 days"]),
        (yearly(date(2025, 6, 2), date(2026, 6, 8)), ["Usually starts in June", "Applications usually close in April"]),
        (yearly(date(2024, 6, 30), date(2025, 6, 2), date(2026, 9, 8)), ["Usually starts in June"]),
        (yearly(date(2026, 6, 8)), []),
        (yearly(date(2025, 2, 2), date(2026, 6, 8)), []),
        ([an_event(when=a_when(date(2026, 12, day))) for day in (1, 2, 27)], []),
        ([an_event(when=When()), an_event(when=When())], []),
    ],
    ids=["weekly", "each June", "mostly June", "once", "another month", "no rhythm", "no dates"],
)  # fmt: skip
def test_habits_are_told_where_there_are_any(events: list[Event], said: list[str]) -> None:
    assert series_patterns(events) == said


def test_the_month_in_which_applications_open_is_told() -> None:
    events = [
        an_event(when=a_when(date(year, 6, 1)), deadlines=(Deadline(opens=date(year - 1, 10, 5), at=date(year, 1, year % 3 + 1)),))
        for year in (2025, 2026)
    ]  # fmt: skip
    assert "Applications usually open in October" in series_patterns(events)
