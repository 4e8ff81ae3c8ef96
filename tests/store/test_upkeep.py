from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.databases import sqlite_only
from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import mention, say
from tracker.errors import UsageError
from tracker.models.selection import Selection
from tracker.pipeline.build import build_events
from tracker.store import Store, change_log, listings, maintenance, open_store, queries

LONG_AGO, SOON = date(2025, 12, 3), date(2026, 12, 3)


@pytest.fixture
def filled(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with an event of a year ago and one to come, crawled a year ago and many times since."""
    say(store, a_listing(source_id="old", title="Last year's school", url=None, when=a_when(LONG_AGO)), days=-400)
    say(store, a_listing(source_id="new", title="A talk to come", url=None, when=a_when(SOON)), days=-300)
    monkeypatch.setattr(maintenance, "RUNS_KEPT", 5)
    for days in range(-299, 0, 20):
        mention(store, a_listing(source="forum", title="Meetup", url=None, when=a_when(date(2027, 2, 1))), days)
    build_events(store, NOW - timedelta(days=19))
    return store


def test_what_is_long_over_is_thinned_and_what_is_to_come_never(filled: Store) -> None:
    with filled.reading() as db:
        before = [each.event for each in queries.find_events(db, Selection(past="all"), NOW)]
    with filled.writing() as db:
        pruned = maintenance.prune(db, NOW - timedelta(days=180))
    assert (pruned.raw_listings, pruned.runs) == (1, 6), "the last runs of each source stay, and what is younger"
    maintenance.compact(filled)
    with filled.reading() as db:
        assert [each.event for each in queries.find_events(db, Selection(past="all"), NOW)] == before
        raw = {each.source_id: listings.load_raw(db, each.key) for each in listings.load_listings(db)}
        assert list(maintenance.integrity_errors(db)) == []
    assert raw["new"].starts == str(SOON)
    assert (raw["old"].title, raw["old"].starts) == ("Last year's school", "")


def test_the_history_of_what_is_over_is_thinned(store: Store) -> None:
    for day, title in ((-400, "School"), (-399, "Winter school"), (-398, "Winter school in Berlin")):
        say(store, a_listing(source_id="old", title=title, url=None, when=a_when(LONG_AGO)), days=day)
    with store.writing() as db:
        (event_id,) = queries.ids_with_page(db)
        assert [each.field for each in change_log.changes_of_event(db, event_id)] == ["event", "title", "title"]
        assert maintenance.prune(db, NOW - timedelta(days=180)).changes == 2
        assert [each.field for each in change_log.changes_of_event(db, event_id)] == ["event"]


@sqlite_only
def test_a_backup_opens_and_holds_everything(filled: Store, tmp_path: Path) -> None:
    copy = tmp_path / "a folder?" / "copy.db"
    with filled.writing() as db:  # others go on
        db.exec_driver_sql("SELECT 1")
        maintenance.backup(filled, copy)
    opened = open_store(f"sqlite:///{copy}")
    with filled.reading() as db, opened.reading() as other:
        assert maintenance.counts(other) == maintenance.counts(db)
    opened.close()
    with pytest.raises(UsageError, match="nothing was overwritten"):
        maintenance.backup(filled, copy)
    assert sorted(path.name for path in copy.parent.iterdir()) == ["copy.db"]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("UPDATE event SET document = '{}'", "cannot be read"),
        ("UPDATE listing_document SET document = 'x' WHERE source_id = 'new'", "listing new cannot be read"),
        ("DELETE FROM listing_document WHERE source_id = 'old'", "of berlin old there is no row in listing_document"),
        ("DELETE FROM listing WHERE source_id = 'old'", "berlin old is counted to an event, but not there"),
        (
            "UPDATE membership SET event_id = 'none' WHERE source_id = 'old'",
            "the event none of berlin old is not there",
        ),
    ],
)
def test_a_fault_is_named(filled: Store, fault: str, says: str) -> None:
    with filled.writing() as db:
        assert list(maintenance.integrity_errors(db)) == []
        db.exec_driver_sql(fault)
    with filled.reading() as db:
        assert says in " ".join(maintenance.integrity_errors(db))
