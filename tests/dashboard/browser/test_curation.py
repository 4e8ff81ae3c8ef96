"""What curators decide and visitors suggest, in the browser."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit, serving
from tracker.config import Settings
from tracker.store import open_store, rulings, suggestions

PAGE = """<!doctype html><title>Oversight Weekend</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Event", "name": "Oversight Weekend", "startDate": "2027-03-06",
 "endDate": "2027-03-07", "url": "http://127.0.0.1/oversight", "location": {"@type": "Place", "name": "Hus 7",
 "address": {"@type": "PostalAddress", "addressLocality": "Oslo", "addressCountry": "NO"}}}</script>"""


def count(base: str, query: str = "") -> int:
    with urllib.request.urlopen(f"{base}/events.json?{query}", timeout=10) as answer:
        return int(json.load(answer)["count"])


def test_a_curator_hides_an_event_and_takes_it_back(curating: Visit, own_data: Path) -> None:
    curating.open("/?q=winter+social")
    curating.expect_count(1)
    curating.open_first()
    page = curating.page.url
    curating.page.get_by_label("Why").fill("asked for by the group")
    curating.page.keyboard.press("Tab")
    curating.rest()
    curating.page.get_by_role("tab", name="Hide").click()
    curating.press("Hide this event")
    assert curating.violations() == []
    expect(curating.page.get_by_text("There is no such event")).to_be_visible(timeout=20_000)
    expect(curating.page.get_by_text(re.compile("Hidden: AI Safety Berlin: Winter Social"))).to_be_visible()
    assert count(curating.base, "q=winter+social") == 0
    curating.page.get_by_role("link", name="Curation").click()
    curating.rest()
    assert curating.violations() == []
    curating.page.get_by_role("tab", name=re.compile("^Rulings")).click()
    expect(curating.page.get_by_text("Ada, ")).to_be_visible()
    expect(curating.page.get_by_text("asked for by the group")).to_be_visible()
    curating.press("Take back")
    expect(curating.page.get_by_text(re.compile("is taken back"))).to_be_visible(timeout=20_000)
    assert count(curating.base, "q=winter+social") == 1
    curating.page.goto(page)
    curating.rest()
    expect(curating.page.get_by_role("heading", level=1)).to_have_text(re.compile("Winter Social"))


def test_a_field_is_set_as_a_source_would_write_it(curating: Visit, own_data: Path) -> None:
    curating.open("/?q=interpretability+night")
    curating.open_first()
    curating.page.get_by_label("New value").fill("Interpretability Evening")
    curating.page.keyboard.press("Tab")
    curating.rest()
    curating.press("Set it")
    expect(curating.page.get_by_role("heading", level=1)).to_have_text("Interpretability Evening", timeout=20_000)
    store = open_store(Settings.load(own_data).store_url)
    with store.reading() as db:
        assert {(each.by, each.field) for each in rulings.load_rulings(db).values()} == {("Ada", "title")}
    store.close()


@pytest.fixture
def event_page() -> Iterator[str]:
    meetings = [
        ("a", "20261110", "Past Evening"),
        ("b", "20261208", "Evals Evening"),
        ("c", "20270112", "Policy Evening"),
    ]
    calendar = CALENDAR.format("".join(MEETING.format(*each) for each in meetings))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {"/oversight": ("text/html", PAGE), "/calendar.ics": ("text/calendar", calendar)}
            kind, text = pages.get(self.path, ("text/html", ""))
            body = text.encode()
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{site.server_port}"
    site.shutdown()
    site.server_close()


def test_a_suggestion_is_read_waits_and_is_published_by_a_person(
    page: Any, own_data: Path, tmp_path: Path, event_page: str
) -> None:
    settings = {"TRACKER_ALLOWED_ADDRESSES": json.dumps([event_page]), "TRACKER_DOWNLOAD_DELAY": "0"}
    with serving(own_data, tmp_path / "log", "--curator", "Ada", **settings) as base:
        visit = Visit(page, base)
        visit.unlock()
        visit.open("/suggest")
        page.get_by_label("Address").fill("http://127.0.0.1:9/private")
        visit.press("Read the page")
        expect(page.get_by_text("You can write it yourself")).to_be_visible(timeout=45_000)
        page.get_by_label("Address").fill(f"http://{event_page}/oversight")
        page.get_by_label("Address").press("Enter")
        page.get_by_text("Reading the page").wait_for()
        page.get_by_role("button", name="Read the page").click()  # which gives up the script that waits
        visit.rest()
        title = page.get_by_label("Title")
        expect(title).to_have_value("Oversight Weekend", timeout=45_000)
        expect(page.get_by_label("When")).to_have_value("Sat 6 Mar 2027 – Sun 7 Mar 2027")
        expect(page.get_by_label("Where")).to_have_value("Hus 7, Oslo, Norway")
        page.get_by_label("Apply or register by").fill("10 Jan, AoE")
        expect(page.get_by_test_id("stMarkdown").filter(has_text="What we understood")).to_contain_text(
            "Deadline: Apply by Sun 10 Jan 2027, 23:59, anywhere on Earth"
        )
        assert visit.violations() == []
        page.get_by_label("Anything else").fill("I go there <b>every year</b>")
        visit.press("Suggest it")
        expect(page.get_by_text("Thank you")).to_be_visible(timeout=15_000)
        assert count(base, "q=oversight+weekend") == 0
        store = open_store(Settings.load(own_data).store_url)
        with store.reading() as db:
            (waiting,) = suggestions.waiting_suggestions(db).values()
        store.close()
        assert waiting.raw.starts == "2027-03-06"
        assert waiting.raw.deadlines[0].text == "10 Jan, AoE"
        visit.open("/curation")
        expect(page.get_by_text("Read as: Sat 6 Mar 2027 – Sun 7 Mar 2027, Oslo, NO")).to_be_visible()
        assert visit.violations() == []
        visit.press("Publish it")
        expect(page.get_by_text("Published: Oversight Weekend")).to_be_visible(timeout=20_000)
        assert count(base, "q=oversight+weekend") == 1
        visit.is_clean()


CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Oslo//EN\r\nX-WR-CALNAME:AI Safety Oslo\r\n{}END:VCALENDAR\r\n"
MEETING = (
    "BEGIN:VEVENT\r\nUID:{0}@oslo.example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:{1}T170000Z\r\nDTEND:{1}T190000Z\r\n"
    "SUMMARY:{2}\r\nLOCATION:Hus 7\\, Oslo\\, Norway\r\nEND:VEVENT\r\n"
)


def test_a_field_builder_suggests_her_calendar_and_a_curator_adds_it(
    page: Any, own_data: Path, tmp_path: Path, event_page: str
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    settings = {
        "TRACKER_ALLOWED_ADDRESSES": json.dumps([event_page]), "TRACKER_DOWNLOAD_DELAY": "0",
        "TRACKER_SOURCE_FOLDERS": json.dumps([str(mine)]),
    }  # fmt: skip
    with serving(own_data, tmp_path / "log", "--curator", "Ada", **settings) as base:
        visit = Visit(page, base)
        visit.unlock()
        visit.open("/suggest")
        page.get_by_label("Address").fill(f"http://{event_page}/calendar.ics")
        visit.press("Read the page")
        expect(page.get_by_text("Calendar with 3 events, 2 of them to come.")).to_be_visible(timeout=45_000)
        expect(page.get_by_text("Tue 8 Dec 2026, 18:00–20:00 Oslo time · Evals Evening · Oslo, NO")).to_be_visible()
        expect(page.get_by_label("Who publishes it")).to_have_value("AI Safety Oslo")
        assert visit.violations() == []
        page.get_by_label("Anything else").fill("Times are local")
        visit.press("Suggest this source")
        expect(page.get_by_text("Thank you")).to_be_visible(timeout=15_000)
        visit.open("/curation")
        expect(page.get_by_text("AI Safety Oslo, a source")).to_be_visible()
        page.get_by_text("Its source file").click()
        visit.rest()
        expect(page.get_by_test_id("stCode")).to_contain_text('platform = "ical"')
        assert visit.violations() == []
        visit.press("Add this source")
        expect(page.get_by_text("Added: AI Safety Oslo")).to_be_visible(timeout=60_000)
        written = (mine / "communities" / "ai_safety_oslo.toml").read_text()
        assert 'name     = "AI Safety Oslo"' in written
        assert "enabled" not in written.replace("may be enabled", "")
        expect(page.get_by_text("No suggestion waits")).to_be_visible()
        visit.open("/suggest")
        page.get_by_label("Address").fill(f"http://{event_page}/calendar.ics")
        visit.press("Read the page")
        expect(page.get_by_text("AI Safety Oslo is read already")).to_be_visible(timeout=45_000)
        visit.is_clean()


def test_nobody_else_may_decide(visit: Visit) -> None:
    visit.open("/curation")
    expect(visit.page.get_by_text("Nobody can log in here")).to_be_visible()
    visit.open("/?q=winter+social")
    visit.page.get_by_role("heading", level=3).first.get_by_role("link").click()
    visit.rest()
    expect(visit.page.get_by_role("heading", name="Decide")).to_have_count(0)
