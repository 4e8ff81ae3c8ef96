"""What all tests share: a clock that stands still, no settings from outside, and no way out of this machine."""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy
import typer.main
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.pool import NullPool
from sqlalchemy.util import LRUCache

from tests.databases import ON_POSTGRESQL, address_of, drop_databases
from tests.factories import NOW
from tests.sources_that_speak import a_store
from tracker.store import Store

# A slow machine is no bug; and what lands is not decided by chance. .ci/run runs them again with --hypothesis-profile=ci.
IN_CI = bool(os.environ.get("CI"))
hypothesis.settings.register_profile("default", deadline=None, derandomize=IN_CI, max_examples=20)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=IN_CI, max_examples=100)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=3_000)
hypothesis.settings.load_profile("default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser's tests last: Playwright keeps an event loop running, and then no crawl can start its own."""
    items.sort(key=lambda item: "browser" in item.keywords)


def pytest_collection_finish() -> None:
    """Take what is loaded by now out of garbage collection, which else walks through it again and again."""
    gc.collect()
    gc.freeze()
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.propagate = True  # pytest, three times a test, visits each logger that does not: Streamlit has 70


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Stop the clock, forget the settings of whoever runs the tests, and where the stores are, say so."""
    for name in os.environ:
        if name.startswith("TRACKER_") and name != "TRACKER_CORPUS":
            monkeypatch.delenv(name)
    monkeypatch.setenv("TRACKER_NOW", NOW.isoformat())
    if ON_POSTGRESQL and "tmp_path" in request.fixturenames:
        monkeypatch.setenv("TRACKER_DATABASE_URL", address_of(request.getfixturevalue("tmp_path")))


@pytest.fixture(autouse=True, scope="session")
def _many_databases() -> Iterator[None]:
    """Compile each statement once, not once for each database, and keep no connection of a store that nobody closes.

    SQLAlchemy has a cache of compiled statements for each engine, in which it tells dialects apart by identity.
    """
    patch = pytest.MonkeyPatch()
    patch.setattr(DefaultDialect, "__eq__", lambda self, other: type(self) is type(other))
    patch.setattr(DefaultDialect, "__hash__", lambda self: hash(type(self)))
    options: dict[str, Any] = {"execution_options": {"compiled_cache": LRUCache[Any, Any](2_000)}}
    if ON_POSTGRESQL:  # files of SQLite need no closing
        options["poolclass"] = NullPool
    patch.setattr("tracker.store.database.create_engine", partial(sqlalchemy.create_engine, **options))
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="module")
def _tidy() -> Iterator[None]:
    """Leave no databases behind: a full disk is no test."""
    yield
    drop_databases()


@pytest.fixture(autouse=True, scope="session")
def _one_command_line() -> Iterator[None]:
    """Build the tree of commands once, not for each command that a test runs: it takes longer than most commands."""
    patch = pytest.MonkeyPatch()
    patch.setattr("typer.testing._get_command", cache(typer.main.get_command))
    yield
    patch.undo()


@pytest.fixture
def now() -> datetime:
    """The moment at which the clock stands."""
    return NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store that knows two sources."""
    opened = a_store(tmp_path)
    with opened.keep_open():
        yield opened
    opened.close()


@pytest.fixture(scope="session")
def practice_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the practice web's events, as ``tracker demo`` leaves it; made once for all of xdist's workers."""
    parent = tmp_path_factory.getbasetemp()
    shared = parent.parent if "PYTEST_XDIST_WORKER" in os.environ else parent
    folder, made = shared / "practice", shared / "practice-made"
    with (shared / "practice.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            settings = {"TRACKER_NOW": NOW.isoformat(), "TRACKER_DOWNLOAD_DELAY": "0"}
            command = [sys.executable, "-m", "tracker", "demo", "--no-serve", "--data", str(folder)]
            result = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=False)
            assert result.returncode == 0, result.stderr
            made.touch()
    return folder


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"tests do not reach {host}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()
