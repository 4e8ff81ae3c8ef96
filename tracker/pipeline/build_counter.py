"""Counts the builds, so that a database restored from a backup is noticed: a SEQUENCE must never go back.

The count stands in the database and in a file beside it. A backup brings an older count along; the difference is the
most by which any entry's SEQUENCE has risen since. RFC 5545 section 3.8.7.4: programs ignore what has a lower one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, make_url

from tracker.publishing.atomic_files import write_file
from tracker.publishing.ical.vevent import with_version
from tracker.store import Store, build_state, events
from tracker.store.events import RenderedEvent

_BATCH = 500


def count_beside(store: Store) -> int:
    """Return the count in the file beside a database of SQLite; 0 if there is none."""
    path = _path(store)
    try:
        return int(path.read_text("ascii")) if path is not None else 0
    except (OSError, ValueError):
        return 0


def is_restored(store: Store) -> bool:
    """Return whether the database is older than what was built from it: a backup, which has to be built first."""
    with store.reading() as db:
        return count_beside(store) > build_state.load_build_count(db)


def note_beside(store: Store, count: int) -> None:
    """Write the count into the file beside the database."""
    path = _path(store)
    if path is not None and count > count_beside(store):
        write_file(path, f"{count}\n".encode())


def catch_up(db: Connection, beside: int, now: datetime) -> int:
    """Return the count of the database, after raising each SEQUENCE by as many builds as a restored database lacks."""
    count = build_state.load_build_count(db)
    if beside <= count:
        return count
    ids = sorted(events.load_stubs(db))
    for at in range(0, len(ids), _BATCH):
        rendered = events.load_rendered(db, ids[at : at + _BATCH]).values()
        events.save_events(db, [_raised(each, beside - count, now) for each in rendered])
    return beside


def _raised(old: RenderedEvent, by: int, now: datetime) -> RenderedEvent:
    sequence = old.published.sequence + by
    return replace(
        old,
        published=old.published.model_copy(update={"sequence": sequence, "changed_at": now}),
        vevent=None if old.vevent is None else with_version(old.vevent, sequence, now),
        deadlines=tuple(
            replace(
                each,
                vevent=with_version(each.vevent, each.sequence + by, now),
                sequence=each.sequence + by,
                changed_at=now,
            )
            for each in old.deadlines
        ),
    )


def _path(store: Store) -> Path | None:
    url = make_url(store.url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(f"{url.database}.builds")
