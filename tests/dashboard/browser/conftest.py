"""The dashboard in a real browser: Debian's Chromium through pytest-playwright, and servers that we start and end."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.factories import NOW

collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]  # comes with the extra 'dev'
CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).parents[1] / "axe" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
CURATOR_KEY = "ada-alone"
Serve = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": FLAGS.split()}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serving(data: Path, log: Path, *flags: str, **settings: str) -> Any:
    """Serve a data folder; end only the process started here. ``BASE`` in a setting is the server's own address."""
    return serving_at(free_port(), data, log, *flags, **settings)


@contextmanager
def serving_at(port: int, data: Path, log: Path, *flags: str, **settings: str) -> Iterator[str]:
    """Serve a data folder on a port."""
    command = [sys.executable, "-m", "tracker", "serve", "--data", str(data), "--port", str(port), *flags]
    base = f"http://127.0.0.1:{port}"
    settings = {name: value.replace("BASE", base) for name, value in settings.items()}
    environment = os.environ | {"TRACKER_NOW": NOW.isoformat(), "TRACKER_LOCAL_CURATOR_KEY": CURATOR_KEY} | settings
    with log.open("w") as written:
        process = subprocess.Popen(command, env=environment, stdout=written, stderr=subprocess.STDOUT)
        try:
            for _ in range(150):
                assert process.poll() is None, log.read_text()
                try:
                    urllib.request.urlopen(f"{base}/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield base
        finally:
            process.terminate()
            process.wait(timeout=20)
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="session")
def server(practice_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(practice_data, tmp_path_factory.mktemp("server") / "log") as base:
        yield base


@pytest.fixture(scope="session")
def own_data(practice_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the practice web's events that a test may change."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(practice_data, folder)
    return folder


@pytest.fixture(scope="session")
def curators_server(own_data: Path) -> Iterator[str]:
    """A server on which Ada decides, from this machine."""
    with serving(own_data, own_data.parent / "log", "--curator", "Ada") as base:
        yield base


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

    def unlock(self) -> None:
        """Open the address that lets the curator in."""
        self.open(f"/?key={CURATOR_KEY}")
        assert "key=" not in self.page.url

    def rest(self) -> None:
        """Wait until the script has run, and what it sent is drawn."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=30_000)
        self.page.wait_for_function(
            "!document.querySelector('#first') && document.querySelectorAll('[data-stale=\"true\"]').length === 0"
        )

    def count(self) -> int:
        return int(str(self.page.get_by_role("heading", level=1).inner_text()).split()[0].replace(",", ""))

    def expect_count(self, count: int) -> None:
        from playwright.sync_api import expect

        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(
            re.compile(rf"^{count:,} (upcoming )?event{'s' if count != 1 else ''}$"), timeout=15_000
        )

    def press(self, name: str) -> None:
        """Press a button, or a choice, that begins with a name: choices carry counts."""
        called = re.compile(rf"^{re.escape(name)}(?!\w)")
        self.page.get_by_role("button", name=called).or_(self.page.get_by_role("radio", name=called)).first.click()
        self.rest()

    def open_first(self) -> None:
        """Open the page of the first event of a list."""
        self.page.get_by_role("heading", level=3).first.get_by_role("link").click()
        self.page.wait_for_url("**/event?**")
        self.rest()

    def feed(self) -> str:
        """Return the address that the Subscribe button leads to."""
        self.page.get_by_role("button", name="Subscribe").click()
        link = str(self.page.get_by_role("link", name="Open in your calendar program").get_attribute("href"))
        self.page.keyboard.press("Escape")
        return link.replace("webcal://", "http://")

    def violations(self) -> list[str]:
        """Return what axe-core says against the page as it is."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run(document)")["violations"]
        return [f"{each['id']}: {[node['html'][:150] for node in each['nodes']][:3]}" for each in found]

    def is_clean(self) -> None:
        """Say that nothing was asked of anybody else, and that nothing went wrong."""
        away = [url for url in self.asked if not url.startswith((self.base, "data:", "blob:"))]
        assert away == []
        assert self.errors == []


@pytest.fixture
def visit(page: Any, server: str) -> Iterator[Visit]:
    visit = Visit(page, server)
    yield visit
    visit.is_clean()


@pytest.fixture
def curating(page: Any, curators_server: str) -> Iterator[Visit]:
    visit = Visit(page, curators_server)
    visit.unlock()
    yield visit
    visit.is_clean()


def ids_in_feed(address: str) -> set[str]:
    """Return the ids of the events in a calendar, without their deadlines."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        return set(re.findall(r"(?m)^UID:(\w+)@", answer.read().decode()))
