"""Mutual exclusion of processes and machines: advisory locks, and the leases of workers on the jobs they run.

Everything here acts on PostgreSQL only; SQLite is on one machine and has one writer, so a transaction is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects import postgresql

from tracker.errors import LeaseLostError
from tracker.models.moments import stamp
from tracker.store import schema


class AdvisoryLock(IntEnum):
    """Keys of PostgreSQL's advisory locks; constant across versions."""

    CRAWLING = 0x7AC4E6
    PUBLISHING = 0x7AC4E7
    QUEUE_TABLES = 0x7AC4E8


def lock_exclusively(db: Connection, lock: AdvisoryLock) -> None:
    """Wait for the lock and hold it until the transaction ends."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(int(lock))))


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of a worker to crawl the sources of a host, given by the queue's row of the job that it runs.

    The queue allows one running job for each host. The job of a worker that is taken for dead is retried by another
    one, which raises ``attempt``: the fencing token by which a late write of the first worker is recognised.
    """

    domain: str
    job: int
    attempt: int


def check_lease(db: Connection, lease: Lease) -> None:
    """Check that the job still belongs to this worker, and lock its row until the transaction ends.

    Raises:
        LeaseLostError: another worker has taken over the job.
    """
    row = "SELECT 1 FROM procrastinate_jobs WHERE id = :job AND status = 'doing' AND attempts = :attempt FOR SHARE"
    if db.execute(text(row), {"job": lease.job, "attempt": lease.attempt}).first() is None:
        raise LeaseLostError(f"Another worker has taken over {lease.domain}. What this one fetched is not recorded.")


def claim(db: Connection, name: str, now: datetime, every: timedelta) -> bool:
    """Claim a periodic task; return True to the first caller after ``every`` has passed since the last claim."""
    table = schema.marker
    first = postgresql.insert(table).values(name=name, value=stamp(now))
    is_due = table.c.value <= stamp(now - every)
    claimed = first.on_conflict_do_update(index_elements=["name"], set_={"value": stamp(now)}, where=is_due)
    return db.execute(claimed.returning(table.c.name)).first() is not None


def record_heartbeat(db: Connection, worker: int) -> None:
    """Record a heartbeat of a queue worker; register it again if others have removed it as stalled."""
    statement = """
        INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE VALUES (:worker, now())
        ON CONFLICT (id) DO UPDATE SET last_heartbeat = now()
    """
    db.execute(text(statement), {"worker": worker})
