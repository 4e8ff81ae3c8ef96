from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import lxml.html
import pytest
from starlette.testclient import TestClient

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import say
from tracker.config import Settings
from tracker.curation.decisions import decide_hidden, decide_pair
from tracker.models.deadline import Deadline
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.models.ruling import RulingKind
from tracker.models.vocabulary import EventType, Lifecycle, Mode, Scope
from tracker.pipeline.build import build_events
from tracker.store import Store, events
from tracker.web.app import feed_app
from tracker.web.page_routes import RENAMED

DAY = NOW.date() + timedelta(days=9)
NIGHT = a_listing(
    source_id="night", title="Control Night", types=(EventType.HACKATHON,), mode=Mode.HYBRID_CHOICE,
    places=(Place(raw="Berlin", city="Berlin", country="DE", latitude=52.52, longitude=13.4),),
    when=a_when(DAY), deadlines=(Deadline(at=DAY - timedelta(days=2), timezone="AoE"),), organizers=("EffiSciences",),
)  # fmt: skip


def listed(store: Store, listing: Listing = NIGHT) -> str:
    return say(store, listing, 0).new[0]


def test_a_page_says_everything_without_a_script(site: TestClient, spoken: Store) -> None:
    event_id = listed(spoken)
    say(spoken, NIGHT.model_copy(update={"when": a_when(DAY + timedelta(days=7))}), 1)
    answer = site.get(f"/events/{event_id}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    text = " ".join(lxml.html.fromstring(answer.content).text_content().split())
    for words in (
        "Wed 9 Dec 2026", "Apply by Mon 30 Nov 2026, anywhere on Earth", "(until Tue 1 Dec 2026, 12:00 UTC)",
        "Berlin, Germany or online", "EffiSciences", "Moved: from Wed 2 Dec 2026 to Wed 9 Dec 2026 (AI Safety Berlin)",
        "Who says so", "Applications: open",
    ):  # fmt: skip
        assert words in text, words


def test_search_engines_and_previews_find_what_they_look_for(spoken: Store, tmp_path: Path) -> None:
    event_id = listed(spoken)
    with TestClient(feed_app(Settings.load(tmp_path, public_url="https://x.example/"))) as client:
        page = lxml.html.fromstring(client.get(f"/events/{event_id}").content)
        picture = client.get(f"/events/{event_id}.png")
        sitemap, robots = client.get("/sitemap.xml").text, client.get("/robots.txt").text
    assert page.xpath("//link[@rel='canonical']/@href") == [f"https://x.example/events/{event_id}"]
    assert page.xpath("//meta[@property='og:title']/@content") == ["Control Night"]
    assert "Wed 2 Dec 2026 · Berlin, Germany or online" in page.xpath("//meta[@name='description']/@content")[0]
    assert page.xpath("//meta[@property='og:image']/@content") == [f"https://x.example/events/{event_id}.png"]
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    document = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
    assert (document["@type"], document["startDate"]) == ("Hackathon", "2026-12-02")
    assert document["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [each["@type"] for each in document["location"]] == ["Place", "VirtualLocation"]
    assert f"<loc>https://x.example/events/{event_id}</loc>" in sitemap
    assert "Sitemap: https://x.example/sitemap.xml" in robots


def test_a_page_says_facts_in_words_and_shows_the_place(site: TestClient, spoken: Store) -> None:
    event_id = listed(spoken, NIGHT.model_copy(update={"scope": Scope.XRISK, "languages": ("en", "de")}))
    page = lxml.html.fromstring(site.get(f"/events/{event_id}").content)
    facts = dict(zip(page.xpath("//dt/text()"), page.xpath("//dd/text()"), strict=True))
    assert (facts["Subject"], facts["Languages"]) == ("Existential risk", "English, German")
    assert page.xpath("//*[@role='img']/@aria-label") == ["Map: Berlin, Germany or online"]
    assert page.xpath("//a[text()='Map']/@href") == ["https://www.openstreetmap.org/search?query=Berlin%2C+Germany"]
    assert [each.text_content() for each in page.xpath("//summary")] == ["Who says so"]


def test_an_event_has_a_calendar_file_and_links_of_its_own(site: TestClient, spoken: Store) -> None:
    event_id = listed(spoken)
    calendar = site.get(f"/events/{event_id}.ics")
    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    assert calendar.headers["content-disposition"] == f'inline; filename="{event_id}.ics"'
    assert calendar.content.count(b"BEGIN:VEVENT") == 2
    links = lxml.html.fromstring(site.get(f"/events/{event_id}").content).xpath("//a/@href")
    assert any(link.startswith("https://calendar.google.com/") and "20261202%2F20261203" in link for link in links)
    assert any(link.startswith("https://outlook.live.com/") and "allday=true" in link for link in links)


@pytest.mark.parametrize(
    ("changes", "days", "says"),
    [
        ({"lifecycle": Lifecycle.CANCELLED}, 0, "This event is cancelled."),
        ({"lifecycle": Lifecycle.POSTPONED}, 0, "This event is postponed."),
        ({}, 40, "This event is over."),
    ],
)
def test_what_became_of_it_stands_first(
    site: TestClient, spoken: Store, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], days: int, says: str
) -> None:
    event_id = listed(spoken, NIGHT.model_copy(update=changes))
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=days)).isoformat())
    page = lxml.html.fromstring(site.get(f"/events/{event_id}").content)
    assert page.xpath("//p[@class='note']/text()") == [says]


