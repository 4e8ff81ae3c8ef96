"""Shares request slots, leases on hosts and heartbeats between workers through the database."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event, Thread
from typing import Self

from tracker.errors import StoreError
from tracker.store import Store, hosts, locking
from tracker.store.locking import Lease

_STUCK_AFTER = 20
"""Number of intervals without progress of the event loop after which the worker is stuck and sends no heartbeats."""


class DatabaseRateLimiter:
    """The request slots of all workers, as a ``SharedRateLimiter``.

    Without it a worker that takes over a site right after another died would not know when it was last requested:
    ``test_two_workers_that_are_killed_lose_nothing_and_are_polite`` measures the gaps.

    Args:
        store: a store on PostgreSQL.
        delay: seconds between two requests to one site.
    """

    def __init__(self, store: Store, delay: float) -> None:
        self._store, self._delay = store, delay
        self._leases: dict[str, Lease] = {}

    def acquire(self, lease: Lease) -> None:
        """Use a lease for requests to its host. After a takeover one slot is skipped: a request may be in flight."""
        self._leases[lease.domain] = lease
        if lease.attempt:
            with self._store.writing() as db:
                hosts.reserve_slot(db, lease.domain, self._delay)

    def release(self, lease: Lease) -> None:
        """Stop using a lease whose job has ended: requests to its host are then those of other sources' pages."""
        if self._leases.get(lease.domain) == lease:
            del self._leases[lease.domain]

    def reserve(self, domain: str, delay: float) -> float:
        """Reserve the next request slot of a domain; return how many seconds ahead it is.

        Raises:
            LeaseLostError: another worker crawls the domain now. A domain without a lease (of a page on another site
                that a source requests) needs none.
        """
        with self._store.writing() as db:
            if (lease := self._leases.get(domain)) is not None:
                locking.check_lease(db, lease)
            return hosts.reserve_slot(db, domain, delay)

    def postpone(self, domain: str, seconds: float) -> None:
        """Postpone the next request slot of a domain to at least this many seconds from now."""
        with self._store.writing() as db:
            hosts.postpone_slots(db, domain, seconds)


class Heartbeat:
    """Records heartbeats of this worker from a thread, as a context manager.

    Procrastinate's own heartbeat runs in the event loop, which a large page or a publication blocks for longer than
    others wait; ``test_a_worker_that_was_struck_off_is_on_the_list_again`` fails without the thread.

    Attributes:
        worker: the worker's number in the queue, once it is known.
    """

    def __init__(self, store: Store, every: float) -> None:
        self._store, self._every = store, every
        self._stops = Event()
        self._thread = Thread(target=self._run, name="heartbeat", daemon=True)
        self.worker: int | None = None
        self.loop_is_alive()

    def loop_is_alive(self) -> None:
        """Record that the event loop makes progress."""
        self._loop_seen_at = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stops.set()
        self._thread.join(self._every)

    def _run(self) -> None:
        while not self._stops.wait(self._every):
            is_stuck = time.monotonic() - self._loop_seen_at > _STUCK_AFTER * self._every
            if self.worker is None or is_stuck:
                continue
            # If the server is gone, the worker ends by itself.
            with suppress(StoreError), self._store.writing() as db:
                locking.record_heartbeat(db, self.worker)
