"""Matching what changed gives the same as matching everything anew, whatever changes in whatever order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import a_listing, a_when
from tracker.matching import blocking, candidates, matcher
from tracker.matching.matcher import group_listings, match_listings
from tracker.matching.profiles import read_profile
from tracker.matching.rulings import DecidedPairs
from tracker.models.listing import Listing, ListingKey
from tracker.models.place import Place

TITLES = [
    "Interpretability Night", "Interpretability Night Berlin", "Interp Night", "Governance Dinner", "AI Safety Meetup",
    "Meetup", "Alignment Reading Group: Scaling", "Alignment Reading Group",
]  # fmt: skip
LINKS = [
    None,
    "https://a.example/night",
    "https://a.example/",
    "https://luma.com/abcd1234",
    "https://luma.com/wxyz9876",
]
EVENING = datetime(2026, 12, 10, 18, tzinfo=UTC)
WHENS = [a_when(EVENING + timedelta(days=7 * week, minutes=30 * late)) for week in range(2) for late in range(2)]
WHENS += [a_when(date(2026, 12, 10)), a_when(date(2026, 12, 17)), Listing.model_fields["when"].default]
PLACES = [(), (Place(city="Berlin", country="DE"),), (Place(city="Paris", country="FR"),)]
KEYS = [ListingKey((source, str(number))) for source in "abcd" for number in range(4)]

said = st.fixed_dictionaries(
    {
        "title": st.sampled_from(TITLES),
        "url": st.sampled_from(LINKS),
        "when": st.sampled_from(WHENS),
        "places": st.sampled_from(PLACES),
        "organizers": st.sampled_from([(), ("AI Safety Berlin",), ("LessWrong Paris",)]),
    }
)
step = st.tuples(
    st.dictionaries(st.sampled_from(KEYS), said, max_size=3),
    st.sets(st.sampled_from(KEYS), max_size=2),
    st.none() | st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.booleans()),
)


@pytest.fixture(autouse=True)
def _crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blocks be split from four members on, and never match anew."""
    monkeypatch.setattr(blocking, "MOST_IN_BLOCK", 4)
    monkeypatch.setattr(candidates, "MOST_IN_BLOCK", 4)
    monkeypatch.setattr(matcher, "_ANEW", (1_000, 1.0))


def listed(said: dict[ListingKey, dict[str, Any]]) -> list[Listing]:
    return [a_listing(source=key[0], source_id=key[1], **values) for key, values in said.items()]


@pytest.mark.long
@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(KEYS), said, max_size=12), st.lists(step, max_size=6))
def test_a_change_gives_what_starting_anew_gives(
    start: dict[ListingKey, dict[str, Any]],
    steps: list[tuple[dict[ListingKey, dict[str, Any]], set[ListingKey], tuple[ListingKey, ListingKey, bool] | None]],
) -> None:
    there = {each.key: each for each in listed(start)}
    kept, ruled = match_listings(there.values()), DecidedPairs()
    for changes, removed, ruling in steps:
        if ruling is not None and ruling[0] < ruling[1]:
            pair = (ruling[0], ruling[1])
            ruled = DecidedPairs({pair: 1}, {}) if ruling[2] else DecidedPairs({}, {pair: 1})
        new = {each.key: each for each in listed(changes)}
        there = {key: each for key, each in there.items() if key not in removed} | new
        kept.update(map(read_profile, new.values()), removed - new.keys(), ruled)
        anew = group_listings(there.values(), ruled)
        assert kept.grouping().groups == anew.groups
        assert kept.grouping().uncertain == anew.uncertain


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(KEYS), said, max_size=14), st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_rulings_hold_against_everything(
    start: dict[ListingKey, dict[str, Any]], one: ListingKey, other: ListingKey
) -> None:
    pair = (min(one, other), max(one, other))
    if one == other or not start.keys() >= {*pair}:
        return
    for same in (True, False):
        grouping = group_listings(listed(start), DecidedPairs({pair: 1}, {}) if same else DecidedPairs({}, {pair: 1}))
        together = any({*pair} <= {*group.keys} for group in grouping.groups)
        assert together is same


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(KEYS), said, max_size=14), st.randoms())
def test_the_order_of_listings_changes_nothing(start: dict[ListingKey, dict[str, Any]], shuffle: Any) -> None:
    rows = listed(start)
    expected = group_listings(rows)
    shuffle.shuffle(rows)
    assert group_listings(rows) == expected
    by_key = {each.key: each for each in rows}
    assert group_listings(by_key[key] for group in expected.groups for key in group.keys) == expected
