"""Which domains asked to be left alone: kept at once, so that neither a crash nor a restart forgets it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from tracker.store import schema
from tracker.store.writing import upsert


def keep_quiet(db: Connection, domain: str, until: datetime) -> None:
    """Remember until when a domain is left alone."""
    upsert(db, schema.host, [{"domain": domain[:255], "quiet_until": until}])


def quiet_hosts(db: Connection, now: datetime) -> dict[str, datetime]:
    """Return until when which domains are left alone."""
    table = schema.host
    rows = db.execute(select(table).where(table.c.quiet_until > now))
    return {row.domain: row.quiet_until for row in rows}


def forget_quiet(db: Connection, now: datetime) -> None:
    """Forget what is over."""
    db.execute(delete(schema.host).where(schema.host.c.quiet_until <= now))
