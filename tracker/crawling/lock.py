"""Locks a data folder, so that one crawl runs at a time; the kernel releases the lock when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import LockHeldError, StoreReadOnlyError


@contextmanager
def crawl_lock(data_dir: Path) -> Iterator[None]:
    """Hold the lock of a data folder.

    Raises:
        LockHeldError: another crawl holds it.
        StoreReadOnlyError: the folder cannot be written.
    """
    path = data_dir / "crawl.lock"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreReadOnlyError(
            f"The data folder {data_dir} cannot be written: {error.strerror}. Choose another with --data."
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeldError(f"Another crawl is running in {data_dir}. This one ends; the other goes on.") from error
        yield
    finally:
        os.close(handle)
