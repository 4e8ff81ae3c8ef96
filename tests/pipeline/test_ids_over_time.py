"""Ids over the life of events: they stay, lead on, and come back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar

from tests.databases import sqlite_only
from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import say
from tracker.models.deadline import Deadline
from tracker.models.listing import Listing
from tracker.models.selection import Selection
from tracker.pipeline.build import build_events
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import build_calendar
from tracker.store import Store, change_log, maintenance, open_store, queries

DAY = date(2026, 12, 10)
OWN = a_listing(title="Interpretability Night Berlin", url="https://berlin.example/night", when=a_when(DAY))
THEIRS = a_listing(
    source="directory", source_id="rec1", title="Interpretability Night", url="https://berlin.example/night?ref=x",
    when=a_when(DAY + timedelta(days=9)),
)  # fmt: skip


def calendar(store: Store, days: int) -> dict[str, tuple[str, int]]:
    """Return status and SEQUENCE of each entry by event id."""
    with store.reading() as db:
        feed = build_calendar(db, FeedRequest(Selection(), NOW + timedelta(days=days)))
    entries = icalendar.Calendar.from_ical(feed.body).walk("VEVENT")
    return {
        str(entry["UID"]).partition("@")[0]: (str(entry["STATUS"]), int(str(entry["SEQUENCE"]))) for entry in entries
    }


def merged(listing: Listing) -> Listing:
    return listing.model_copy(update={"when": a_when(DAY)})


def test_an_id_that_is_merged_away_leads_on_and_is_struck_out(store: Store) -> None:
    (older,) = say(store, OWN, 0).new
    (younger,) = say(store, THEIRS, 1).new
    assert calendar(store, 1) == {older: ("CONFIRMED", 0), younger: ("CONFIRMED", 0)}
    refreshed = say(store, merged(THEIRS), 2)
    assert (refreshed.merged, refreshed.gone) == ([younger], [])
    assert calendar(store, 2)[younger] == ("CANCELLED", 1)
    assert calendar(store, 2)[older][0] == "CONFIRMED"
    with store.reading() as db:
        assert queries.find_event(db, younger).event.id == older
        assert [each.event.id for each in queries.find_events(db, Selection(), NOW)] == [older]
        assert queries.count_events(db, Selection(), NOW) == 1
        assert [change.after for change in change_log.changes_of_event(db, younger)][-1] == f"part of {older}"


def test_an_undone_merge_gives_both_their_ids_again(store: Store) -> None:
    (older,) = say(store, OWN, 0).new
    (younger,) = say(store, THEIRS, 1).new
    say(store, merged(THEIRS), 2)
    refreshed = say(store, THEIRS, 3)
    assert (refreshed.new, refreshed.gone, refreshed.merged) == ([], [], [])
    assert calendar(store, 3)[younger] == ("CONFIRMED", 2)
    with store.reading() as db:
        assert queries.find_event(db, younger).event.id == younger
        assert queries.count_events(db, Selection(), NOW) == 2
    assert calendar(store, 3).keys() == {older, younger}


def test_a_refresh_without_news_changes_nothing(store: Store) -> None:
    say(store, OWN, 0)
    say(store, THEIRS, 1)
    say(store, merged(THEIRS), 2)
    before = calendar(store, 2)
    refreshed = build_events(store, datetime(2027, 1, 1, tzinfo=UTC))
    assert (refreshed.new, refreshed.changed, refreshed.gone, refreshed.merged) == ([], [], [], [])
    assert calendar(store, 2) == before


@sqlite_only
def test_a_restored_backup_never_takes_a_sequence_back(store: Store, tmp_path: Path) -> None:
    day = a_listing(when=a_when(DAY), deadlines=(Deadline(at=DAY - timedelta(days=3), timezone="AoE"),))
    (event_id,) = say(store, day, 0).new
    maintenance.backup(store, tmp_path / "backup.db")
    for later in range(1, 4):
        say(store, day.model_copy(update={"when": a_when(DAY + timedelta(days=later))}), later)
    assert calendar(store, 4)[event_id] == ("CONFIRMED", 3)
    store.close()
    for path in tmp_path.glob("tracker.db-*"):
        path.unlink()
    (tmp_path / "backup.db").replace(tmp_path / "tracker.db")
    restored = open_store(store.url)
    assert calendar(restored, 4)[event_id] == ("CONFIRMED", 0)
    say(restored, day.model_copy(update={"when": a_when(DAY + timedelta(days=3))}), 5)
    entries = calendar(restored, 5)
    assert entries[event_id] == ("CONFIRMED", 4)
    assert min(sequence for _, sequence in entries.values()) >= 3, "deadlines too"
    say(restored, day.model_copy(update={"when": a_when(DAY + timedelta(days=4))}), 6)
    assert calendar(restored, 6)[event_id] == ("CONFIRMED", 5), "only once"
    restored.close()
