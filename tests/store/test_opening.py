from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tracker.errors import (
    ConfigurationError,
    NoStoreError,
    StoreError,
    StoreReadOnlyError,
    StoreTooNewError,
    StoreUnreadableError,
)
from tracker.store import open_store


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def test_a_missing_store_is_named_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(NoStoreError, match="Run: tracker crawl"):
        open_store(url_of(tmp_path / "tracker.db"))
    assert not (tmp_path / "tracker.db").exists()


def test_an_empty_file_is_no_store_yet(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.touch()
    with pytest.raises(NoStoreError, match="empty"):
        open_store(url_of(path))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(b"Dear diary, " * 500)
    for create in (False, True):
        with pytest.raises(StoreUnreadableError, match="Nothing was overwritten"):
            open_store(url_of(path), create=create)
    assert path.read_bytes() == b"Dear diary, " * 500


def test_a_damaged_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    open_store(url_of(path), create=True).close()
    damaged = path.read_bytes()[:8_192] + b"\xff" * 4_096
    path.write_bytes(damaged)
    with pytest.raises(StoreError):
        store = open_store(url_of(path), create=True)
        with store.reading() as db:
            db.connection.cursor().execute("PRAGMA integrity_check").fetchall()
            db.exec_driver_sql("SELECT count(*) FROM event_facet").fetchall()
    assert path.read_bytes() == damaged


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE photos (id INTEGER)")
    db.close()
    with pytest.raises(StoreUnreadableError, match="other tables"):
        open_store(url_of(path), create=True)


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    open_store(url_of(path), create=True).close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(StoreTooNewError, match="Update the tracker"):
        open_store(url_of(path), create=True)


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    open_store(url_of(folder / "tracker.db"), create=True).close()
    before = (folder / "tracker.db").read_bytes()
    (folder / "tracker.db").chmod(0o444)
    folder.chmod(0o555)
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:3]:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    # Root may write anywhere, so the attempt is made as somebody else.
    script = (
        "import os, sqlite3, sys\n"
        "import sqlalchemy.dialects.sqlite.pysqlite\n"
        "from tracker.store import open_store\n"
        "from tracker.store.sources import save_sources\n"
        "from tests.factories import a_source\n"
        "from tracker.errors import StoreReadOnlyError\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try:\n"
        "    store = open_store(sys.argv[1], create=True)\n"
        "    with store.writing() as db: save_sources(db, [a_source()])\n"
        "except StoreReadOnlyError as error: print('read-only:', error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, url_of(folder / "tracker.db")], capture_output=True, text=True, check=False
    )
    folder.chmod(0o755)
    assert result.stdout.startswith("read-only:"), result.stderr
    assert "choose another with --data" in result.stdout
    assert (folder / "tracker.db").read_bytes() == before


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("garbage", "TRACKER_DATABASE_URL cannot be used"),
        ("nosuch://x/y", "cannot be used"),
        ("oracle://x/y", "cannot be used: 'oracle' is neither .* Write sqlite:////path/tracker.db or postgresql"),
        ("mysql://x", "cannot be used: 'mysql' is neither"),
        ("postgresql+psycopg2://x/y", "psycopg2' is neither"),
        ("sqlite://", "cannot be used: 'sqlite' is neither"),
        ("sqlite:///", "cannot be used: 'sqlite' is neither"),
        ("sqlite:///:memory:", "cannot be used: 'sqlite' is neither"),
    ],
)
def test_an_address_that_is_none_is_named(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        open_store(url, create=True)


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"missing: .*psycopg.* Install aisafety-tracker\[postgres\]"):
        open_store("postgresql+psycopg://x/y", create=True)


def test_a_new_file_has_larger_pages_and_one_that_is_there_keeps_its_own(tmp_path: Path) -> None:
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as db:
        db.execute("VACUUM")
        size = db.execute("PRAGMA page_size").fetchone()[0]
    for path in (new, old):
        open_store(url_of(path), create=True).close()
    with closing(sqlite3.connect(new)) as db:
        assert db.execute("PRAGMA page_size").fetchone()[0] == 8192
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA page_size").fetchone()[0] == size != 8192


def test_a_path_is_taken_letter_by_letter(tmp_path: Path) -> None:
    path = tmp_path / "odd?x=1 %41" / "tracker.db"
    open_store(url_of(path), create=True).close()
    assert path.exists()


def test_a_folder_that_cannot_be_made_says_so() -> None:
    with pytest.raises(StoreReadOnlyError, match="--data"):
        open_store("sqlite:////dev/null/x/tracker.db", create=True)
