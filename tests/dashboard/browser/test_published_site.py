"""The published files in a browser: a list to read without scripts, and one script that filters it."""

from __future__ import annotations

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit
from tests.factories import NOW
from tracker.publishing.embedding import embed_snippet


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture(scope="module")
def site(practice_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    publish = [sys.executable, "-m", "tracker", "publish", str(folder), "--data", str(practice_data)]
    environment = os.environ | {"TRACKER_NOW": NOW.isoformat()}
    subprocess.run(publish, check=True, stdout=subprocess.DEVNULL, env=environment)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def opened(browser: Any, site: str, path: str = "/", **options: Any) -> Visit:
    page = browser.new_page(**options)
    page.clock.set_fixed_time(NOW)
    visit = Visit(page, site)
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto(site + path)
    return visit


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible_and_fits(browser: Any, site: str, scheme: Any, width: int) -> None:
    event = opened(browser, site).page.get_by_role("heading", level=3).get_by_role("link").first.get_attribute("href")
    for path in ("/", "/digest.html", f"/{event}"):
        visit = opened(browser, site, path, viewport={"width": width, "height": 844}, color_scheme=scheme)
        assert visit.violations() == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        visit.is_clean()
        visit.page.close()


def test_without_scripts_it_lists_the_events_by_week(browser: Any, site: str) -> None:
    visit = opened(browser, site, java_script_enabled=False)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("79 upcoming events")
    expect(visit.page.get_by_role("heading", name="30 November – 6 December 2026")).to_be_visible()
    assert visit.page.get_by_role("heading", level=3).count() == 79
    expect(visit.page.locator("#filters")).to_be_hidden()
    visit.page.get_by_role("link", name="AI Safety Berlin: Winter Social & Lightning Talks").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("AI Safety Berlin: Winter Social & Lightning Talks")
    visit.page.close()


def test_choices_narrow_the_list_the_address_and_the_subscription(browser: Any, site: str) -> None:
    visit = opened(browser, site)
    heading, feed = visit.page.get_by_role("heading", level=1), visit.page.locator("#feed")
    assert str(feed.get_attribute("href")).endswith("/events.ics")
    visit.page.get_by_label("Type").select_option("hackathon")
    expect(heading).to_have_text("3 upcoming events")
    assert visit.page.url == f"{site}/?type=hackathon"
    assert str(feed.get_attribute("href")).endswith("/hackathon.ics")
    visit.page.get_by_label("Country").select_option("DE")
    expect(heading).to_have_text("1 upcoming event")
    expect(feed).to_have_text(re.compile("^Subscribe to the nearest calendar: "))
    visit.page.reload()
    expect(heading).to_have_text("1 upcoming event")
    expect(visit.page.get_by_label("Type")).to_have_value("hackathon")
    visit.page.get_by_role("button", name="Clear").click()
    expect(heading).to_have_text("79 upcoming events")
    visit.page.get_by_label("Search").fill("winter social")
    expect(heading).to_have_text("1 upcoming event")
    visit.is_clean()
    visit.page.close()


@pytest.mark.parametrize(
    ("query", "count"),
    [("type=hackathon&type=bootcamp", 7), ("country=DE", 5), ("from=2027-02-01&to=2027-02-28", 13), ("mode=online", 12),
     ("from=today&to=%2B30d&type=hackathon", 2)],
)  # fmt: skip
def test_an_address_means_the_same_as_on_the_dashboard(browser: Any, site: str, query: str, count: int) -> None:
    visit = opened(browser, site, f"/?{query}")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(f"{count} upcoming event{'s' * (count != 1)}")
    visit.page.close()


def test_a_frame_in_a_foreign_page_is_as_high_as_its_list(browser: Any, server: str, tmp_path: Path) -> None:
    snippet = embed_snippet(f"{server}/embed?type=hackathon")
    (tmp_path / "foreign.html").write_text(
        f"<!doctype html><html lang=en><title>x</title><h1>A group</h1>{snippet}", "utf-8"
    )
    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=other.serve_forever, args=(0.05,), daemon=True).start()
    page = browser.new_page(viewport={"width": 700, "height": 900}, color_scheme="dark")
    page.goto(f"http://127.0.0.1:{other.server_port}/foreign.html")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=3)).to_have_count(3)
    page.wait_for_timeout(500)
    height = page.locator("iframe").bounding_box()["height"]
    assert abs(height - frame.locator("html").evaluate("each => each.scrollHeight")) < 3
    assert height != 640
    page.close()
    other.shutdown()
    other.server_close()
