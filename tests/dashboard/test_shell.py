from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.loading import find
from dashboard.shell import HeadMiddleware
from tracker.models.selection import Selection

PAGE = "<html><head><title>Streamlit</title></head><body>" + "x" * 2_000 + "</body></html>"


def page(request: Request) -> Response:
    return HTMLResponse(PAGE, headers={"ETag": '"old"'})


def text(request: Request) -> Response:
    return PlainTextResponse("<title>Streamlit</title>")


def client_of(base_url: str = "") -> TestClient:
    routes = [
        Route("/", page),
        Route("/map", page),
        Route("/event", page),
        Route("/text", text),
        Route("/x.json", lambda _: JSONResponse({})),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(HeadMiddleware, base_url=base_url)]))


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
