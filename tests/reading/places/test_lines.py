from __future__ import annotations

from pathlib import Path

import pytest

from tracker.models.raw_listing import RawPlace
from tracker.models.vocabulary import PlacePrecision
from tracker.reading.places import read_places
from tracker.reading.places.lines import read_line
from tracker.reading.places.prose import find_places

DATA = Path(__file__).parent.parent / "data"
TRAPS = (DATA / "place_traps.txt").read_text("utf-8").splitlines()


def test_what_names_no_place_is_no_place() -> None:
    found = {text: read_line(text, keeps_unknown=False).places + find_places(text).places for text in TRAPS}
    assert {text: places for text, places in found.items() if places} == {}


def test_the_trap_list_is_long_enough_to_mean_something() -> None:
    assert len(set(TRAPS)) >= 100


@pytest.mark.parametrize(
    ("text", "cities", "zone"),
    [
        ("London, Ontario", ["London CA"], "America/Toronto"),
        ("Cambridge and London, UK", ["Cambridge GB", "London GB"], "Europe/London"),
        ("Harvard University, Cambridge", ["Cambridge US"], "America/New_York"),
        ("Stockholm/Copenhagen", ["Stockholm SE", "Copenhagen DK"], "Europe/Stockholm"),
        ("Tbilisi, Georgia", ["Tbilisi GE"], "Asia/Tbilisi"),
        ("Atlanta, Georgia", ["Atlanta US"], "America/New_York"),
        ("Toronto, CA", ["Toronto CA"], "America/Toronto"),
        ("San Diego, CA", ["San Diego US"], "America/Los_Angeles"),
        ("Den Haag", ["The Hague NL"], "Europe/Amsterdam"),
        ("東京", ["Tokyo JP"], "Asia/Tokyo"),
        ("Bay Area, California", ["San Francisco US"], "America/Los_Angeles"),
        ("Mox in San Francisco", ["San Francisco US"], "America/Los_Angeles"),
        ("ETH Zürich (Switzerland)", ["Zürich CH"], "Europe/Zurich"),
        ("20146 Hamburg", ["Hamburg DE"], "Europe/Berlin"),
        ("Reading, UK", ["Reading GB"], "Europe/London"),
        ("Lighthaven, second floor", ["Berkeley US"], "America/Los_Angeles"),
        ("Valencia", ["Valencia ES"], "Europe/Madrid"),
        ("Berlin, London, Paris", ["Berlin DE", "London GB", "Paris FR"], "Europe/Berlin"),
        ("Harvard Law School, Cambridge", ["Cambridge US"], "America/New_York"),
        ("Harvard Law School, second floor", ["Cambridge US"], "America/New_York"),
        ("Portland, Maine", ["Portland US"], "America/New_York"),
        ("Manchester, New Hampshire", ["Manchester US"], "America/New_York"),
        ("St Andrews, Scotland", ["Saint Andrews GB"], "Europe/London"),
        ("Perth, WA", ["Perth AU"], "Australia/Perth"),
        ("Near Oxford, UK", ["Oxford GB"], "Europe/London"),
        ("Praha 2", ["Prague CZ"], "Europe/Prague"),
        ("東京都渋谷区道玄坂1-2-3", ["Tokyo JP"], "Asia/Tokyo"),
        ("Den Haag, Nederland", ["The Hague NL"], "Europe/Amsterdam"),
        ("Venue TBA in Berlin", ["Berlin DE"], "Europe/Berlin"),
        ("St. Julians, Malta", ["St. Julian's MT"], "Europe/Malta"),
    ],
)
def test_a_line_names_its_cities(text: str, cities: list[str], zone: str) -> None:
    places = read_line(text).places
    assert [f"{place.city} {place.country}" for place in places] == cities
    assert places[0].timezone == zone
    assert places[0].latitude is not None


@pytest.mark.parametrize(
    ("text", "country", "region", "precision"),
    [
        ("Somewhere in France", "FR", "", PlacePrecision.COUNTRY),
        ("Georgia (country)", "GE", "", PlacePrecision.COUNTRY),
        ("Texas, USA", "US", "Texas", PlacePrecision.REGION),
        ("Ontario", "CA", "Ontario", PlacePrecision.REGION),
        ("Bavaria, Germany", "DE", "", PlacePrecision.COUNTRY),
        ("Mexico", "MX", "", PlacePrecision.COUNTRY),
        ("The old Hall, Texas", "US", "Texas", PlacePrecision.REGION),
        ("Room 5, Building 7, Germany", "DE", "", PlacePrecision.COUNTRY),
        ("New England", "US", "New England", PlacePrecision.REGION),
    ],
)
def test_what_is_larger_than_a_city_is_not_called_one(
    text: str, country: str, region: str, precision: PlacePrecision
) -> None:
    (place,) = read_line(text).places
    assert (place.city, place.country, place.region, place.precision) == ("", country, region, precision)


