from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.factories import a_when
from tracker.models.moments import When
from tracker.models.vocabulary import DatePrecision

EVENING = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "values",
    [
        {"start": EVENING, "precision": "day"},
        {"start": date(2026, 12, 3), "precision": "exact"},
        {"start": datetime(2026, 12, 3, 18, 0), "precision": "exact"},  # noqa: DTZ001 - that is the mistake
        {"start": date(2026, 12, 3), "end": EVENING, "precision": "day"},
        {"start": date(2026, 12, 3), "end": date(2026, 12, 2), "precision": "day"},
        {"end": date(2026, 12, 3)},
        {"precision": "month"},
        {"start": EVENING, "precision": "exact", "timezone": "Mars/Olympus"},
    ],
)
def test_a_span_that_does_not_hold_together_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        When(**values)


@pytest.mark.parametrize(
    "when",
    [
        When(),
        a_when(date(2026, 12, 3)),
        a_when(date(2026, 12, 3), date(2026, 12, 5)),
        a_when(datetime(2026, 12, 3, 0, 0, tzinfo=UTC), timezone="Europe/Berlin"),
        When(start=date(2026, 9, 1), end=date(2026, 9, 30), precision=DatePrecision.MONTH, text="early September"),
    ],
)
def test_a_span_survives_being_written_down(when: When) -> None:
    assert When.model_validate_json(when.canonical_json()) == when


def test_a_midnight_stays_an_instant() -> None:
    when = When.model_validate_json('{"start":"2026-12-03T00:00:00Z","precision":"exact"}')
    assert isinstance(when.start, datetime)


def test_days_are_those_of_the_place() -> None:
    late = a_when(datetime(2026, 12, 4, 2, 0, tzinfo=UTC), timezone="America/New_York")
    assert late.first_day == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("when", "ends_at"),
    [
        (a_when(EVENING), EVENING),
        (a_when(EVENING, datetime(2026, 12, 3, 20, 0, tzinfo=UTC)), datetime(2026, 12, 3, 20, 0, tzinfo=UTC)),
        (a_when(date(2026, 12, 3), timezone="Europe/Berlin"), datetime(2026, 12, 3, 23, 0, tzinfo=UTC)),
        (a_when(date(2026, 12, 3)), datetime(2026, 12, 4, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_day_without_a_zone_lasts_until_it_is_over_everywhere(when: When, ends_at: datetime) -> None:
    assert when.ends_at == ends_at


def test_what_has_no_date_is_never_over() -> None:
    assert When().ends_at.year == 9999
