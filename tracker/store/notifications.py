"""Stores which items were sent to which channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from tracker.store import schema
from tracker.store.bulk_writes import upsert
from tracker.store.column_types import InstantText

_BEGINNING = "beginning"


def sent_items(db: Connection, channel: str) -> set[str]:
    """Return the keys of the items that were sent to a channel."""
    table = schema.notification
    return set(db.execute(select(table.c.item).where(table.c.channel == channel)).scalars())


def last_sent_at(db: Connection, channel: str) -> datetime | None:
    """Return when something was last sent to a channel."""
    table = schema.notification
    newest = func.max(table.c.sent_at, type_=InstantText())
    found: datetime | None = db.execute(select(newest).where(table.c.channel == channel)).scalar()
    return found


def first_notified_at(db: Connection, channel: str, since: datetime) -> datetime:
    """Return the instant from which on changes are sent to a channel; the first call sets it to ``since``."""
    table = schema.notification
    known_since = select(table.c.sent_at).where(table.c.channel == channel, table.c.item == _BEGINNING)
    found: datetime | None = db.execute(known_since).scalar()
    if found is not None:
        return found
    save_sent(db, channel, [_BEGINNING], since)
    return since


def save_sent(db: Connection, channel: str, items: Iterable[str], now: datetime) -> None:
    """Record that items were sent to a channel."""
    upsert(db, schema.notification, [{"channel": channel, "item": item, "sent_at": now} for item in items])