def test_a_town_that_no_list_knows_is_kept_in_its_country() -> None:
    (place,) = read_line("Bangaluru, India").places
    assert (place.city, place.country, place.latitude) == ("Bangaluru", "IN", None)


def test_georgia_alone_may_be_the_country_or_the_state() -> None:
    assert read_line("Georgia", keeps_unknown=False).places == ()
    assert read_line("somewhere in Georgia", keeps_unknown=False).places[0].country in {"GE", "US"}


@pytest.mark.parametrize(
    ("text", "online", "in_person", "cities"),
    [
        ("Online (Zoom)", True, False, []),
        ("https://zoom.us/j/123", True, False, []),
        ("Global", True, False, []),
        ("Worldwide / online", True, False, []),
        ("London & Remote", True, False, ["London"]),
        ("In-person in Berlin or remote", True, True, ["Berlin"]),
        ("Hybrid: London and online", True, True, ["London"]),
        ("Europe", False, False, []),
        ("TBA", False, False, []),
    ],
)
def test_words_for_taking_part_are_no_places(text: str, online: bool, in_person: bool, cities: list[str]) -> None:
    where = read_line(text)
    assert (where.says_online, where.says_in_person) == (online, in_person)
    assert [place.city for place in where.places] == cities


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        (
            "The program will run for 10 weeks in Berkeley, CA and London, UK from September 28th.",
            ["Berkeley", "London"],
        ),
        ("Fellows will join in person at our Oxford office.", ["Oxford"]),
        ("Location Washington, D.C., or Remote", ["Washington"]),
        ("Bootcamp · Berkeley, USA & London, UK · 4 weeks · Starts 4 Jan 2027", ["Berkeley", "London"]),
        ("held at the International Conference Hall in Odaiba, Tokyo, over two days", ["Tokyo"]),
        ("A hub is available at the London Initiative for Safe AI (LISA).", ["London"]),
        ("We thank the Oxford Martin School and Cambridge University Press for their help with this.", []),
        ("In Berlin we meet every week, and in London once a month, for a whole evening.", ["Berlin", "London"]),
        ("Dr Smith received her PhD from the University of Toronto and worked in New York before that.", []),
        ("The retreat takes place in New England; the week after we all meet in New England once more.", [""]),
        ("It happens at Trinity College, Cambridge, over the course of a whole week in the spring.", ["Cambridge"]),
        ("Applications are due anywhere on Earth, and everybody is welcome to read them.", []),
    ],
)
def test_running_text_names_a_place_where_something_is(text: str, cities: list[str]) -> None:
    assert [place.city for place in find_places(text).places] == cities


@pytest.mark.parametrize("text", ["Global", "https://zoom.us/j/123", "Online (Zoom)"])
def test_a_short_text_that_only_says_online_is_online(text: str) -> None:
    where = find_places(text)
    assert (where.places, where.says_online) == ((), True)


def test_an_area_is_found_under_its_city_and_shown_as_itself() -> None:
    (place,) = read_line("Bay Area, USA").places
    assert (place.city, place.label, place.is_around_city) == ("San Francisco", "Bay Area, USA", True)


NINE = ["Berlin", "Paris", "London", "Rome", "Madrid", "Vienna", "Prague", "Warsaw", "Lisbon"]
LISTS = {
    "and": f"Meetups in {', '.join(NINE[:-1])} and Lisbon",
    "commas": ", ".join(NINE),
    "after a colon": f"Meetups: {', '.join(NINE)}",
    "ampersands": " & ".join(NINE),
    "lines": "\n".join(NINE),
    "hundreds of lines": "\n".join(NINE * 40),
    "hundreds after commas": ", ".join(NINE * 40),
    "hundreds after ampersands": " & ".join(NINE * 40),
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_a_list_of_cities_is_all_of_them_and_not_one(text: str) -> None:
    assert [place.city for place in read_places([RawPlace(text=text)]).value.places] == NINE


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Meetups in Berlin, Paris and Rome", ["Berlin", "Paris", "Rome"]),
        ("San Francisco, Berkeley, London and Paris", ["San Francisco", "Berkeley", "London", "Paris"]),
        ("Events across Berlin, Munich, Hamburg, Cologne, Germany", ["Berlin", "Munich", "Hamburg", "Cologne"]),
        ("Cafe in Victoria, London", ["London"]),
        ("Meetups in Paris, Texas, USA", ["Paris"]),
        ("Trajan House, Oxford & Mox, San Francisco & Tor 1, Berlin", ["Oxford", "San Francisco", "Berlin"]),
    ],
)
def test_words_around_a_list_are_told_from_an_address(text: str, cities: list[str]) -> None:
    assert [place.city for place in read_line(text).places] == cities


def test_the_places_of_one_listing_are_bounded() -> None:
    many = [RawPlace(text=f"Hall {number}, Berlin") for number in range(100_000)]
    assert len(read_places(many).value.places) == 50
