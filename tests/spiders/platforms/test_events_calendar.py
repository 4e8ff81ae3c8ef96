from __future__ import annotations

import json
from typing import Any

import pytest

from spiders.platforms import events_calendar
from tests.factories import FETCHED, a_source
from tracker.models.listing import Listing
from tracker.reading import read_listing
from tracker.sources.platform import Page, PageContent

URL = "https://parks.example/wp-json/tribe/events/v1/events?per_page=50"
OPTIONS = events_calendar.Options(site_url="https://parks.example/")
ROW: dict[str, Any] = {
    "id": 19967,
    "status": "publish",
    "url": "https://parks.example/event/x/",
    "title": "Don&#8217;t Panic: a Talk &amp; a Walk",
    "description": "<p>All welcome.</p>",
    "excerpt": "<p>All welcome.</p>",
    "all_day": False,
    "start_date": "2026-07-13 11:00:00",
    "end_date": "2026-07-13 12:00:00",
    "utc_start_date": "2026-07-13 15:00:00",
    "timezone": "America/New_York",
    "cost": "Free",
    "venue": {
        "venue": "Town Hall",
        "address": "1 Main Street",
        "city": "Albany",
        "state": "NY",
        "country": "United States",
    },
    "organizer": [{"organizer": "Park Friends"}],
    "categories": [{"name": "Talk"}],
    "website": "",
    "is_virtual": False,
}


def read(answer: Any) -> PageContent:
    return events_calendar.read(Page("parks", URL, json.dumps(answer).encode(), FETCHED), OPTIONS)


def listing(answer: Any, **source: Any) -> Listing:
    (raw,) = read(answer).listings
    found = read_listing(raw, a_source(**source))
    assert isinstance(found, Listing), found
    return found


def tribe(**changes: Any) -> dict[str, Any]:
    return {"events": [ROW | changes], "total": 1, "total_pages": 1}


def test_a_row_is_read_whole() -> None:
    found = listing(tribe())
    assert found.title == "Don’t Panic: a Talk & a Walk"
    assert str(found.when.start) == "2026-07-13 15:00:00+00:00"
    assert (found.places[0].venue, found.places[0].city) == ("Town Hall", "Albany")
    assert (found.organizers, [kind.value for kind in found.types]) == (("Park Friends",), ["talk"])
    assert found.cost.kind.value == "free"


@pytest.mark.parametrize("zone", ["UTC+0", "UTC-5", ""])
def test_a_site_without_a_zone_of_its_own_has_that_of_its_source(zone: str) -> None:
    found = listing(tribe(timezone=zone, venue=[]), timezone="America/New_York")
    assert str(found.when.start) == "2026-07-13 15:00:00+00:00"


@pytest.mark.parametrize("venue", [[], None, {}])
def test_an_absent_venue_is_an_empty_list(venue: Any) -> None:
    assert listing(tribe(venue=venue)).places == ()


def test_whole_days_end_on_their_last_day() -> None:
    row = tribe(all_day=True, start_date="2026-07-13 00:00:00", end_date="2026-07-14 23:59:59")
    when = listing(row).when
    assert (str(when.start), str(when.end)) == ("2026-07-13", "2026-07-14")


def test_the_list_goes_on_at_the_next_page_until_it_is_empty() -> None:
    further = f"{URL}&page=2&start_date=2026-11-23"
    (page,) = read(tribe() | {"next_rest_url": further}).follow
    assert (page.url, page.name) == (further, f"{URL}&page=2")
    assert read({"events": [], "next_rest_url": further}).follow == []


def test_it_is_asked_from_today_on_and_remembered_without_the_day() -> None:
    (page,) = events_calendar.first_pages(OPTIONS, FETCHED.date())
    assert "start_date=2026-11-23" in page.url
    assert "start_date" not in page.name


