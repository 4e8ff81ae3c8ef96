"""The dashboard in a real browser: Debian's Chromium through pytest-playwright."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories import NOW

playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'dev'")
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium"),
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    flags = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync"
    )
    return {"executable_path": CHROMIUM, "args": flags.split()}


@pytest.fixture(scope="session")
def server(practice_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the practice web's events; end only the process started here."""
    folder = tmp_path_factory.mktemp("browser")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tracker", "serve", "--data", str(practice_data), "--port", str(port)]
    log = (folder / "server.log").open("w")
    environment = os.environ | {"TRACKER_NOW": NOW.isoformat()}
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            assert process.poll() is None, (folder / "server.log").read_text()
            try:
                urllib.request.urlopen(f"{base}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


class Visit:
    """A page that remembers every address it asked for and every error it met."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base = page, base
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.base + path)
        self.rest()

    def rest(self) -> None:
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=20_000)

    def expect_count(self, count: int) -> None:
        heading = self.page.get_by_role("heading", name=re.compile(r"upcoming event"))
        playwright.expect(heading).to_have_text(f"{count} upcoming event{'s' if count != 1 else ''}", timeout=15_000)

    def webcal(self) -> str:
        self.page.get_by_role("button", name="Subscribe").click()
        link = str(self.page.get_by_role("link", name="Open in your calendar program").get_attribute("href"))
        self.page.keyboard.press("Escape")
        return link


@pytest.fixture
def visit(page: Any, server: str) -> Iterator[Visit]:
    visit = Visit(page, server)
    yield visit
    away = [url for url in visit.asked if not url.startswith((server, "data:", "blob:"))]
    assert away == []
    assert visit.errors == []


def entries(base: str, query: str) -> int:
    with urllib.request.urlopen(f"{base}/events.ics{query}", timeout=10) as answer:
        return len(re.findall(rb"(?m)^UID:\w+@", answer.read()))  # without those of deadlines


def test_a_click_changes_count_address_and_subscription_alike(visit: Visit, server: str) -> None:
    visit.open()
    visit.expect_count(79)
    webcal = server.replace("http://", "webcal://")
    assert visit.webcal() == f"{webcal}/events.ics"
    visit.page.get_by_role("button", name="hackathon", exact=True).click()
    visit.expect_count(3)
    playwright.expect(visit.page).to_have_url(f"{server}/?type=hackathon")
    assert visit.webcal() == f"{webcal}/events.ics?type=hackathon"
    assert entries(server, "?type=hackathon") == 3


def test_a_shared_address_opens_the_same_view_and_survives_reload(visit: Visit) -> None:
    visit.open("/?type=bootcamp&country=PL")
    visit.expect_count(1)
    visit.page.reload()
    visit.rest()
    visit.expect_count(1)


def test_searching_narrows_while_typing(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_label("Search").fill("alignment course")
    visit.expect_count(1)
    assert "q=alignment+course" in visit.webcal()


def test_no_match_offers_a_way_back(visit: Visit) -> None:
    visit.open("/?country=JP&type=hackathon")
    visit.expect_count(0)
    visit.page.get_by_role("button", name="Clear all filters").click()
    visit.expect_count(79)
    assert visit.webcal().endswith("/events.ics")


def test_a_phone_needs_no_sideways_scrolling(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open()
    visit.expect_count(79)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_unknown_feeds_are_not_the_dashboards_page(visit: Visit, server: str) -> None:
    visit.open()
    answer = visit.page.request.get(f"{server}/event.ics")
    assert answer.status == 404
    assert visit.page.request.get(f"{server}/events.ics?typ=x").status == 400
    assert answer.headers["x-content-type-options"] == "nosniff"
