"""A mirror shows what another tracker publishes: the same events, entries and times."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.databases import address_of, an_empty_store
from tests.factories import NOW
from tests.sources_that_speak import a_store
from tracker.cli.main import app
from tracker.config import Settings
from tracker.errors import UsageError
from tracker.models.selection import Selection
from tracker.pipeline.mirror import mirror_events, read_events
from tracker.publishing.json_events import render_json
from tracker.reading.places.fields import locate
from tracker.store import Store, open_store, queries, runs, sources


def all_of(store: Store) -> bytes:
    everything = Selection.from_query("past=all")
    with store.reading() as db:
        return render_json(queries.find_events(db, everything, NOW), everything, NOW)


@pytest.fixture
def practice(practice_data: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{practice_data / 'tracker.db'}")
    yield store
    store.close()


def test_a_mirror_publishes_the_same_bytes(practice: Store, tmp_path: Path) -> None:
    document = all_of(practice)
    mirror = an_empty_store(tmp_path)
    count = mirror_events(mirror, document, NOW)
    assert count == document.count(b'"first_seen"') > 70
    assert all_of(mirror) == document
    with practice.reading() as theirs, mirror.reading() as ours:
        for query in ("", "type=hackathon", "near=Berlin&within=300km", "deadline_within=30d"):
            selection = locate(Selection.from_query(query))
            assert [each.id for each in queries.find_rows(ours, selection, NOW)] == [
                each.id for each in queries.find_rows(theirs, selection, NOW)
            ]
        wanted = queries.find_events(theirs, Selection(), NOW)[0].event.id
        assert queries.entries_of_event(ours, wanted) == queries.entries_of_event(theirs, wanted)
        assert set(runs.last_successes(ours).values()) == {NOW}
    mirror.close()


def test_a_mirror_follows(practice: Store, tmp_path: Path) -> None:
    mirror = an_empty_store(tmp_path)
    mirror_events(mirror, all_of(practice), NOW)
    with practice.reading() as db:
        kept = queries.find_events(db, Selection.from_query("type=hackathon"), NOW)
    later = NOW + timedelta(hours=1)
    assert mirror_events(mirror, render_json(kept, Selection(), later), later) == 3
    with mirror.reading() as db:
        assert {each.event.id for each in queries.find_events(db, Selection(), NOW)} == {each.event.id for each in kept}
        assert max(runs.last_successes(db).values()) == later
        assert all(not source.enabled for source in sources.load_sources(db).values())
    mirror.close()


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"<html>", "not the events.json"),
        (b"[]", "not the events.json"),
        (b'{"schema": 99, "events": []}', "has the format 99"),
        (b'{"schema": 1, "events": [{"id": "x"}]}', "not the events.json"),
    ],
)
def test_what_is_no_feed_of_ours_is_said_and_changes_nothing(tmp_path: Path, document: bytes, says: str) -> None:
    mirror = an_empty_store(tmp_path)
    with pytest.raises(UsageError, match=says):
        mirror_events(mirror, document, NOW)
    mirror.close()


def test_a_store_that_is_crawled_into_is_left_alone(practice: Store, tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with pytest.raises(UsageError, match="crawled into"):
        mirror_events(store, all_of(practice), NOW)
    store.close()


def test_the_command_fetches_a_published_file(practice: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "events.json").write_bytes(all_of(practice))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    data = tmp_path / "data"
    data.mkdir()
    an_empty_store(data).close()
    monkeypatch.setenv("TRACKER_MIRROR_OF", f"http://127.0.0.1:{server.server_port}/events.json")
    monkeypatch.setenv("TRACKER_DATABASE_URL", address_of(data))
    result = CliRunner().invoke(app, ["mirror", "--data", str(data)], catch_exceptions=False)
    server.shutdown()
    server.server_close()
    assert "events of http://127.0.0.1" in result.output
    store = open_store(Settings.load(data).store_url)
    assert len(read_events(all_of(store))) > 70
    store.close()


@pytest.mark.parametrize("address", ["", "events.example.org", "file:///etc/passwd"])
def test_only_a_web_address_is_fetched(tmp_path: Path, address: str) -> None:
    result = CliRunner().invoke(app, ["mirror", *([address] if address else []), "--data", str(tmp_path)])
    assert isinstance(result.exception, UsageError)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass
