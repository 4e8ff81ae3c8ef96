"""Signs of life from a thread of its own: the event loop of a worker may be busy for longer than others wait."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event, Thread
from typing import Self

from tracker.errors import StoreError
from tracker.store import Store, turns

_HANGS_AFTER = 20
"""So many beats without a word from the event loop: it will not come back, and others shall do its jobs."""


class Heartbeat:
    """Tells the queue, every so many seconds, that this worker lives. A context.

    Attributes:
        worker: its number in the queue, when it is known.
    """

    def __init__(self, store: Store, every: float) -> None:
        self._store, self._every = store, every
        self._stops = Event()
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)
        self.worker: int | None = None
        self.heard_of_loop()

    def heard_of_loop(self) -> None:
        """Note that the event loop gets on."""
        self._heard_at = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stops.set()
        self._thread.join(self._every)

    def _beat(self) -> None:
        while not self._stops.wait(self._every):
            hangs = time.monotonic() - self._heard_at > _HANGS_AFTER * self._every
            if self.worker is None or hangs:
                continue
            # Without a server the worker ends by itself.
            with suppress(StoreError), self._store.writing() as db:
                turns.sign_of_life(db, self.worker)
