"""How long one has: hours where a zone is stated, days to the written day where none is, and never later than meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.models.closing import earliest_closing, time_left
from tracker.models.deadline import Deadline
from tracker.models.vocabulary import ZoneSource

DAY = date(2026, 12, 3)
STATED = Deadline(at=DAY, timezone="Europe/Berlin", timezone_source=ZoneSource.STATED)
ASSUMED = Deadline(at=DAY, timezone="AoE", timezone_source=ZoneSource.ASSUMED)
BARE = Deadline(at=DAY)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
CLOCK = Deadline(
    at=datetime(2026, 12, 4, 11, 59, tzinfo=UTC), timezone="AoE", timezone_source=ZoneSource.ASSUMED
)  # 23:59 as written, and nothing else
MIDNIGHT = Deadline(
    at=datetime(2026, 12, 3, 23, 0, tzinfo=UTC), timezone="Europe/Berlin", timezone_source=ZoneSource.STATED
)


@pytest.mark.parametrize(
    ("deadline", "stated", "day", "earliest"),
    [
        (STATED, True, DAY, datetime(2026, 12, 3, 23, tzinfo=UTC)),
        (ASSUMED, False, DAY, datetime(2026, 12, 3, 10, tzinfo=UTC)),
        (BARE, False, DAY, datetime(2026, 12, 3, 10, tzinfo=UTC)),
        (CLOCK, False, DAY, datetime(2026, 12, 3, 10, tzinfo=UTC)),
        (MIDNIGHT, True, DAY, datetime(2026, 12, 3, 23, tzinfo=UTC)),
        (Deadline(rolling=True), True, None, None),
    ],
)
def test_what_is_not_stated_is_read_as_the_earliest(
    deadline: Deadline, stated: bool, day: date | None, earliest: datetime | None
) -> None:
    assert (not deadline.zone_is_assumed, deadline.day, earliest_closing(deadline)) == (stated, day, earliest)


@pytest.mark.parametrize(
    ("deadline", "after", "words"),
    [
        (STATED, timedelta(), "closes in 59 hours"),
        (STATED, -timedelta(days=8), "closes in 10 days"),
        (STATED, timedelta(hours=58), "closes in 1 hour"),
        (STATED, timedelta(hours=58, minutes=30), "closes within the hour"),
        (STATED, timedelta(hours=60), "closed"),
        (ASSUMED, timedelta(), "closes in 2 days"),
        (ASSUMED, timedelta(days=1), "closes tomorrow"),
        (ASSUMED, timedelta(days=2), "closes today"),
        (ASSUMED, timedelta(days=2, hours=13), "may have closed"),
        (Deadline(rolling=True), timedelta(), ""),
    ],
)
def test_the_time_that_is_left(deadline: Deadline, after: timedelta, words: str) -> None:
    assert time_left(deadline, NOON + after) == words
