from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import SelectionError
from tracker.models.raw_listing import RawPlace
from tracker.reading.places import country_name, read_country, read_places
from tracker.reading.places.fields import locate_place

Found = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("text", "found", "online"),
    [
        ("Berkeley, USA", [("Berkeley", "US")], False),
        ("Berkeley, USA & London, UK", [("Berkeley", "US"), ("London", "GB")], False),
        ("Online & Berkeley, USA", [("Berkeley", "US")], True),
        ("Online", [], True),
        ("Zoom", [], True),
        ("Bay Area, USA", [("San Francisco", "US")], False),
        ("Berkeley, CA", [("Berkeley", "US")], False),
        ("Cambridge, MA", [("Cambridge", "US")], False),
        ("Cambridge, UK", [("Cambridge", "GB")], False),
        ("Boston, MA, USA", [("Boston", "US")], False),
        ("Washington, D.C., USA", [("Washington", "US")], False),
        ("Trajan House, Oxford OX2 0DJ", [("Oxford", "GB")], False),
        ("Lighthaven, 2740 Telegraph Ave, Berkeley, CA 94705", [("Berkeley", "US")], False),
        ("Zurich, Switzerland", [("Zürich", "CH")], False),
        ("München", [("Munich", "DE")], False),
        ("Singapore", [("Singapore", "SG")], False),
        ("Banff, Canada", [("Banff", "CA")], False),
        ("Germany", [("", "DE")], False),
        ("#_LOCATIONNAME, #_LOCATIONTOWN", [], False),
        ("https://luma.com/x", [], True),
        ("TBA", [], False),
        ("Reading group", [("", "")], False),
    ],
)
def test_a_place_as_written_is_found(text: str, found: Found, online: bool) -> None:
    where = read_places([RawPlace(text=text)]).value
    assert [(place.city, place.country) for place in where.places] == found
    assert where.says_online is online


def test_a_place_in_parts_keeps_its_venue() -> None:
    raw = RawPlace(venue="Folklore Hoxton", street="186 Hackney Rd, London E2 7QL, UK")
    (place,) = read_places([raw]).value.places
    assert (place.venue, place.city, place.timezone) == ("Folklore Hoxton", "London", "Europe/London")


def test_a_city_that_we_do_not_know_is_taken_from_its_own_field() -> None:
    raw = RawPlace(venue="Hall", city="Cenon", country="France", latitude="44.85", longitude="-0.53")
    (place,) = read_places([raw]).value.places
    assert (place.city, place.country, place.latitude) == ("Cenon", "FR", 44.85)


def test_zero_zero_is_no_place() -> None:
    (place,) = read_places([RawPlace(text="Hall", latitude="0", longitude="0")]).value.places
    assert place.latitude is None


@pytest.mark.parametrize(("word", "code"), [("UK", "GB"), ("South Korea", "KR"), ("de", "DE"), ("Narnia", "")])
def test_a_country_is_found_by_name_or_code(word: str, code: str) -> None:
    assert read_country(word) == code


def test_a_country_has_an_english_name() -> None:
    assert (country_name("GB"), country_name("XX")) == ("United Kingdom", "XX")


@given(st.text(max_size=200))
def test_no_text_makes_reading_fail(text: str) -> None:
    read_places([RawPlace(text=text), RawPlace(venue=text, city=text, country=text, latitude=text, longitude=text)])


@pytest.mark.parametrize("venue", ["Zoom", "Online via Zoom"])
def test_a_venue_may_be_online(venue: str) -> None:
    where = read_places([RawPlace(venue=venue)]).value
    assert (where.places, where.says_online) == ((), True)


@pytest.mark.parametrize("text", ["TBA", "to be announced", "", "#_LOCATIONNAME"])
def test_words_for_nowhere_in_a_field_are_no_place(text: str) -> None:
    assert read_places([RawPlace(venue=text)]).value.places == ()


@pytest.mark.parametrize(
    ("near", "latitude", "longitude"),
    [("California", 35, -119), ("ontario", 44, -79), ("Scotland", 56, -4), ("Bay Area", 38, -122), ("Berlin", 53, 13)],
)
def test_a_state_is_found_before_a_town_of_its_name(near: str, latitude: int, longitude: int) -> None:
    found = locate_place(near)
    assert found is not None
    assert (round(found[0]), round(found[1])) == (latitude, longitude)


@pytest.mark.parametrize("near", ["Germany", "Georgia", "Qwxyz"])
def test_nothing_is_near_a_whole_country_or_what_may_be_two(near: str) -> None:
    with pytest.raises(SelectionError, match="is no place we know"):
        locate_place(near)
