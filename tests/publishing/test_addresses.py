"""Where exactly an event is: on its page and in what is added to a calendar, in the same words."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories import NOW, a_when, an_event, published
from tracker.models.event import Provenance
from tracker.models.place import Place
from tracker.models.vocabulary import Mode, PlacePrecision
from tracker.publishing.calendar_links import google_link, outlook_link
from tracker.publishing.map_link import map_link
from tracker.publishing.pages import EventPage, render_event_page
from tracker.publishing.phrases import address_words, format_addresses

PARIS = Place(
    raw="Conference Centre, 1 Example Street, Paris, FR", venue="Conference Centre", city="Paris", country="FR",
    latitude=48.85, longitude=2.35,
)  # fmt: skip
BERLIN = Place(raw="Berlin, Germany", city="Berlin", country="DE")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (PARIS, "Conference Centre, 1 Example Street, Paris, France"),
        (Place(raw="Town Hall, Seattle, United States", venue="Town Hall", city="Seattle", country="US"),
         "Town Hall, Seattle, United States"),
        (Place(raw="Town Hall, Seattle, Washington, USA", venue="Town Hall", city="Seattle", region="Washington",
               country="US"), "Town Hall, Seattle, United States"),
        (Place(raw="MIT, Cambridge MA", venue="MIT", city="Cambridge", country="US"),
         "MIT, Cambridge MA, United States"),
        (Place(raw="Conference Centre, Singapore, SG", venue="Conference Centre", city="Singapore", country="SG"),
         "Conference Centre, Singapore"),
        (Place(raw="Paris", venue="Maison des Sciences", city="Paris", country="FR"),
         "Maison des Sciences, Paris, France"),
        (Place(raw="LISA", venue="LISA"), "LISA"),
        (Place(raw="Room 3, Main Building", venue="Main Building"), "Room 3, Main Building"),
        (Place(venue="LISA", country="GB"), "LISA, United Kingdom"),
        (Place(raw="Bay Area, USA", venue="Bay Area", city="San Francisco", country="US",
               precision=PlacePrecision.REGION), "Bay Area, USA"),
        (BERLIN, "Berlin, Germany"),
        (Place(), ""),
    ],
)  # fmt: skip
def test_a_place_is_said_with_its_venue_and_street(place: Place, words: str) -> None:
    assert address_words(place) == words


def test_whoever_may_also_take_part_online_reads_so_after_the_address() -> None:
    event = an_event(places=(PARIS, BERLIN), mode=Mode.HYBRID_CHOICE)
    assert format_addresses(event) == ("Conference Centre, 1 Example Street, Paris, France & Berlin, Germany or online")
    assert format_addresses(an_event(mode=Mode.ONLINE)) == "Online"


def test_what_is_added_to_a_calendar_names_the_venue() -> None:
    event = an_event(places=(PARIS,), when=a_when(date(2026, 12, 3)))
    for link in (google_link(event), outlook_link(event)):
        assert parse_qs(urlsplit(link).query)["location"] == ["Conference Centre, 1 Example Street, Paris, France"]


@pytest.mark.parametrize(
    ("place", "query"),
    [(PARIS, "Conference Centre, 1 Example Street, Paris, France"), (BERLIN, "Berlin, Germany"),
     (Place(raw="a & b?c=d#e", venue="a & b?c=d#e"), "a & b?c=d#e"), (Place(country="FR"), ""), (Place(), "")],
)  # fmt: skip
def test_a_map_is_a_plain_link_to_a_search_for_the_address(place: Place, query: str) -> None:
    address = urlsplit(map_link(place))
    assert parse_qs(address.query).get("query", [""]) == [query]
    assert address.netloc == ("www.openstreetmap.org" if query else "")


def test_a_source_is_linked_where_people_can_read_it() -> None:
    """What was read may be an interface for programs."""
    known = Provenance(source="berlin", page_url="https://berlin.example/api/v1/events", fetched_at=NOW)
    page = EventPage(published(an_event(provenance={"when": known})), NOW, source_names={"berlin": "AI Safety Berlin"})
    assert [(name, who, link) for name, _, who, link, _ in page.says] == [
        ("Date", "AI Safety Berlin", "https://berlin.example/")
    ]


def test_the_page_of_an_event_says_the_address_and_links_a_map_of_each_place() -> None:
    page = render_event_page(EventPage(published(an_event(places=(PARIS,))), NOW))
    assert "<p>Conference Centre, 1 Example Street, Paris, France <a" in page
    assert ">Map</a>" in page
    two = render_event_page(EventPage(published(an_event(places=(PARIS, BERLIN))), NOW))
    assert ">Map of Paris, France</a>" in two
    assert ">Map of Berlin, Germany</a>" in two
