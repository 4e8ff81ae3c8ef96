"""A reader who may not write: the file of a service, or a mounted backup."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.factories import NOW, a_source
from tracker.cli.main import app
from tracker.clock import current_time
from tracker.errors import StoreError, StoreReadOnlyError, StoreUnreadableError, TrackerError
from tracker.store import Store, open_store, sources
from tracker.store.change_watcher import ChangeWatcher

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that everybody may read; pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="tracker-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def only_reading(folder: Path, mode: int = 0o555) -> Iterator[None]:
    """Be somebody who may only read: root may write anywhere."""
    before = folder.stat().st_mode
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(mode)
    is_root = os.geteuid() == 0
    try:
        if is_root:
            os.seteuid(NOBODY)
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(before)


def a_database(folder: Path, *ids: str) -> Store:
    store = open_store(f"sqlite:///{folder / 'tracker.db'}", create=True)
    add(store, *ids)
    return store


def add(store: Store, *ids: str) -> None:
    with store.writing() as db:
        sources.save_sources(db, [a_source(id=each) for each in ids])


def read(folder: Path) -> set[str]:
    store = open_store(f"sqlite:///{folder / 'tracker.db'}")
    try:
        with store.reading() as db:
            return set(sources.load_sources(db))
    finally:
        store.close()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("mode", [0o555, 0o777], ids=["read-only folder", "somebody else's file"])
def test_a_database_at_rest_is_read(folder: Path, mode: int) -> None:
    a_database(folder, "one").close()
    with only_reading(folder, mode):
        assert read(folder) == {"one"}
    assert names(folder) == {"tracker.db"}, "side files of a reader would lock the owner out"


def test_a_database_that_is_being_written_is_read_with_what_is_committed(folder: Path) -> None:
    store = a_database(folder, "one")
    with store.keep_open():
        add(store, "two")
        assert names(folder) == {"tracker.db", "tracker.db-wal", "tracker.db-shm"}
        with only_reading(folder):
            assert read(folder) == {"one", "two"}


@pytest.mark.parametrize("lost", ["tracker.db-shm", ""], ids=["without its index", "with its index"])
def test_what_a_killed_writer_left_is_read(folder: Path, lost: str) -> None:
    with tempfile.TemporaryDirectory() as elsewhere:
        store = a_database(Path(elsewhere), "one")
        with store.keep_open():
            add(store, "two")
            for path in Path(elsewhere).iterdir():
                shutil.copy(path, folder)
    (folder / lost).unlink() if lost else None
    temporary = set(Path(tempfile.gettempdir()).glob("tracker-*"))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with only_reading(folder):
        assert read(folder) == {"one", "two"}
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert set(Path(tempfile.gettempdir()).glob("tracker-*")) <= temporary


@pytest.mark.parametrize("hidden", ["tracker.db", "tracker.db-wal", "."])
def test_what_may_not_be_read_is_named_with_the_next_step(folder: Path, hidden: str) -> None:
    store = a_database(folder)
    with store.keep_open():
        add(store, "one")
        with pytest.raises(StoreUnreadableError, match=r"no permission.*chmod a\+r"), only_reading(folder):
            if os.geteuid() == NOBODY:
                os.seteuid(0)
            (folder / hidden).chmod(0o000)
            if os.getuid() == 0:
                os.seteuid(NOBODY)
            read(folder)
        folder.chmod(0o755)


def test_writing_it_says_why_not(folder: Path) -> None:
    a_database(folder).close()
    with only_reading(folder):
        store = open_store(f"sqlite:///{folder / 'tracker.db'}")
        with pytest.raises(StoreReadOnlyError, match="Check who owns it"), store.writing() as db:
            sources.save_sources(db, [a_source()])


def test_a_file_that_is_written_while_it_is_read_is_not_believed(folder: Path) -> None:
    a_database(folder, "one").close()
    with only_reading(folder):
        store = open_store(f"sqlite:///{folder / 'tracker.db'}")
        with pytest.raises(StoreError, match="written while it was read"), store.reading():
            os.utime(folder / "tracker.db") if os.getuid() else os.seteuid(0)
            with closing(sqlite3.connect(folder / "tracker.db")) as db:
                db.execute("PRAGMA user_version = 5")
                db.commit()


def test_a_server_that_may_only_read_sees_changes(folder: Path) -> None:
    a_database(folder, "one").close()
    with only_reading(folder):
        store = open_store(f"sqlite:///{folder / 'tracker.db'}")
        watcher = ChangeWatcher(store)
        first = watcher.stamp()
        assert watcher.stamp() == first
    add(a_database(folder, "two"), "three")
    assert watcher.stamp() != first


@pytest.mark.parametrize("words", [["list"], ["export"], ["show", "ID"], ["digest"], ["status"], ["db", "check"]])
def test_commands_that_only_read_need_no_permission_to_write(
    folder: Path, practice_data: Path, words: list[str]
) -> None:
    shutil.copy(practice_data / "tracker.db", folder)
    runner = CliRunner()
    (first, *_) = runner.invoke(app, ["export", "--format", "csv", "--data", str(practice_data)]).output.splitlines()[
        1:
    ]
    words = [first.split(",")[0] if word == "ID" else word for word in words]
    runner.invoke(app, [*words, "--data", str(practice_data)])  # imports what it needs, as root
    with only_reading(folder):
        result = runner.invoke(app, [*words, "--data", str(folder)])
    assert result.exit_code == 0, result.output
    assert result.output
    assert not isinstance(result.exception, TrackerError)
    assert current_time() == NOW
