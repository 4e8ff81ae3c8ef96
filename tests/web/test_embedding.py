"""A selection in a frame of another site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from tracker.config import Settings
from tracker.publishing.embedding import embed_snippet
from tracker.web.app import feed_app


@pytest.fixture
def site(practice_data: Path) -> Iterator[TestClient]:
    with TestClient(feed_app(Settings.load(practice_data))) as client:
        yield client


@pytest.mark.parametrize("query", ["", "type=hackathon", "country=DE&mode=in_person", "near=Berlin&status=not_closed"])
def test_it_lists_the_events_of_the_selection(site: TestClient, query: str) -> None:
    events = site.get(f"/events.json?{query}").json()["events"]
    page = lxml.html.fromstring(site.get(f"/embed?{query}").text)
    assert page.xpath("//h3/a/@href") == [f"events/{each['id']}" for each in events]
    assert {*page.xpath("//a/@target")} == {"_blank"}


def test_any_site_may_frame_it_and_only_our_script_runs(site: TestClient) -> None:
    answer = site.get("/embed")
    assert "x-frame-options" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'sha256-" in policy


@pytest.mark.parametrize(
    ("query", "said"), [("type=party", "type=party is not known"), ("near=Qwertzuiop", "no place we know")]
)
def test_what_it_does_not_understand_it_says_in_the_frame(site: TestClient, query: str, said: str) -> None:
    answer = site.get(f"/embed?{query}")
    assert answer.status_code == 400
    assert said in answer.text
    assert "x-frame-options" not in answer.headers


def test_the_snippet_is_html_for_an_address_with_several_filters() -> None:
    document = lxml.html.fromstring(f"<div>{embed_snippet('https://x.example/embed?type=talk&country=DE')}</div>")
    assert document.xpath("//iframe/@src") == ["https://x.example/embed?type=talk&country=DE"]
