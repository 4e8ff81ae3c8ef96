from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from tests.factories import a_when, an_event
from tracker.models.application_status import application_status, next_deadline
from tracker.models.deadline import Deadline, deadlines_contradict
from tracker.models.vocabulary import ApplicationStatus, DeadlineKind

CLOSES = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)


def test_a_day_anywhere_on_earth_is_open_until_noon_utc_of_the_next() -> None:
    event = an_event(deadlines=(Deadline(at=date(2026, 11, 16), timezone="AoE"),))
    last_second = CLOSES - timedelta(seconds=1)
    assert application_status(event, last_second) is ApplicationStatus.CLOSING_SOON
    assert application_status(event, CLOSES) is ApplicationStatus.CLOSED


@pytest.mark.parametrize(
    ("deadline", "closes_at"),
    [
        (Deadline(at=date(2026, 11, 16)), CLOSES),
        (Deadline(at=date(2026, 11, 16), timezone="Europe/Berlin"), datetime(2026, 11, 16, 23, 0, tzinfo=UTC)),
        (Deadline(at=datetime(2026, 11, 17, 11, 59, tzinfo=UTC), timezone="AoE"), CLOSES),
        (Deadline(at=datetime(2026, 11, 16, 17, 0, tzinfo=UTC)), datetime(2026, 11, 16, 17, 0, tzinfo=UTC)),
        (Deadline(rolling=True), None),
    ],
)
def test_a_deadline_closes_in_its_own_zone(deadline: Deadline, closes_at: datetime | None) -> None:
    assert deadline.closes_at == closes_at


def test_a_deadline_says_something() -> None:
    with pytest.raises(ValidationError):
        Deadline()


@pytest.mark.parametrize(
    ("deadlines", "status"),
    [
        ((), ApplicationStatus.UNKNOWN),
        ((Deadline(rolling=True),), ApplicationStatus.ROLLING),
        ((Deadline(not_yet_open=True),), ApplicationStatus.NOT_YET_OPEN),
        ((Deadline(opens=date(2026, 12, 1), at=date(2026, 12, 20)),), ApplicationStatus.NOT_YET_OPEN),
        ((Deadline(opens=date(2026, 11, 1), at=date(2026, 12, 20)),), ApplicationStatus.OPEN),
        ((Deadline(at=date(2026, 12, 20)),), ApplicationStatus.OPEN),
        ((Deadline(at=date(2026, 11, 26)),), ApplicationStatus.CLOSING_SOON),
        ((Deadline(at=date(2026, 11, 1)),), ApplicationStatus.CLOSED),
        ((Deadline(at=date(2026, 11, 1)), Deadline(at=date(2026, 12, 20))), ApplicationStatus.OPEN),
        (
            (Deadline(kind=DeadlineKind.NOTIFICATION, at=date(2026, 12, 1)),),
            ApplicationStatus.UNKNOWN,
        ),
    ],
)
def test_the_status_follows_from_the_deadlines(
    deadlines: tuple[Deadline, ...], status: ApplicationStatus, now: datetime
) -> None:
    event = an_event(deadlines=deadlines, when=a_when(date(2027, 2, 1)))
    assert application_status(event, now) is status


def test_what_is_over_has_ended(now: datetime) -> None:
    event = an_event(when=a_when(date(2026, 11, 1)), deadlines=(Deadline(rolling=True),))
    assert application_status(event, now) is ApplicationStatus.ENDED


def test_the_next_deadline_is_the_soonest_that_is_still_open(now: datetime) -> None:
    priority, final = Deadline(at=date(2026, 11, 1)), Deadline(at=date(2026, 12, 1))
    assert next_deadline(an_event(deadlines=(final, priority)), now) == final


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        (Deadline(at=date(2026, 11, 16)), Deadline(at=date(2026, 11, 16), timezone="Europe/Berlin"), False),
        (Deadline(at=date(2026, 11, 16)), Deadline(at=datetime(2026, 11, 16, 16, tzinfo=UTC), timezone="UTC"), False),
        (Deadline(at=date(2026, 11, 16)), Deadline(at=date(2026, 11, 17), timezone="Europe/Berlin"), True),
        (
            Deadline(at=date(2026, 11, 16), timezone="Asia/Tokyo"),
            Deadline(at=date(2026, 11, 16), timezone="Europe/Berlin"),
            True,
        ),
        (Deadline(at=date(2026, 11, 16)), Deadline(at=date(2026, 11, 20), kind=DeadlineKind.ABSTRACT), False),
        (Deadline(at=date(2026, 11, 16)), Deadline(rolling=True), False),
    ],
)
def test_a_day_whose_zone_nobody_states_contradicts_no_moment_of_that_day(
    one: Deadline, other: Deadline, contradict: bool
) -> None:
    assert deadlines_contradict((one,), (other,)) is contradict
    assert deadlines_contradict((other,), (one,)) is contradict
