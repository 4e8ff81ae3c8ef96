from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.factories import NOW, a_listing
from tests.sources_that_speak import a_store, say
from tracker.cli.doctor_checks import Check, run_checks
from tracker.config import Settings
from tracker.crawling.lock import crawl_lock


def checks(data: Path, **settings: Any) -> dict[str, Check]:
    found = run_checks(Settings.load(data, only_own_sources=True, proxy="http://127.0.0.1:9", **settings))
    return {check.about: check for check in found}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = a_store(tmp_path)
    say(store, a_listing(), days=0)
    store.close()
    return tmp_path


def test_a_healthy_installation_is_told_what_it_is(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = checks(data)
    assert found["database"].words == "1 events, 1 listings, 1 runs"
    assert found["freshness"].is_ok
    assert "scrapy 2." in found["versions"].words
    assert not found["clock"].is_ok
    assert "TRACKER_NOW" in found["clock"].words
    monkeypatch.delenv("TRACKER_NOW")
    assert "crawl ended at" in checks(data)["clock"].words or checks(data)["clock"].is_ok


def test_a_new_installation_is_no_fault(tmp_path: Path) -> None:
    found = checks(tmp_path / "none")
    assert found["data folder"].is_ok
    assert found["database"].is_ok
    assert "Run: tracker crawl" in found["database"].words


def test_a_forgotten_cron_job_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", "2027-11-23T12:00:00Z")
    found = checks(data)["freshness"]
    assert not found.is_ok
    assert "Does cron run" in found.words


def test_a_clock_that_went_back_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.cli.doctor_checks.is_overridden", lambda: False)
    monkeypatch.setenv("TRACKER_NOW", "2020-01-01T00:00:00Z")
    assert "Set the clock right" in checks(data)["clock"].words


def test_a_damaged_database_and_a_wrong_source_file_are_named(data: Path) -> None:
    (data / "tracker.db").write_bytes(b"Dear diary, " * 500)
    folder = data / "sources" / "communities"
    folder.mkdir(parents=True)
    (folder / "x.toml").write_text("name = ")
    found = checks(data, source_folders=[data / "sources"])
    assert not found["database"].is_ok
    assert "TOML" in found["source files"].words
    assert "x.toml" in found["source files"].words


def test_no_room_and_no_network_are_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 1_000

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    found = checks(data)
    assert "tracker db prune" in found["disk"].words
    assert "127.0.0.1:9 cannot be reached" in found["network"].words


def test_a_network_that_answers_is_well(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"
        found = list(run_checks(Settings.load(data, only_own_sources=True, proxy=f"http://{host}")))
    assert found[-1] == Check("network", True, f"1 of {host} can be reached")


def test_a_crawl_that_runs_is_no_fault(data: Path) -> None:
    with crawl_lock(data):
        assert "a crawl is running" in checks(data)["data folder"].words


def test_settings_are_not_shown(data: Path) -> None:
    found = checks(data, alert=["discord://secret/token"])
    assert "secret" not in json.dumps([check.words for check in found.values()])
    assert NOW.isoformat()[:4] in found["clock"].words
