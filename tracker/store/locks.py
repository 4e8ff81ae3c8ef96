"""What only one may do at a time, on whatever machine: PostgreSQL keeps the lock, and frees it when its holder is gone.

SQLite has one machine and one writer; there the transaction is enough.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Connection, func, select


class Alone(IntEnum):
    """What is locked; the numbers are the same everywhere, and nobody else's in the database."""

    CRAWLING = 0x7AC4E6
    PUBLISHING = 0x7AC4E7
    MAKING_THE_QUEUE = 0x7AC4E8
    SAVING_EVENTS = 0x7AC4E9


def be_alone(db: Connection, at: Alone) -> None:
    """Wait until nobody else is at it; nobody else begins until this transaction ends."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(int(at))))


def be_together(db: Connection, at: Alone) -> None:
    """Wait until nobody is alone at it; others may be at it together with us until this transaction ends."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock_shared(int(at))))
