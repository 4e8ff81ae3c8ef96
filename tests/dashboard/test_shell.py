from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.first_page import first_page, print_page
from dashboard.loading import find
from dashboard.shell import HeadMiddleware
from tests.factories import NOW, a_when, an_event
from tests.sources_that_speak import a_store
from tracker.models.selection import Selection
from tracker.pipeline.rendering import render
from tracker.store import events

PAGE = '<html><head><title>Streamlit</title></head><body><div id="root"></div>' + "x" * 2_000 + "</body></html>"


def page(request: Request) -> Response:
    return HTMLResponse(PAGE, headers={"ETag": '"old"'})


def text(request: Request) -> Response:
    return PlainTextResponse("<title>Streamlit</title>")


def client_of(base_url: str = "", **more: Any) -> TestClient:
    routes = [
        Route("/", page),
        Route("/map", page),
        Route("/event", page),
        Route("/text", text),
        Route("/x.json", lambda _: JSONResponse({})),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(HeadMiddleware, base_url=base_url, **more)]))


@pytest.mark.parametrize("path", ["/", "/map"])
def test_the_empty_page_gets_title_description_and_feeds_of_the_same_selection(path: str) -> None:
    answer = client_of("https://x.example/").get(f"{path}?country=de&type=talk&utm_source=mail")
    head = lxml.html.fromstring(answer.text)
    assert head.xpath("//title/text()") == ["Talk, Germany · AI safety events"]
    assert head.xpath("//meta[@name='description']/@content")
    assert "etag" not in answer.headers
    plain = client_of("https://x.example").get(f"{path}?country=de&type=talk")
    links = dict(
        zip(*(lxml.html.fromstring(plain.content).xpath(f"//link/@{name}") for name in ("rel", "href")), strict=True)
    )
    assert links["canonical"] == f"https://x.example{path}?type=talk&country=DE"
    assert links["alternate"].startswith("https://x.example/")


def test_without_an_address_of_our_own_links_are_relative() -> None:
    head = lxml.html.fromstring(client_of().get("/?q=%22%3E%3Cscript%3E").content)
    assert head.xpath("//link[@type='text/calendar']/@href") == ["events.ics?q=%22%3E%3Cscript%3E"]
    scripts = head.xpath("//script")
    assert scripts[0].text.startswith("window.__streamlit=")
    assert not [each for each in scripts if each.get("src")], "ours are in the page"


@pytest.mark.parametrize("view", ["/event?id=nobody", "/event", "/event?id=%00"])
def test_an_event_that_is_not_published_gets_the_head_of_the_site(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    head = lxml.html.fromstring(client_of("https://x.example").get(view).content)
    assert head.xpath("//title/text()") == ["AI safety events"]
    assert not head.xpath("//meta[@property='og:image']")


def test_an_event_has_a_head_of_its_own(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    row = find(Selection.from_query("q=winter+social")).rows[0]
    head = lxml.html.fromstring(client_of("https://x.example").get(f"/event?type=talk&id={row.id}").text)
    said = {each.get("property") or each.get("name"): each.get("content") for each in head.xpath("//meta")}
    assert said["og:title"] == "AI Safety Berlin: Winter Social & Lightning Talks · AI safety events"
    assert said["description"].startswith("Thu 3 Dec 2026, 19:00–22:00 Berlin time · Berlin, Germany")
    assert said["og:image"] == f"https://x.example/events/{row.id}.png"
    assert said["twitter:card"] == "summary_large_image"
    assert head.xpath("//link[@rel='canonical']/@href") == [f"https://x.example/events/{row.id}"]


def test_everything_else_passes_as_it_is() -> None:
    client = client_of()
    assert client.get("/text").text == "<title>Streamlit</title>"
    assert client.get("/x.json").json() == {}
    assert client.get("/nope").status_code == 404


def test_the_list_stands_before_streamlits_page_and_what_it_needs_in_the_head() -> None:
    client = client_of(
        first_page=lambda path, query: f"<main>{path} {query}</main>", preloads=["<link rel=a>", "<link rel=b>"]
    )
    answer = client.get("/?type=talk")
    assert '<main> type=talk</main><div id="root">' in answer.text
    assert "<link rel=a><link rel=b></head>" in answer.text
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/", headers={"Accept-Encoding": "identity"}).headers
    assert client.head("/").content == b""
    assert "<main>map </main>" in client.get("/map").text
    assert "<main>" not in client.get("/?embed=true").text


def test_the_list_is_that_of_the_address(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    page = lxml.html.fromstring(first_page("", "type=hackathon&utm_source=mail"))
    assert page.xpath("string(//h1)") == "3 upcoming events"
    assert len(page.xpath("//article//h3/a[starts-with(@href, 'events/')]")) == 3
    assert page.xpath("//nav/a[text()='Map']/@href") == ["map?type=hackathon"]
    assert not page.xpath("//nav/a[text()='Curation']")
    whole = lxml.html.fromstring(first_page("", ""))
    assert len(whole.xpath("//article")) == 24
    assert "55 more" in whole.text_content()
    assert len(lxml.html.fromstring(print_page("")).xpath("//article")) == 79
    assert len(lxml.html.fromstring(print_page("sort=deadline&type=hackathon")).xpath("//article")) == 3


@pytest.mark.parametrize(
    ("path", "query", "heading"),
    [
        ("", "page=2", "79 upcoming events"),
        ("", "sort=new", "79 upcoming events"),
        ("", "fit=level:low", "79 upcoming events"),
        ("map", "type=hackathon&place=Paris", "3 upcoming events"),
        ("sources", "", "Sources"),
        ("deadlines", "country=JP&type=hackathon", "0 upcoming events"),
    ],
)
def test_other_views_have_their_heading_and_the_navigation(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, path: str, query: str, heading: str
) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    page = lxml.html.fromstring(first_page(path, query))
    assert page.xpath("string(//h1)") == heading
    assert len(page.xpath("//nav/a")) > 8
    assert not page.xpath("//article")
    assert "more" not in page.text_content()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("", "type=party"),
        ("", "near=Qwertzuiop"),
        ("", "q=nothing+at+all"),
        ("event", "id=none"),
        ("curation", ""),
        ("x", ""),
    ],
)
def test_what_the_page_has_to_explain_waits_for_it(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, path: str, query: str
) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    assert first_page(path, query) == ""


def test_texts_of_strangers_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = a_store(tmp_path)
    event = an_event(title="<script>alert(1)</script>", organizers=('"><img src=x>',), when=a_when(date(2026, 12, 1)))
    with store.writing() as db:
        events.save_events(db, [render(event, None, NOW)])
    store.close()
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    page = lxml.html.fromstring(first_page("", ""))
    assert page.xpath("string(//h3)") == "<script>alert(1)</script>"
    assert not page.xpath("//script | //img")
