"""Which of several sources of one tier is believed: origin, then what says more, then what is newer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import FETCHED, a_listing, a_source, a_when
from tracker.matching.merging import merge_listings
from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.models.vocabulary import EventType, Lifecycle, Tier

SOURCES = {
    name: a_source(id=name, name=title, homepage=f"https://{name}.example/", tier=tier)
    for name, title, tier in (
        ("berlin", "AI Safety Berlin", Tier.COMMUNITIES),
        ("munich", "AI Safety Munich", Tier.COMMUNITIES),
        ("one", "The Directory", Tier.DIRECTORIES),
        ("two", "Another Directory", Tier.DIRECTORIES),
    )
}
URL = "https://berlin.example/forum"
CANCELLED = Lifecycle.CANCELLED


def said(source: str, *, newer: int = 0, **changes: Any) -> Listing:
    """Return what a source says about the event, changed some days later."""
    fetched = FETCHED + timedelta(days=newer)
    return a_listing(**{"source": source, "url": URL, "fetched_at": fetched} | changes)


def merged(*listings: Listing, known_since: dict[str, int] | None = None) -> Event:
    first_seen = {each.key: FETCHED + timedelta(days=(known_since or {}).get(each.source, 0)) for each in listings}
    return merge_listings("id1", listings, SOURCES, first_seen)


@pytest.mark.parametrize(
    ("listings", "expected"),
    [
        ((said("berlin"), said("munich", newer=1, lifecycle=CANCELLED)), Lifecycle.SCHEDULED),
        ((said("berlin", lifecycle=CANCELLED), said("munich", newer=1)), CANCELLED),
        ((said("berlin", lifecycle=CANCELLED), said("munich", lifecycle=CANCELLED)), CANCELLED),
        ((said("one"), said("two", newer=1, lifecycle=CANCELLED)), Lifecycle.SCHEDULED),
        ((said("one", lifecycle=CANCELLED), said("two", lifecycle=CANCELLED)), CANCELLED),
        ((said("munich"), said("one", newer=1, lifecycle=CANCELLED)), Lifecycle.SCHEDULED),
        ((said("munich", lifecycle=CANCELLED, organizers=("AI Safety Munich",)), said("one", newer=1)), CANCELLED),
        ((said("berlin", lifecycle=Lifecycle.POSTPONED), said("munich", newer=1)), Lifecycle.POSTPONED),
    ],
)
def test_a_cross_post_does_not_cancel_what_the_organiser_stands_by(
    listings: tuple[Listing, ...], expected: Lifecycle
) -> None:
    event = merged(*listings)
    assert event.lifecycle is expected
    is_doubted = expected is not CANCELLED and CANCELLED in {each.lifecycle for each in listings}
    assert any(doubt.endswith("says it is cancelled") for doubt in event.doubts) == is_doubted
    assert any(each.field == "lifecycle" for each in event.disagreements) >= is_doubted


EXACT = a_when(datetime(2027, 1, 22, 9, tzinfo=UTC), datetime(2027, 1, 24, 17, tzinfo=UTC), timezone="Europe/Berlin")
DAYS = a_when(date(2027, 1, 22), date(2027, 1, 24))


@pytest.mark.parametrize(
    ("listings", "start", "end"),
    [
        ((said("one", when=EXACT), said("two", newer=3, when=a_when(date(2027, 1, 23)))), EXACT.start, EXACT.end),
        ((said("one", when=DAYS), said("two", newer=3, when=a_when(date(2027, 1, 22)))), DAYS.start, DAYS.end),
        ((said("berlin", when=a_when(date(2027, 1, 23))), said("munich", newer=3, when=EXACT)), date(2027, 1, 23), None),
        ((said("one", when=DAYS), said("two", newer=3, when=EXACT)), EXACT.start, EXACT.end),
        ((said("one", when=a_when(date(2027, 1, 22))), said("two", newer=3, when=a_when(date(2027, 1, 29)))),
         date(2027, 1, 29), None),
    ],
    ids=["another day, less exact", "no end", "own page", "more exact", "newer"],
)  # fmt: skip
def test_a_listing_that_says_less_never_replaces_one_that_says_more(
    listings: tuple[Listing, ...], start: object, end: object
) -> None:
    when = merged(*listings).when
    assert (when.start, when.end) == (start, end)


def test_of_two_that_list_it_as_their_own_the_one_that_knew_it_first_may_cancel_it() -> None:
    own = said("berlin", lifecycle=CANCELLED)
    round_up = said("munich", url="https://munich.example/e/1")
    assert merged(own, round_up, known_since={"munich": 3}).lifecycle is CANCELLED
    assert merged(own, round_up).lifecycle is Lifecycle.SCHEDULED, "known since the same day: both have to say so"


def test_who_has_known_an_event_for_longest_is_believed_before_later_copies() -> None:
    place = Place(raw="Berlin", city="Berlin", country="DE")
    first, copy = said("one", places=(place,)), said("two", newer=5, places=(Place(raw="Bonn", city="Bonn"),))
    assert merged(first, copy, known_since={"two": 2}).places == (place,)
    assert merged(first, copy).places[0].city == "Bonn", "known since the same day: the newer"


def test_a_board_that_gives_the_last_day_to_apply_as_the_date_does_not_say_when_it_starts() -> None:
    applying: dict[str, Any] = {"types": (EventType.FELLOWSHIP,), "deadlines": (Deadline(at=date(2026, 11, 9)),)}
    board = said("berlin", when=a_when(date(2026, 11, 9)), **applying)
    term = a_when(date(2027, 1, 4), date(2027, 3, 26))
    event = merged(board, said("one", when=term, **applying))
    assert event.when == term
    assert not event.doubts
    assert merged(board).when == board.when


def test_a_day_that_others_state_as_the_deadline_of_a_later_event_is_not_its_start() -> None:
    board = said("berlin", when=a_when(date(2027, 1, 20)))
    term = a_when(date(2027, 2, 5), date(2027, 2, 7))
    assert merged(board, said("one", when=term, deadlines=(Deadline(at=date(2027, 1, 20)),))).when == term
    assert merged(board, said("one", when=term)).when == board.when