def test_an_id_that_was_merged_away_leads_to_its_heir(site: TestClient, spoken: Store) -> None:
    other = a_listing(source="directory", source_id="rec1", title="Other Name", url="https://o.example/")
    ids = {listed(spoken), listed(spoken, other)}
    with spoken.writing() as db:
        decide_pair(db, RulingKind.SAME, "berlin night", "directory rec1", now=NOW)
    (merged,) = build_events(spoken, NOW).merged
    (heir,) = ids - {merged}
    for ending in ("", ".ics"):
        answer = site.get(f"/events/{merged}{ending}")
        assert (answer.status_code, answer.headers["location"]) == (308, f"{heir}{ending}")


def test_what_was_there_is_gone_and_what_never_was_is_not_found(site: TestClient, spoken: Store) -> None:
    event_id = listed(spoken)
    with spoken.writing() as db:
        decide_hidden(db, "berlin night", NOW)
    build_events(spoken, NOW)
    for path in (f"/events/{event_id}", f"/events/{event_id}.ics"):
        assert site.get(path).status_code == 410
    with spoken.writing() as db:
        events.delete_events(db, [event_id])
    for path in (f"/events/{event_id}", f"/events/{event_id}.ics"):
        assert site.get(path).status_code == 410
    for path in (
        "/events/nope",
        "/events/nope.ics",
        "/events/a/b",
        "/digest/2026-w99",
        "/digest/9999-w52",
        "/events.ics/",
        "/digest/2026-w48",
        "/digest/x",
    ):
        assert site.get(path).status_code == 404, path


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_other_names_lead_to_the_feed_with_its_filters(site: TestClient, old: str, new: str) -> None:
    answer = site.get(f"/{old}?type=talk&q=a%26b")
    assert (answer.status_code, answer.headers["location"]) == (308, f"{new}?type=talk&q=a%26b")


def test_digests_have_a_page_per_week(site: TestClient, spoken: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(spoken)
    assert "Control Night" in site.get("/digest").text
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=8)).isoformat())
    first = site.get("/digest/2026-w48")
    assert "Control Night" in first.text
    assert "AI safety: 30 November to 7 December 2026" in first.text
    assert "digest/2026-w48" in site.get("/digest").text


def test_the_interface_is_described_for_programs(site: TestClient, spoken: Store) -> None:
    listed(spoken)
    description = site.get("/openapi.json").json()
    assert {"/events.ics", "/events.json", "/sources.json", "/events/{event_id}"} <= description["paths"].keys()
    names = {each["name"] for each in description["paths"]["/events.ics"]["get"]["parameters"]}
    assert {"near", "within", "from", "deadline_within", "deadlines", "alarms"} <= names
    schema = site.get("/events.schema.json").json()
    validator: Any = jsonschema
    validator.validate(site.get("/events.json").json(), schema)


@pytest.mark.parametrize("path", ["/events/x", "/digest", "/sitemap.xml", "/robots.txt", "/events.csv"])
def test_nothing_is_written_to(site: TestClient, path: str) -> None:
    answer = site.post(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_the_schema_that_ships_is_the_one_that_is_served(site: TestClient, spoken: Store) -> None:
    del spoken
    shipped = Path(__file__).parents[2] / "docs" / "events.schema.json"
    assert site.get("/events.schema.json").content == shipped.read_bytes()


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("md", "text/markdown", "## AI safety: 1 event"),
        ("html", "text/html", "\n<h3>Events</h3>"),
        ("text", "text/plain", "AI safety: 1 event"),
        ("posts", "text/plain", "Winter Social\nThu 3 Dec 2026\n"),
    ],
)
def test_a_selection_is_pasted_from_the_digest(
    site: TestClient, spoken: Store, form: str, media_type: str, begins: str
) -> None:
    say(spoken, a_listing(), days=0)
    answer = site.get(f"/digest?since=all&format={form}&q=social")
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.text.lstrip("\n").startswith(begins.lstrip("\n"))
    page = site.get("/digest?since=all&q=social")
    assert f'<a href="digest?since=all&amp;q=social&amp;format={form}">' in page.text


@pytest.mark.parametrize("query", ["format=pdf", "since=x", "colour=red", "near=Nowhereville"])
def test_a_digest_that_cannot_be_is_400(site: TestClient, spoken: Store, query: str) -> None:
    say(spoken, a_listing(), days=0)
    answer = site.get(f"/digest?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text
