"""Another round is another event; a changed date is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import NOW, a_listing, a_when
from tracker.lifecycle.rounds import is_another_round, names_other_edition
from tracker.models.deadline import Deadline
from tracker.models.listing import Listing
from tracker.models.moments import When


def course(title: str, start: date | None, closes: date | None = None, **changes: Any) -> Listing:
    when = a_when(start, start + timedelta(days=2)) if start else When()
    deadlines = (Deadline(at=closes, timezone="UTC"),) if closes else ()
    return a_listing(**{"title": title, "when": when, "deadlines": deadlines} | changes)


TODAY, TOMORROW = NOW.date(), NOW.date() + timedelta(days=1)
OVER, SOON, LATER = date(2026, 11, 10), date(2026, 12, 10), date(2027, 5, 10)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (course("Next meetup", OVER), course("Next meetup", SOON), True),
        (course("Next meetup", SOON), course("Next meetup", LATER), False),
        (course("Cohort 3", OVER), course("Cohort 4", SOON), True),
        (course("Cohort 3", SOON), course("Cohort 4", LATER), True),
        (course("Cohort 3", SOON), course("Cohort 4", SOON + timedelta(days=1)), False),
        (course("Forum 2026", OVER), course("Forum 2027", LATER), True),
        (course("Forum", OVER), course("Forum", OVER + timedelta(days=1)), False),
        (course("Meetup #12", TOMORROW), course("Meetup #13", TOMORROW + timedelta(days=14)), True),
        (course("Meetup", TODAY), course("Meetup", TODAY + timedelta(days=7)), True),
        (course("Meetup", TOMORROW), course("Meetup", TOMORROW + timedelta(days=7)), True),
        (course("Meetup", TOMORROW), course("Meetup", TOMORROW + timedelta(days=2)), False),
        (course("Meetup", TOMORROW), course("Meetup", TOMORROW + timedelta(days=9)), False),
        (course("Forum", OVER), course("Forum", None, LATER), True),
        (course("Call", None, OVER), course("Call", None, OVER + timedelta(days=20)), False),
        (course("Call", None, OVER), course("Call", None, LATER), True),
        (course("Call", None, OVER), course("Call", SOON), False),
        (course("NDSS 2027", None, OVER), course("NDSS 2027", OVER + timedelta(days=212), OVER), False),
        (course("Call", None, SOON), course("Call", None, LATER), False),
        (course("Drop-in", None, recurring=True), course("Drop-in", SOON), False),
    ],
    ids=["over", "moved", "cohort", "cohort, both to come", "a slip corrected", "year", "both over", "number", "on its day",
         "the day before, a week later", "the day before, put off", "the day before, put off for longer", "only a call now",
         "extended", "next call", "the call's event", "the call's event, announced late", "deadline moved", "evergreen"],
)  # fmt: skip
def test_another_round_is_told_from_a_changed_date(old: Listing, new: Listing, expected: bool) -> None:
    first_seen = datetime(2026, 9, 1, tzinfo=UTC)
    assert is_another_round(old, new, first_seen=first_seen, now=NOW) is expected


def test_what_nobody_saw_as_coming_is_corrected() -> None:
    old, new = course("Forum", date(2025, 12, 10)), course("Forum", SOON)
    assert not is_another_round(old, new, first_seen=NOW - timedelta(days=3), now=NOW)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("AI Safety Course, Cohort 3", "AI Safety Course, Cohort 4", True),
        ("Forum 2026", "Forum 2027", True),
        ("Forum 2026", "Forum", False),
        ("Safety course, Spring 2027", "Safety course, Summer 2027", True),
        ("Summer Course", "Winter Course", True),
        ("Talk: Alice", "Talk: Bob", False),
        ("Reading group #5", "Reading group #6", True),
    ],
)
def test_titles_name_other_editions_of_one_thing(one: str, other: str, expected: bool) -> None:
    assert names_other_edition(one, other) is expected
