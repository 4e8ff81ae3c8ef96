from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.sources_that_speak import a_store
from tracker.config import Settings
from tracker.store import Store
from tracker.web.app import feed_app


@pytest.fixture(autouse=True)
def _looks_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.web.feed_routes.CHECK_INTERVAL", 0.0)
    monkeypatch.setattr("tracker.store.change_watcher._ASK_EVERY", 0.0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(tmp_path)


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[Store]:
    """A store whose sources can still say something, behind the web."""
    store = a_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def site(spoken: Store, settings: Settings) -> Iterator[TestClient]:
    del spoken
    with TestClient(feed_app(settings), follow_redirects=False) as client:
        yield client
