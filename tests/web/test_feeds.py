from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.testclient import TestClient

from tests.databases import address_of, an_empty_store
from tests.factories import a_when, an_event, published
from tracker.config import Settings
from tracker.models.vocabulary import EventType
from tracker.publishing.calendar_clients import LATENESS
from tracker.publishing.ical.event_entry import render_vevent
from tracker.store import events
from tracker.store.events import RenderedEvent
from tracker.web.app import feed_app, routes

FEEDS = ("/events.ics", "/events.json")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("served")
    return Settings.load(folder, database_url=address_of(folder))


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    store = an_empty_store(settings.data_dir)
    with store.writing() as db:
        for number in range(30):
            event = an_event(
                id=f"event{number:02}",
                title=f"Event {number}",
                when=a_when(date(2026, 12, 1 + number)),
                types=(EventType.HACKATHON if number % 3 == 0 else EventType.TALK,),
            )
            row = published(event)
            events.save_events(db, [RenderedEvent(row, render_vevent(row), "hash")])
    store.close()
    with TestClient(feed_app(settings)) as client:
        yield client


def test_the_calendar_is_served_as_calendar_programs_expect(client: TestClient) -> None:
    answer = client.get("/events.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'inline; filename="events.ics"'
    assert answer.headers["cache-control"] == "public, max-age=3600, stale-if-error=86400"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["last-modified"] == "Mon, 23 Nov 2026 12:00:00 GMT"
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert "set-cookie" not in answer.headers
    assert answer.content.count(b"BEGIN:VEVENT") == 30


@pytest.mark.parametrize("path", FEEDS)
def test_the_same_feed_twice_is_the_same_bytes(client: TestClient, path: str) -> None:
    first, second = client.get(path), client.get(path)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_already_gets_304(client: TestClient, path: str, form: str) -> None:
    etag = client.get(path).headers["etag"]
    answer = client.get(path, headers={"If-None-Match": form.format(etag.removeprefix("W/"))})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Mon, 23 Nov 2026 12:00:00 GMT", 304),
        ("Tue, 24 Nov 2026 12:00:00 GMT", 304),
        ("Mon, 23 Nov 2026 11:59:59 GMT", 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("yesterday", 200),
        ("Wed, 1 Jan 99999999999999999999 00:00:00 GMT", 200),
    ],
)
def test_a_date_is_enough_for_apples_calendar(client: TestClient, since: str, status: int) -> None:
    assert client.get("/events.ics", headers={"If-Modified-Since": since}).status_code == status


def test_an_etag_counts_more_than_a_date(client: TestClient) -> None:
    headers = {"If-None-Match": '"old"', "If-Modified-Since": "Tue, 24 Nov 2026 12:00:00 GMT"}
    assert client.get("/events.ics", headers=headers).status_code == 200


@pytest.mark.parametrize("path", FEEDS)
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]


def test_a_feed_is_compressed_for_who_can_read_it(client: TestClient) -> None:
    plain = client.get("/events.ics", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/events.ics", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert answer.headers["etag"].startswith("W/")


def test_a_filter_narrows_every_feed_alike(client: TestClient) -> None:
    assert client.get("/events.ics?type=hackathon").content.count(b"BEGIN:VEVENT") == 10
    assert json.loads(client.get("/events.json?type=hackathon").content)["count"] == 10


def test_equal_filters_share_one_etag(client: TestClient) -> None:
    one = client.get("/events.ics?type=talk&from=2026-12-05")
    other = client.get("/events.ics?from=2026-12-05&type=talk&q=")
    assert one.headers["etag"] == other.headers["etag"]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(("query", "says"), [("typ=talk", "Filters: type, country"), ("type=tlak", "Allowed:")])
def test_an_unknown_filter_is_an_error_that_says_what_is_allowed(
    client: TestClient, path: str, query: str, says: str
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert says in answer.text


def test_no_match_is_an_empty_calendar_not_an_error(client: TestClient) -> None:
    answer = client.get("/events.ics?q=nothing+like+this")
    assert answer.status_code == 200
    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert b"VEVENT" not in answer.content


@pytest.mark.parametrize("path", ["/event.ics", "/x/y.ics", "/feeds.json", "/event.atom"])
def test_a_mistyped_feed_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "/events.ics" in answer.text


def test_posting_is_not_allowed(client: TestClient) -> None:
    assert client.post("/events.ics").status_code == 405


def test_health_says_how_much_and_how_fresh(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503, "events without a crawl"
    assert answer.json() | {"error": ""} == {
        "calendar_programs_show_changes_after": LATENESS,
        "status": "stale", "events": 30, "sources": 0, "last_success": None, "error": "",
        "new": 0, "healthy": 0, "degraded": 0, "failing": 0, "paused": 0,
    }  # fmt: skip


def test_robots_are_welcome(client: TestClient) -> None:
    assert client.get("/robots.txt").text.startswith("User-agent: *")


def test_without_data_the_answer_is_503_with_the_next_step(tmp_path: Path) -> None:
    with TestClient(feed_app(Settings.load(tmp_path / "none"))) as client:
        for path in (*FEEDS, "/healthz"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert "tracker crawl" in answer.text


def test_a_feed_knows_its_public_address(client: TestClient, settings: Settings) -> None:
    del client
    known = settings.model_copy(update={"public_url": "https://events.example.org/"})
    with TestClient(feed_app(known)) as public:
        body = public.get("/events.ics?type=talk").text
    assert "SOURCE;VALUE=URI:https://events.example.org/events.ics?type=talk" in body


@pytest.mark.parametrize("path", [*FEEDS, "/robots.txt", "/sitemap.xml", "/events/event01"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_what_stands_around_us_may_write_into_headers(
    client: TestClient, settings: Settings, path: str, encoding: str
) -> None:
    """Streamlit's compression does, and its server answered 500 to every calendar program."""
    app = Starlette(routes=routes(settings), middleware=[Middleware(GZipMiddleware, minimum_size=10)])
    asked = {"Accept-Encoding": encoding}
    with TestClient(app) as around:
        first, second = around.get(path, headers=asked), around.get(path, headers=asked)
        assert first.status_code == 200
        assert second.headers.multi_items() == first.headers.multi_items()
        assert second.content == client.get(path, headers=asked).content
        known = {"If-None-Match": first.headers["etag"]}
        assert around.get(path, headers=asked | known).status_code == 304


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "AI safety events"),
        ("sort=new&past=30d", "AI safety events"),
        ("type=reading_group&country=DE", "AI safety events: reading group, in Germany"),
        ("near=Berlin&within=300km&mode=online&mode=in_person",
         "AI safety events: within 300 km of Berlin, in person or online"),
        ("deadlines=only&deadline_within=14d&status=open",
         "AI safety events: deadlines, open now, closing within 14 days"),
        ("cost=free&cost=unknown&status=not_closed&stipend=none&level=low",
         "AI safety events: level low, free or cost not stated, unpaid, not closed"),
    ],
)  # fmt: skip
def test_a_calendar_is_named_after_what_was_chosen(client: TestClient, query: str, name: str) -> None:
    """Who subscribes twice has to tell them apart."""
    feed = client.get(f"/events.ics?{query}").content.replace(b"\r\n ", b"").decode()
    escaped = name.replace(",", "\\,")
    assert f"\r\nX-WR-CALNAME:{escaped}\r\n" in feed
