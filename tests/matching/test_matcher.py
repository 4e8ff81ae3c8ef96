"""Groups depend on nothing but the listings and the rulings, and rulings hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_listing, a_when
from tracker.matching import blocking
from tracker.matching.matcher import group_listings, group_profiles
from tracker.matching.profiles import read_profile
from tracker.matching.rulings import DecidedPairs
from tracker.matching.table import Table
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


@pytest.fixture(autouse=True)
def _crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blocks be split from four members on."""
    monkeypatch.setattr(blocking, "MOST_IN_BLOCK", 4)


def listed(said: dict[ListingKey, dict[str, Any]]) -> list[Listing]:
    return [a_listing(source=key[0], source_id=key[1], **values) for key, values in said.items()]


@given(st.dictionaries(st.sampled_from(KEYS), said, max_size=14))
def test_stored_profiles_give_the_same_groups(start: dict[ListingKey, dict[str, Any]]) -> None:
    table = Table(map(read_profile, listed(start)))
    assert group_profiles(Table.unpacked(table.keys, *table.packed())) == group_listings(listed(start))


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


@given(st.dictionaries(st.sampled_from(KEYS), said, max_size=14), st.randoms())
def test_the_order_of_listings_changes_nothing(start: dict[ListingKey, dict[str, Any]], shuffle: Any) -> None:
    rows = listed(start)
    expected = group_listings(rows)
    shuffle.shuffle(rows)
    assert group_listings(rows) == expected
    by_key = {each.key: each for each in rows}
    assert group_listings(by_key[key] for group in expected.groups for key in group.keys) == expected
