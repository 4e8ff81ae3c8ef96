"""Reads a SQLite database that this user may not write: a mounted backup, or the file of a service.

SQLite wants to write even to read, because the readers of a WAL database share an index file (``-shm``). Where it may
not, one of three ways is left, chosen at each connection:

- a writer has the database open, so both side files exist: SQLite joins it (``mode=ro``);
- nothing is pending (no ``-wal``, or an empty one): the file is read as it is (``immutable=1``), without a lock;
- a ``-wal`` without its index, as a crash or a backup leaves it: both are copied into a temporary folder.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from tracker.errors import StoreError, StoreUnreadableError

Stamp = tuple[int, ...]
_TRIES = 4


def may_write(path: Path) -> bool:
    """Return whether this user may write a database file, and the side files beside it."""
    return _may(path, os.W_OK) and _may(path.parent, os.W_OK)


def file_stamp(path: Path) -> Stamp:
    """Return numbers that change when a file is written or replaced; empty if there is none."""
    with suppress(FileNotFoundError):
        found = path.stat()
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    return ()


class ReadOnlyFile:
    """A SQLite file that cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wal = path.with_name(path.name + "-wal")
        self._shm = path.with_name(path.name + "-shm")
        self._copy = Path()
        self._forget: Callable[[], object] = bool
        self._copied: tuple[Stamp, Stamp] | None = None

    def stamp(self) -> tuple[Stamp, Stamp]:
        """Return a value that changes with every commit of a writer."""
        return file_stamp(self.path), file_stamp(self._wal)

    def connect(self) -> sqlite3.Connection:
        """Return a connection for reading.

        Raises:
            StoreUnreadableError: this user may not read it.
            StoreError: a writer does not let it be copied.
        """
        for path in (self.path, self._wal):
            if path.exists() and not _may(path, os.R_OK):
                raise StoreUnreadableError(
                    f"The database {self.path} cannot be read: this user has no permission to read {path.name}. Ask "
                    f"its owner for it (chmod a+r {path}), or choose another with --data."
                )
        if self._is_joined():
            with suppress(sqlite3.Error):
                return _open(self.path, "mode=ro")
        return _open(self._copied_file(), "mode=ro") if self._is_pending() else _open(self.path, "immutable=1")

    def close(self) -> None:
        """Delete the copy."""
        self._copied = None
        self._forget()

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Make sure that what is read inside is of one piece, also where no lock keeps a writer away.

        Raises:
            StoreError: the file was written meanwhile.
        """
        is_safe, before = self._is_joined() or self._is_pending(), file_stamp(self.path)
        yield
        if not is_safe and file_stamp(self.path) != before:
            raise StoreError(f"The database {self.path} was written while it was read. Try again.")

    def _is_joined(self) -> bool:
        return self._wal.exists() and _may(self._shm, os.R_OK)

    def _is_pending(self) -> bool:
        return self._wal.exists() and self._wal.stat().st_size > 0

    def _copied_file(self) -> Path:
        """Copy the database and its WAL; a copy that is still current, also after it was made, is used."""
        for _ in range(_TRIES):
            stamp = self.stamp()
            if stamp == self._copied:
                return self._copy / self.path.name
            self.close()
            try:
                self._copy = Path(mkdtemp(prefix="tracker-"))
                self._forget = weakref.finalize(self, shutil.rmtree, self._copy, ignore_errors=True)
                for path in (self.path, self._wal):
                    shutil.copyfile(path, self._copy / path.name)
            except OSError as error:
                raise StoreError(
                    f"The database {self.path} cannot be written, and not be copied to be read: {error}. Make room in "
                    "the folder for temporary files (TMPDIR)."
                ) from error
            self._copied = stamp
        raise StoreError(f"The database {self.path} is being written, and cannot be read just now. Try again.")


def _may(path: Path, how: int) -> bool:
    return os.access(path, how, effective_ids=os.access in os.supports_effective_ids)


def _open(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
