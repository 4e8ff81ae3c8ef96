"""What a source showed before stays one event with what other sources still say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import NOW, a_listing, a_when
from tracker.matching.entry_states import EntryStates
from tracker.matching.matcher import group_profiles
from tracker.matching.profiles import read_profile
from tracker.matching.table import Table
from tracker.models.listing import Listing
from tracker.models.place import Place

DAY = timedelta(days=1)
BERLIN = (Place(raw="Berlin", city="Berlin", country="DE"),)


def night(source: str, day: date | datetime, **changes: Any) -> Listing:
    values = {"source": source, "title": "Interpretability Night", "url": None, "places": BERLIN, "when": a_when(day)}
    return a_listing(**values | changes)


def groups(*listings: Listing, states: EntryStates) -> list[int]:
    """Return the sizes of the groups."""
    grouping = group_profiles(Table(map(read_profile, listings), states))
    return sorted(len(each.keys) for each in grouping.groups)


OLD, NEW = date(2026, 12, 10), date(2026, 12, 16)
EVENING = datetime(2026, 12, 10, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moved_from", "said", "sizes"),
    [
        (OLD, OLD, [2]),
        (EVENING, EVENING, [2]),
        (EVENING, OLD, [2]),
        (None, OLD, [1, 1]),
        (date(2026, 12, 3), OLD, [1, 1]),
    ],
)
def test_a_copy_that_still_says_the_old_date_stays_with_what_has_moved(
    moved_from: date | datetime | None, said: date | datetime, sizes: list[int]
) -> None:
    own, copy = night("berlin", NEW), night("directory", said)
    states = EntryStates(moved_from={own.key: moved_from} if moved_from else {})
    assert groups(own, copy, states=states) == sizes


def test_an_entry_that_is_gone_does_not_stand_against_its_successor() -> None:
    house = (Place(raw="Betahaus, Berlin", venue="Betahaus", city="Berlin", country="DE"),)
    gone, made_anew = night("berlin", EVENING), night("berlin", EVENING, source_id="evt-2", places=house)
    assert groups(gone, made_anew, states=EntryStates()) == [1, 1]
    later = EntryStates({gone.key: NOW}, {gone.key: NOW - DAY, made_anew.key: NOW + DAY})
    assert groups(gone, made_anew, states=later) == [2]
    beside = EntryStates({gone.key: NOW}, {gone.key: NOW - DAY, made_anew.key: NOW - DAY})
    assert groups(gone, made_anew, states=beside) == [1, 1], "both were shown at once: two sittings"
    other = night("berlin", EVENING, source_id="evt-3", title="Career evening")
    assert groups(gone, other, states=EntryStates({gone.key: NOW}, {other.key: NOW + DAY})) == [1, 1]


def test_a_copy_that_still_says_the_old_place_stays_with_what_was_relocated() -> None:
    own, copy = (
        night("berlin", EVENING, places=(Place(raw="Bonn", city="Bonn", country="DE"),)),
        night("forum", EVENING),
    )
    event_of = {own.key: "k3v9q2m8xa01", copy.key: "k3v9q2m8xa01"}
    assert groups(own, copy, states=EntryStates()) == [1, 1]
    assert groups(own, copy, states=EntryStates(relocated={own.key}, event_of=event_of)) == [2]
    assert groups(own, copy, states=EntryStates(relocated={own.key})) == [1, 1], "they never were one event"
    assert groups(own, copy, states=EntryStates(event_of=event_of)) == [1, 1], "nothing was relocated"


def test_two_copies_that_were_relocated_together_stay_one_event() -> None:
    own, copy = night("berlin", EVENING), night("forum", OLD)
    event_of = {own.key: "k3v9q2m8xa01", copy.key: "k3v9q2m8xa01"}
    relocated = {own.key, copy.key}
    assert groups(own, copy, states=EntryStates(relocated=relocated, event_of=event_of)) == [2]
