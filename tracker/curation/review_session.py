"""Review session: opens the store for rulings, and rebuilds the events that they change when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.lock import crawl_lock
from tracker.curation.decisions import ActiveRuling
from tracker.curation.rulings_file import restore_backup, write_backup
from tracker.pipeline.build import build_events
from tracker.pipeline.planning import BuildResult
from tracker.store import open_store


@dataclass(slots=True)
class ReviewSession:
    """An open session and its result."""

    db: Connection
    now: datetime
    done: list[ActiveRuling] = field(default_factory=list)
    is_kept: bool = False
    """True once the rulings are committed; after that an error only delays their publication."""
    refreshed: BuildResult = field(default_factory=BuildResult)
    """What the rulings changed; set when the session ends."""


@contextmanager
def review_session(settings: Settings, *, create: bool = False) -> Iterator[ReviewSession]:
    """Open the store for rulings, and publish what they change.

    An error within the session changes nothing; what cannot be published now is published by the next crawl.

    Raises:
        LockHeldError: a crawl is running.
        StoreError: there is no database, or it cannot be written.
        RulingError: the rulings file of a new database cannot be read.
    """
    now = current_time()
    with crawl_lock(settings.data_dir):
        store = open_store(settings.store_url, create=create)
        try:
            restore_backup(store, settings.data_dir, now)
            with store.writing() as db:
                session = ReviewSession(db, now)
                yield session
                write_backup(db, settings.data_dir)
            session.is_kept = True
            session.refreshed = build_events(store, now)
        finally:
            store.close()
