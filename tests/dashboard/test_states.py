"""What visitors see when something is wrong with the data: what it is, what to do, and no path of the machine."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dashboard.opening import heading, opened, shown
from tests.databases import an_empty_store
from tests.factories import NOW


def test_without_a_database_the_next_step_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path / "none", monkeypatch)
    assert heading(app) == "There is no data to show yet"
    assert "tracker crawl" in app.info[0].value
    assert str(tmp_path) not in app.info[0].value


def test_an_empty_database_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    an_empty_store(tmp_path).close()
    app = opened(tmp_path, monkeypatch)
    assert heading(app) == "0 upcoming events"
    assert "No event is listed" in app.info[0].value
    assert "never updated" in shown(app)


def test_a_damaged_database_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tracker.db").write_bytes(b"x" * 4_096)
    app = opened(tmp_path, monkeypatch)
    assert heading(app) == "The data cannot be read"
    assert str(tmp_path) not in app.info[0].value


def test_a_locked_database_is_asked_for_again(
    tmp_path: Path, practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(practice_data / "tracker.db", tmp_path / "tracker.db")
    monkeypatch.setattr("tracker.store.database._PRAGMAS", ("busy_timeout=50",))
    holder = sqlite3.connect(tmp_path / "tracker.db")
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    app = opened(tmp_path, monkeypatch)
    assert heading(app) == "The data cannot be read just now"
    holder.rollback()
    holder.close()
    app.button[0].click().run()
    assert heading(app) == "79 upcoming events"


def test_a_newer_database_says_that_we_are_being_updated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    an_empty_store(tmp_path).close()
    with sqlite3.connect(tmp_path / "tracker.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    assert heading(opened(tmp_path, monkeypatch)) == "This page is being updated"


def test_an_older_database_waits_for_an_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    an_empty_store(tmp_path).close()
    with sqlite3.connect(tmp_path / "tracker.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '0000'")
    db.close()
    app = opened(tmp_path, monkeypatch)
    assert "tracker db upgrade" in app.info[0].value


@pytest.mark.parametrize(("days", "is_stale"), [(1, False), (3, True)])
def test_old_data_say_so(practice_data: Path, monkeypatch: pytest.MonkeyPatch, days: int, is_stale: bool) -> None:
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=days)).isoformat())
    app = opened(practice_data, monkeypatch)
    assert [str(each.value)[:22] for each in app.warning] == (["These data are 3 days "] if is_stale else [])


def test_a_crawl_is_seen_without_a_new_start(
    tmp_path: Path, practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_empty_store(tmp_path).close()
    app = opened(tmp_path, monkeypatch)
    assert heading(app) == "0 upcoming events"
    shutil.copy(practice_data / "tracker.db", tmp_path / "new.db")
    (tmp_path / "new.db").replace(tmp_path / "tracker.db")
    assert heading(app.run()) == "79 upcoming events"
