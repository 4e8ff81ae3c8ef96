from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.databases import make_database
from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import say
from tracker.cli.main import app
from tracker.errors import UsageError
from tracker.models.selection import Selection
from tracker.store import Store, maintenance, open_store, queries
from tracker.store.database_copy import copy_store


@pytest.fixture
def filled(store: Store) -> Store:
    """A store in which things have happened."""
    talks = [
        a_listing(source_id=f"e{number}", title=f"Zürich talk {number} \\ '“日本”'", url=None, when=a_when(day))
        for number, day in enumerate(date(2026, 12, 1) + timedelta(days=number) for number in range(60))
    ]
    say(store, talks, days=0)
    say(store, a_listing(source_id="e3", title="Another talk altogether", url=None), days=1)
    return store


def feed(store: Store) -> object:
    with store.reading() as db:
        selection = Selection(past="all")
        return queries.find_entries(db, selection, NOW), queries.find_events(db, selection, NOW)


def test_a_copy_holds_the_same_and_goes_on(filled: Store, tmp_path: Path) -> None:
    target = open_store(f"sqlite:///{tmp_path}/copy.db", create=True)
    assert copy_store(filled, target) > 500
    assert feed(target) == feed(filled)
    say(target, a_listing(source_id="new", title="A conference"), days=2)
    with target.reading() as db:
        assert len(queries.find_events(db, Selection(q="conference zur", past="all"), NOW)) == 0
        assert len(queries.find_events(db, Selection(q="ürich", past="all"), NOW)) == 59
    with pytest.raises(UsageError, match="Choose an empty one"):
        copy_store(filled, target)
    target.close()


@pytest.mark.postgres
def test_an_installation_moves_to_a_server_and_back(filled: Store, tmp_path: Path) -> None:
    server = open_store(make_database("moved"), create=True)
    back = open_store(f"sqlite:///{tmp_path}/back.db", create=True)
    copy_store(filled, server)
    copy_store(server, back)
    assert feed(filled) == feed(server) == feed(back)
    for each in (server, back):
        say(each, a_listing(source_id="new", title="A conference"), days=2)
        with each.reading() as db:
            assert len(queries.find_events(db, Selection(q="onferenc", past="all"), NOW)) == 1
            assert len(queries.find_events(db, Selection(q="日本", past="all"), NOW)) == 59
        each.close()


def test_what_is_written_meanwhile_is_not_copied_by_half(filled: Store, tmp_path: Path) -> None:
    target = open_store(f"sqlite:///{tmp_path}/copy.db", create=True)
    before = feed(filled)
    written: list[str] = []

    def write(table: str, count: int) -> None:
        if not written:
            say(filled, a_listing(source_id="late", title="A conference"), days=2)
        written.append(table)

    copy_store(filled, target, write)
    assert feed(target) == before != feed(filled)
    with target.reading() as db:
        assert list(maintenance.integrity_errors(db)) == []
    target.close()


def test_the_command_says_what_to_do_next(filled: Store, tmp_path: Path) -> None:
    filled.close()
    url = str(filled.url)
    result = CliRunner().invoke(app, ["db", "copy", url, f"{tmp_path}/other/tracker.db", "--data", str(tmp_path / "d")])
    assert result.exit_code == 0, result.output
    assert "event: 60 rows" in result.output
    assert "TRACKER_DATABASE_URL" in result.output


@pytest.mark.parametrize("content", [None, b""], ids=["no file", "an empty file"])
@pytest.mark.parametrize("scheme", ["", "sqlite:///"])
def test_a_missing_source_is_named_and_nothing_is_made(tmp_path: Path, content: bytes | None, scheme: str) -> None:
    missing = tmp_path / "missing.db"
    if content is not None:
        missing.write_bytes(content)
    before = sorted(tmp_path.iterdir())
    words = ["db", "copy", f"{scheme}{missing}", str(tmp_path / "new" / "tracker.db"), "--data", str(tmp_path / "d")]
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, UsageError), result.output
    assert f"no database to copy at {missing}" in str(result.exception)
    assert sorted(tmp_path.iterdir()) == before