def test_event_organiser_counts_whole_days_to_the_day_after_and_names_the_venue_by_slug() -> None:
    row = {"title": "Fair", "url": "https://x.example/e", "allDay": True, "start": "2026-12-05T00:00:00",
           "end": "2026-12-07T00:00:00", "organiser": 12, "venue": 153, "venue_slug": "daley-center",
           "className": ["eo-event"], "category": []}  # fmt: skip
    found = listing([row], timezone="America/Chicago")
    assert (str(found.when.start), str(found.when.end)) == ("2026-12-05", "2026-12-06")
    assert [place.raw for place in found.places] == ["Daley Center"]
    assert found.organizers == ()


CARD = (
    '<div class="eventon_list_event" data-event_id="4969" itemscope itemtype="http://schema.org/Event">'
    '<a itemprop="url" href="https://bank.example/events/committee/"></a><meta itemprop="startDate" content="{start}"/>'
    '<meta itemprop="endDate" content="{end}"/><meta itemprop="description" content="Land committee."/></div>'
)


@pytest.mark.parametrize(
    ("microdata", "start"),
    [
        ("2026-9-13T10:00", "2026-09-13 15:00:00+00:00"),  # agrees with the number
        ("2026-9-20T10:00", "2026-09-20 15:00:00+00:00"),  # the number is that of another repetition
        ("2026-9-13T10-10-00-00", "2026-09-13 15:00:00+00:00"),  # malformed, as in its JSON-LD
    ],
)
def test_eventon_writes_the_wall_clock_as_unix_time_and_the_link_in_a_card(microdata: str, start: str) -> None:
    row = {
        "event_id": 4969,
        "event_title": "Land Committee",
        "event_start_unix": 1789293600,
        "event_end_unix": 1789297200,
    }
    content = CARD.format(start=microdata, end="2026-9-13T11:00")
    found = listing({"status": "GOOD", "eventList": [row], "content": content}, timezone="America/Chicago")
    assert str(found.when.start) == start
    assert (found.url, found.description) == ("https://bank.example/events/committee/", "Land committee.")


def test_a_wordpress_page_with_the_plugin_suggests_its_site() -> None:
    page = Page("probe", "https://parks.example/events/list/", b'<div class="tribe-events">', FETCHED)
    assert list(events_calendar.suggest(page)) == [{"site_url": "https://parks.example"}]


def test_each_repetition_of_eventon_keeps_its_own_date() -> None:
    rows = [
        {"event_id": 5, "ri": n, "event_title": "Club", "event_start_unix": 1796378400, "event_end_unix": 1796382000}
        for n in (0, 1)
    ]
    cards = "".join(
        f'<div data-event_id="5" data-ri="{n}r"><meta itemprop="startDate" content="2026-12-{day}T10:00"/></div>'
        for n, day in ((0, 4), (1, 11))
    )
    listings = read({"status": "GOOD", "eventList": rows, "content": cards}).listings
    assert [each.starts for each in listings] == ["2026-12-04T10:00:00", "2026-12-11T10:00:00"]
    assert len({each.source_id for each in listings}) == 2


def test_a_virtual_event_with_a_venue_is_both() -> None:
    assert listing(tribe(is_virtual=True)).mode.value == "hybrid_choice"
    assert listing(tribe(is_virtual=True, venue=[])).mode.value == "online"


@pytest.mark.parametrize(("zone", "utc", "start"), [
    ("UTC-5", "2026-12-13 16:00:00", "2026-12-13 16:00:00+00:00"),
    ("UTC+5.5", "2026-12-13 05:30:00", "2026-12-13 05:30:00+00:00"),
])  # fmt: skip
def test_a_zone_that_is_a_bare_offset_is_believed_where_the_site_has_counted_with_it(
    zone: str, utc: str, start: str
) -> None:
    row = tribe(
        timezone=zone, start_date="2026-12-13 11:00:00", utc_start_date=utc, utc_end_date="", end_date="", venue=[]
    )
    assert str(listing(row).when.start) == start
