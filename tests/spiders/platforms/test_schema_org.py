from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.platforms import schema_org
from tests.factories import FETCHED
from tracker.errors import UnreadablePageError
from tracker.sources.platform import Page, PageContent

URL = "https://shop.example/events"
OPTIONS = schema_org.Options(page_urls=(URL,))
EVENT: dict[str, Any] = {"@type": "Event", "name": "Talk", "startDate": "2026-12-03T19:00:00+0100"}


def read(body: str | bytes, content_type: str = "text/html") -> PageContent:
    raw = body.encode() if isinstance(body, str) else body
    return schema_org.read(Page("shop", URL, raw, FETCHED, content_type), OPTIONS)


def page(*scripts: Any) -> str:
    texts = (script if isinstance(script, str) else json.dumps(script) for script in scripts)
    return "<html><body>" + "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)


@pytest.mark.parametrize(
    "data",
    [
        EVENT,
        [EVENT],
        {"@graph": [{"@type": "WebSite"}, EVENT]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": EVENT}]},
        {"@type": "ItemList", "itemListElement": [EVENT]},
        {"@type": "WebPage", "mainEntity": EVENT},
        {"@type": "Place", "event": [EVENT]},
        {**EVENT, "@type": ["Event", "EducationEvent"]},
        {**EVENT, "@type": "http://schema.org/MusicEvent"},
    ],
)
def test_an_event_is_found_however_nested(data: Any) -> None:
    assert [each.title for each in read(page(data)).listings] == ["Talk"]


@pytest.mark.parametrize(
    "script",
    [
        "",
        "not json",
        "<!-- " + json.dumps(EVENT) + " -->",
        json.dumps(EVENT) + ";",
        '{"@type": "Event", "name": "Ta\nlk", "startDate": "2026-12-03"}',
        '{"@type": "Organization"}',
        "[" * 100_000,
    ],
)
def test_a_broken_script_costs_its_neighbours_nothing(script: str) -> None:
    assert "Other" in [each.title for each in read(page(script, {**EVENT, "name": "Other"})).listings]


def test_an_event_says_what_schema_org_lets_it_say() -> None:
    event = EVENT | {
        "@id": "e1",
        "url": "/e/1",
        "endDate": "2026-12-03T21:00:00+0100",
        "description": "<p>Doors</p>",
        "eventStatus": "https://schema.org/EventPostponed",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Hall",
            "address": {"addressLocality": "Paris", "addressCountry": {"name": "FR"}},
            "geo": {"latitude": 48.85, "longitude": 2.35},
        },
        "offers": [{"price": 12.5, "priceCurrency": "EUR"}],
        "organizer": {"name": "Us"},
        "inLanguage": "fr-FR",
    }
    (listing,) = read(page(event)).listings
    assert (listing.source_id, listing.url) == ("e1", "/e/1")
    assert (listing.places[0].venue, listing.places[0].city, listing.places[0].country) == ("Hall", "Paris", "FR")
    assert (listing.price, listing.currency, listing.organizers) == ("12.5", "EUR", ("Us",))
    assert listing.languages == ("fr",)
    assert listing.status.endswith("EventPostponed")


@pytest.mark.parametrize(
    ("location", "text", "venue"),
    [
        ({"@type": "VirtualLocation", "url": "https://zoom.example/1"}, "Online", ""),
        ("Berlin, Germany", "Berlin, Germany", ""),
        ({"@type": "Place", "name": "Hall", "address": "1 Street, Berlin"}, "", "Hall"),
    ],
)
def test_a_location_comes_in_many_shapes(location: Any, text: str, venue: str) -> None:
    (listing,) = read(page(EVENT | {"location": location})).listings
    assert (listing.places[0].text, listing.places[0].venue) == (text, venue)


def test_microdata_is_read_like_json_ld() -> None:
    body = """<div itemscope itemtype="https://schema.org/EducationEvent">
      <span itemprop="name">Talk</span><time itemprop="startDate" datetime="2026-12-03T19:00">3 Dec</time>
      <a itemprop="url" href="/e/1">more</a>
      <div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Hall</span></div>
    </div>"""
    (listing,) = read(body).listings
    assert (listing.title, listing.starts, listing.types) == ("Talk", "2026-12-03T19:00", ("EducationEvent",))
    assert listing.places[0].venue == "Hall"


def test_the_same_event_in_both_is_one_listing() -> None:
    microdata = """<div itemscope itemtype="https://schema.org/Event"><b itemprop="name">Talk</b>
      <time itemprop="startDate" datetime="2026-12-03T19:00">3 Dec</time></div>"""
    assert len(read(page(EVENT) + microdata).listings) == 1


def test_the_same_title_in_two_cities_on_one_day_is_two_events() -> None:
    cities = [EVENT | {"location": f"{city}", "url": "/events"} for city in ("Berlin, Germany", "London, UK")]
    listings = read(page(*cities)).listings
    assert len(listings) == len({each.source_id for each in listings}) == 2


def test_events_that_share_an_address_keep_their_own_ids() -> None:
    events = [EVENT | {"name": f"Talk {n}", "url": "https://a.example/events"} for n in range(4)]
    assert len({each.source_id for each in read(page(*events)).listings}) == 4


def test_several_dates_in_one_node_are_several_listings() -> None:
    listings = read(page(EVENT | {"startDate": ["2026-12-03T19:00", "2026-12-04T19:00"]})).listings
    assert [each.starts for each in listings] == ["2026-12-03T19:00", "2026-12-04T19:00"]
    assert len({each.source_id for each in listings}) == 2


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (page(EVENT | {"name": "Café"}).encode("latin-1"), "text/html; charset=latin-1"),
        (b'<meta charset="iso-8859-1">' + page(EVENT | {"name": "Café"}).encode("latin-1"), ""),
        (page(EVENT | {"name": "Café"}).encode(), "text/html; charset=nonsense"),
        (b'<?xml version="1.0" encoding="utf-8"?>' + page(EVENT | {"name": "Café"}).encode(), ""),
    ],
)
def test_the_charset_is_found(body: bytes, content_type: str) -> None:
    unescaped = body.replace(
        b"Caf\\u00e9", "Café".encode("latin-1" if b"8859" in body or "latin" in content_type else "utf-8")
    )
    assert read(unescaped, content_type).listings[0].title == "Café"


def test_a_page_without_events_is_no_error() -> None:
    assert read("<html><body>Soon!</body></html>").listings == []


def test_an_empty_answer_is_named() -> None:
    with pytest.raises(UnreadablePageError) as caught:
        read("  ")
    assert caught.value.diagnosis == "empty_answer"


@pytest.mark.parametrize("value", [None, 5, {"x": 1}, [None], [[["deep"]]], True, "  "])
@pytest.mark.parametrize("field", ["name", "startDate", "location", "offers", "url", "organizer", "eventStatus"])
def test_a_field_of_the_wrong_shape_makes_nothing_fail(field: str, value: Any) -> None:
    content = read(page(EVENT | {field: value}, EVENT | {"name": "Neighbour"}))
    assert "Neighbour" in [each.title for each in content.listings]


@given(st.binary(max_size=500))
def test_no_bytes_make_reading_fail_otherwise(body: bytes) -> None:
    try:
        assert isinstance(read(body), PageContent)
    except UnreadablePageError as error:
        assert error.diagnosis in {"empty_answer", "not_a_web_page", "bot_wall", "sign_in_page"}
