"""What sources write is text wherever it goes. Each form is parsed back by a parser that did not write it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import lxml.html
import markdown
import pandas
import pydantic_core
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW, a_listing, a_when, an_event, published
from tests.publishing.test_icalendar import NASTY
from tests.sources_that_speak import say
from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.event import Attribution, Event, Provenance
from tracker.models.place import Place
from tracker.models.selection import Selection
from tracker.publishing.atom import AtomEntry, render_atom
from tracker.publishing.csv_events import COLUMNS, render_csv, safe_cell
from tracker.publishing.digest import build_digest, to_html, to_markdown
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS
from tracker.publishing.json_events import render_json
from tracker.publishing.pages import EventPage, render_event_page
from tracker.store import Store

HOSTILE = [
    *NASTY,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "]]><x/>",
    "&lt;b&gt; &amp; &#60;",
    "</script><script>alert(1)</script>",
    "<!-- --><!--",
    "{{ 7 * 7 }} {% raise %}",
    '=HYPERLINK("https://evil.example")',
    "@SUM(1)",
    "+1+cmd",
    "-1",
    "'quoted",
    "[x](javascript:alert(1)) **bold** `code` ![](https://evil.example/a.png)",
    "javascript:alert(1)",
]


def hostile(text: str) -> Event:
    """Return an event with the same text in every field that holds text."""
    listed = Attribution(
        source="berlin",
        source_id=text[:50],
        name=text,
        homepage="https://berlin.example/",
        attribution=text,
        licence=text,
    )
    return an_event(
        title=text, summary=text, description=text, organizers=(text,), length=text, doubts=(text,),
        cost=Cost(text=text), places=(Place(raw=text, venue=text, city=text, region=text),),
        deadlines=(Deadline(label=text, text=text, at=date(2026, 12, 1)),), sources=(listed,),
        when=a_when(date(2026, 12, 3), text=text), languages=("en",),
        provenance={"title": Provenance(source=text, page_url=text, fetched_at=NOW)},
    )  # fmt: skip


def tags_of_page(event: Event) -> list[str]:
    page = lxml.html.fromstring(render_event_page(EventPage(published(event), NOW, "https://x.example")))
    return [str(each.tag) for each in page.iter()]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_has_no_element_more(text: str) -> None:
    event = hostile(text)
    body = render_event_page(EventPage(published(event), NOW, "https://x.example"))
    page = lxml.html.fromstring(body)
    assert tags_of_page(event) == tags_of_page(hostile("harmless"))
    assert " ".join(page.xpath("string(//h1)").split()) == " ".join(event.title.split())
    for each in page.iter():
        assert not [name for name in each.attrib if name.startswith("on")]
    links = page.xpath("//@href")
    assert all(link.startswith(("https://", "http://")) or link in {"..", f"{event.id}.ics"} for link in links)
    (json_ld,) = page.xpath("//script/text()")
    assert pydantic_core.from_json(json_ld)["name"] == event.title


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_shows_it_and_runs_nothing(text: str) -> None:
    event = hostile(text)
    table = pandas.read_csv(io.BytesIO(render_csv([published(event)], NOW)), dtype=str, keep_default_na=False)
    assert list(table.columns) == list(COLUMNS)
    assert table.shape[0] == 1
    assert table["title"][0] == safe_cell(event.title)
    assert not [cell for cell in table.iloc[0] if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text(max_size=20))
def test_a_cell_can_be_undone(text: str) -> None:
    cell = safe_cell(text)
    assert (cell.removeprefix("'")) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_atom_and_json_give_the_text_back(text: str) -> None:
    event = hostile(text)
    entry = AtomEntry("event/x", event.title, "https://x.example/", NOW, text=event.description, published=NOW,
                      categories=(event.title,))  # fmt: skip
    feed = ElementTree.fromstring(
        render_atom("x", [entry], title=event.title, subtitle=event.title, home="", url="https://x.example/?a=1&b=2")
    )
    space = "{http://www.w3.org/2005/Atom}"
    assert feed.findtext(f"{space}entry/{space}title") == event.title
    assert feed.findtext(f"{space}entry/{space}content") == event.description
    assert len(list(feed.iter())) == 16
    document = pydantic_core.from_json(render_json([published(event)], Selection(), NOW))
    assert document["events"][0]["title"] == event.title


def test_digests_and_feeds_of_a_hostile_source(store: Store) -> None:
    listed = [
        a_listing(source_id=str(number), title=f"A {text}", url=f"https://berlin.example/{number}", organizers=(text,),
                  description=text, when=a_when(NOW.date() + timedelta(days=9 + 9 * number)))
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    say(store, listed, 0)
    with store.reading() as db:
        digest = build_digest(db, Selection(), since=NOW - timedelta(days=7), until=NOW)
        feeds = {
            name: each.build(db, FeedRequest(Selection(), NOW, "https://x.example")).body
            for name, each in FEEDS.items()
        }
    links = [each.url for each in listed]
    piece: Any = lxml.html.fromstring(f"<div>{to_html(digest)}</div>")
    assert [each.tag for each in piece.iter()] == ["div", "h3", "ul", *(["li", "strong", "a", "em"] * len(listed))]
    assert piece.xpath("//a/@href") == links
    assert [each.xpath("string()") for each in piece.xpath("//a")] == [each.title for each in digest.sections[0].items]
    page: Any = lxml.html.fromstring(f"<div>{markdown.markdown(to_markdown(digest))}</div>")
    assert page.xpath("//a/@href") == links
    assert page.xpath("//img | //script | //svg | //x") == []
    for name, body in feeds.items():
        if name.endswith(".atom"):
            ElementTree.fromstring(body)
        if name.endswith(".json"):
            pydantic_core.from_json(body)
