"""Opens the store once for all visitors, and notices when it has changed."""

from __future__ import annotations

import threading
from collections.abc import Hashable

import streamlit as st

from dashboard.settings import settings
from tracker.errors import StoreError
from tracker.store import open_store, queries
from tracker.web.store_reader import StoreReader


class SharedStore:
    """The store of one database URL, shared by all visitors."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.data = StoreReader(settings())
        self._lock = threading.Lock()
        self._stamp: Hashable = None
        self._version = ""

    def version(self) -> str:
        """Return a text that changes whenever anything public may have changed.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._lock:
            stamp = self.data.stamp()
            if stamp is None:
                # Raises an error that says what is wrong.
                open_store(self.url).close()
                raise StoreError("The database cannot be read just now. Try again in a minute.")
            if stamp != self._stamp or not self._version:
                # Checks the schema, because a newer version may have upgraded it.
                open_store(self.url).close()
                with self.data.reading() as db:
                    self._version = f"{self.data.file} {queries.version(db)}"
                self._stamp = stamp
            return self._version


@st.cache_resource(max_entries=4, show_spinner=False)
def shared_store(url: str) -> SharedStore:
    """Return the store of a database URL."""
    return SharedStore(url)
