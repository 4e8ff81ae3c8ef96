"""Opens the store for web requests: once, and again when it appears or is replaced."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from tracker.config import Settings
from tracker.errors import StoreError
from tracker.store import Store, open_store
from tracker.store.change_watcher import ChangeWatcher


class StoreReader:
    """Reads the store that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.store_url
        self._store: Store | None = None
        self._watch: ChangeWatcher | None = None

    @property
    def file(self) -> Hashable:
        """Identity of the database file: changes after a backup was restored."""
        return self._watch.file if self._watch else None

    def stamp(self) -> Hashable:
        """Return a value that changes whenever the data change; None without data. Call it from one thread only."""
        try:
            if self._watch is None:
                self._store = open_store(self._url)
                self._watch = ChangeWatcher(self._store)
            found = self._watch.stamp()
        except StoreError:
            found = None
        if found is None:
            self._store = self._watch = None
        return found

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open the store for reading.

        Raises:
            StoreError: there is no store, or it cannot be read.
        """
        store = self._store or open_store(self._url)
        with store.reading() as db:
            yield db
        if store is not self._store:
            store.close()
