"""Opens the store for commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def reading_store(data: Path | None) -> Iterator[Connection]:
    """Open the store of a data folder for reading.

    Raises:
        StoreError: there is no store, or it cannot be read.
    """
    from tracker.config import Settings
    from tracker.store import open_store

    store = open_store(Settings.load(data).store_url)
    try:
        with store.reading() as db:
            yield db
    finally:
        store.close()
