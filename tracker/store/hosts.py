"""Stores the throttling state of registrable domains: Retry-After, and the request slots that workers share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Double, cast, func, select, update
from sqlalchemy.dialects import postgresql

from tracker.store import schema
from tracker.store.bulk_writes import upsert

_SERVER_TIME = cast(func.extract("epoch", func.clock_timestamp()), Double)
"""Unix time of the database server, because the clocks of workers may differ."""
_LONGEST_DOMAIN = 255


def block_host(db: Connection, domain: str, until: datetime) -> None:
    """Store until when a domain asked for no requests (Retry-After)."""
    upsert(db, schema.host, [{"domain": domain[:_LONGEST_DOMAIN], "retry_at": until}])


def blocked_hosts(db: Connection, now: datetime) -> dict[str, datetime]:
    """Return the blocked domains, each with the instant at which its block ends."""
    table = schema.host
    rows = db.execute(select(table.c.domain, table.c.retry_at).where(table.c.retry_at > now))
    return {row.domain: row.retry_at for row in rows}


def delete_expired(db: Connection, now: datetime) -> None:
    """Clear the blocks that have ended."""
    table = schema.host
    db.execute(update(table).where(table.c.retry_at <= now).values(retry_at=None))


def reserve_slot(db: Connection, domain: str, delay: float) -> float:
    """Reserve the next request slot of a domain; return how many seconds ahead it is.

    The next reservation gets a slot at least ``delay`` seconds later, even if the process that holds this one dies.
    """
    table = schema.host
    first = postgresql.insert(table).values(domain=domain, next_slot=_SERVER_TIME + delay)
    following = func.greatest(table.c.next_slot, _SERVER_TIME) + delay
    reserved = first.on_conflict_do_update(index_elements=["domain"], set_={"next_slot": following})
    wait = db.execute(reserved.returning(table.c.next_slot - delay - _SERVER_TIME)).scalar_one()
    return float(wait)


def postpone_slots(db: Connection, domain: str, seconds: float) -> None:
    """Postpone the next request slot of a domain to at least this many seconds from now."""
    table = schema.host
    first = postgresql.insert(table).values(domain=domain, next_slot=_SERVER_TIME + seconds)
    later = func.greatest(table.c.next_slot, _SERVER_TIME + seconds)
    db.execute(first.on_conflict_do_update(index_elements=["domain"], set_={"next_slot": later}))
