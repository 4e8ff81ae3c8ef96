"""Publishing into a folder of other things is refused, before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tracker
from tests.databases import sqlite_only
from tests.factories import a_listing
from tests.sources_that_speak import a_store, say
from tracker.cli.main import app
from tracker.errors import UsageError
from tracker.sources.files import shipped_folders

pytestmark = sqlite_only
CHECKOUT = Path(tracker.__file__).parents[1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with its database elsewhere, and a folder of own sources."""
    for name in ("data", "db", "mine/communities"):
        (tmp_path / name).mkdir(parents=True)
    store = a_store(tmp_path / "db")
    say(store, a_listing(), 0)
    store.close()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/db/tracker.db")
    monkeypatch.setenv("TRACKER_SOURCE_FOLDERS", json.dumps([str(tmp_path / "mine")]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "folder",
    ["data", "db", ".", "data/../db/", "link", "mine", "mine/communities", "mine/forums/new",
     str(CHECKOUT), str(CHECKOUT / "tracker"), str(shipped_folders()[0])],
)  # fmt: skip
def test_a_folder_of_data_or_sources_is_refused(home: Path, folder: str) -> None:
    (home / "link").symlink_to(home / "data")
    before = sorted(home.rglob("*"))
    result = CliRunner().invoke(app, ["publish", folder, "--data", str(home / "data")])
    assert isinstance(result.exception, UsageError), result.output
    assert "folder of its own" in str(result.exception)
    assert sorted(home.rglob("*")) == before
    assert not (CHECKOUT / "index.html").exists()


@pytest.mark.parametrize("folder", ["site", "data/site", "mine/site", "deep/er/site", "data2"])
def test_a_folder_of_its_own_is_published_into(home: Path, folder: str) -> None:
    result = CliRunner().invoke(
        app, ["publish", folder, "--data", str(home / "data"), "--selection", "talks=type=talk"]
    )
    assert result.exit_code == 0, result.output
    assert (home / folder / "index.html").exists()
