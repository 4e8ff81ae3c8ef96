"""What was announced to which channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from tracker.store import schema
from tracker.store.columns import InstantText
from tracker.store.writing import upsert

_BEGINNING = "beginning"


def known(db: Connection, channel: str) -> set[str]:
    """Return the keys of the items that a channel was sent."""
    table = schema.announced
    return set(db.execute(select(table.c.item).where(table.c.channel == channel)).scalars())


def last(db: Connection, channel: str) -> datetime | None:
    """Return when a channel was last sent something."""
    table = schema.announced
    newest = func.max(table.c.sent_at, type_=InstantText())
    found: datetime | None = db.execute(select(newest).where(table.c.channel == channel)).scalar()
    return found


def begin(db: Connection, channel: str, since: datetime) -> datetime:
    """Return from when on a channel is told, which is decided the first time."""
    table = schema.announced
    known_since = select(table.c.sent_at).where(table.c.channel == channel, table.c.item == _BEGINNING)
    found: datetime | None = db.execute(known_since).scalar()
    if found is not None:
        return found
    save(db, channel, [_BEGINNING], since)
    return since


def save(db: Connection, channel: str, items: Iterable[str], now: datetime) -> None:
    """Remember what a channel was sent."""
    upsert(db, schema.announced, [{"channel": channel, "item": item, "sent_at": now} for item in items])
