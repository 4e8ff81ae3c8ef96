"""The dashboard as Streamlit's users start it: the same theme, privacy settings and feeds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.theme import LIGHT
from tests.dashboard.browser.conftest import Visit, free_port, ids_in_feed
from tests.factories import NOW

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def hosted(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``streamlit run`` with the feed of another tracker, and nothing else: no data folder, no theme, another folder."""
    home, port = tmp_path_factory.mktemp("home"), free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py"), "--server.headless=true",
               f"--server.port={port}", "--server.address=127.0.0.1"]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(home), "TRACKER_NOW": NOW.isoformat()}
    environment |= {"TRACKER_MIRROR_OF": f"{server}/events.json"}
    log = home / "log"
    with log.open("w") as written:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=written, stderr=subprocess.STDOUT)
        for _ in range(300):
            assert process.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        process.wait(timeout=20)
    assert "Traceback" not in log.read_text()


def test_it_looks_and_behaves_as_the_trackers_own(page: Any, hosted: str, server: str) -> None:
    visit = Visit(page, hosted)
    visit.open("/?type=hackathon")
    visit.expect_count(3)
    page.emulate_media(color_scheme="light")
    background = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert background == "rgb({}, {}, {})".format(*bytes.fromhex(LIGHT["backgroundColor"][1:]))
    expect(page.get_by_test_id("stToolbar")).to_be_hidden()
    feed = visit.feed()
    assert feed == f"{hosted}/events.ics?type=hackathon"
    assert ids_in_feed(feed) == ids_in_feed(f"{server}/events.ics?type=hackathon")
    assert visit.violations() == []
    visit.open_first()
    visit.is_clean()


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/digest", 200), ("/embed?type=talk", 200),
                                              ("/nope", 404), ("/_stcore/metrics", 404)])  # fmt: skip
def test_feeds_and_pages_are_there_and_nothing_else(hosted: str, path: str, status: int) -> None:
    try:
        with urllib.request.urlopen(hosted + path, timeout=20) as answer:
            assert answer.status == status
    except urllib.error.HTTPError as error:
        assert error.code == status


def test_what_the_cloud_reads_names_no_index_and_no_statistics() -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines == ["."]
    assert tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text()) == {"browser": {"gatherUsageStats": False}}
