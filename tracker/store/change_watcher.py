"""Detects that the database has changed, cheaply enough to be called on every request."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Hashable
from contextlib import suppress

from tracker.store.database import Store
from tracker.store.queries import version

_ASK_EVERY = 1.0
"""Seconds between two queries to a database server."""


class ChangeWatcher:
    """Detects whether anything public may have changed. For one thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        database = store.engine.url.database
        self._path = database if store.engine.dialect.name == "sqlite" else None
        self._connection: sqlite3.Connection | None = None
        self.file: tuple[int, int] | None = None
        """Device and inode of the database file at the last check; None for a server."""
        self._asked_at = -_ASK_EVERY
        self._version: Hashable = None

    def stamp(self) -> Hashable:
        """Return a value that changes with every commit by other connections, and when the file is replaced.

        Raises:
            StoreError: the database cannot be read.
        """
        if self._path is not None:
            return self._stamp_of_file(self._path)
        if time.monotonic() - self._asked_at >= _ASK_EVERY:
            with self._store.reading() as db:
                self._version = version(db)
            self._asked_at = time.monotonic()
        return self._version

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _stamp_of_file(self, path: str) -> Hashable:
        try:
            found = os.stat(path)  # noqa: PTH116 - asked on every request
        except OSError:
            self.close()
            return None
        file = (found.st_dev, found.st_ino)
        if self._store.read_only is not None:
            self.file = file
            return self._store.read_only.stamp()
        if self._connection is None or file != self.file:
            self.close()
            self._connection, self.file = sqlite3.connect(path, check_same_thread=False), file
        with suppress(sqlite3.Error):
            # "Changes committed by any other connection" (SQLite's documentation); takes some microseconds.
            return (*file, self._connection.execute("PRAGMA data_version").fetchone()[0])
        return (*file, time.monotonic())
