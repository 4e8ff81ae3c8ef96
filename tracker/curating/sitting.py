"""A sitting: the store is open for rulings, and what they change is published when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.lock import crawl_lock
from tracker.curating.decisions import Decided
from tracker.curating.files import keep_beside, restore
from tracker.refreshing.outcome import Refreshed
from tracker.refreshing.refresh import refresh_events
from tracker.store import open_store


@dataclass(slots=True)
class Sitting:
    """What one decides in, and what came of it."""

    db: Connection
    now: datetime
    done: list[Decided] = field(default_factory=list)
    is_kept: bool = False
    """True once the rulings stand; from then on an error only keeps them from being published yet."""
    refreshed: Refreshed = field(default_factory=Refreshed)
    """What the rulings changed; known once the sitting has ended."""


@contextmanager
def deciding(settings: Settings, *, create: bool = False) -> Iterator[Sitting]:
    """Open the store for rulings, and publish what they change.

    An error within changes nothing; what cannot be published now is with the next crawl.


    Raises:
        LockHeldError: a crawl is running.
        StoreError: there is no database, or it cannot be written.
    """
    now = current_time()
    with crawl_lock(settings.data_dir):
        store = open_store(settings.store_url, create=create)
        try:
            restore(store, settings.data_dir, now)
            with store.writing() as db:
                sitting = Sitting(db, now)
                yield sitting
                keep_beside(db, settings.data_dir)
            sitting.is_kept = True
            sitting.refreshed = refresh_events(store, now)
        finally:
            store.close()
