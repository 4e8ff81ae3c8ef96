"""Stores which items were sent to which channel, and how sending to the channels of subscriptions goes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, select, type_coerce, update

from tracker.models.event import Change, PublishedEvent
from tracker.store import schema
from tracker.store.bulk_writes import upsert
from tracker.store.column_types import InstantText
from tracker.store.events import to_published_event
from tracker.store.filters import IS_LISTED

LEASE = timedelta(minutes=10)
"""How long a run has a channel for itself; a run that is killed leaves it for as long."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """How sending to one channel of one subscription goes."""

    subscription: str
    channel: str
    began_at: datetime
    began_after: int
    """Number of the last change before it began: only later ones are news."""
    last_sent_at: datetime | None
    claimed_at: datetime | None
    """Since when a run has it for itself."""
    sending: tuple[str, ...]
    """Keys of the message that was being sent; if its run is gone, whether it arrived is not known."""
    failing_since: datetime | None
    failures: int
    problem: str


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


def save_sent(db: Connection, channel: str, items: Iterable[str], now: datetime) -> None:
    """Record that items were sent to a channel."""
    upsert(db, schema.notification, [{"channel": channel, "item": item, "sent_at": now} for item in items])


def load_deliveries(db: Connection, subscription: str | None = None) -> dict[tuple[str, str], Delivery]:
    """Return the deliveries of one subscription or of all, by (subscription, channel)."""
    table = schema.delivery
    wanted = select(table) if subscription is None else select(table).where(table.c.subscription == subscription)
    found = [
        Delivery(
            row.subscription, row.channel, row.began_at, row.began_after, row.last_sent_at, row.claimed_at,
            tuple(json.loads(row.sending or "[]")), row.failing_since, row.failures, row.problem,
        )
        for row in db.execute(wanted)
    ]  # fmt: skip
    return {(each.subscription, each.channel): each for each in found}


def begin_delivery(db: Connection, subscription: str, channel: str, now: datetime) -> None:
    """Record from when on a subscription tells a channel what happens."""
    # The number of a change, not its time: a build that is running will commit changes of before ``now``.
    last = db.execute(select(func.max(schema.change.c.id))).scalar() or 0
    row = {"subscription": subscription, "channel": channel, "began_at": now, "began_after": last}
    upsert(db, schema.delivery, [row], keep=["began_at", "began_after"])


def claim(db: Connection, subscription: str, channel: str, now: datetime) -> bool:
    """Reserve a channel for this run; return whether no other run has it, be it for another subscription."""
    table = schema.delivery
    # Locked until the transaction ends; SQLite has one writer anyway.
    claims = db.execute(select(table.c.claimed_at).where(table.c.channel == channel).with_for_update()).scalars()
    # A claim of the future comes from a run while the clock was wrong.
    if any(each is not None and abs(now - each) < LEASE for each in claims):
        return False
    db.execute(update(table).where(_is(subscription, channel)).values(claimed_at=now))
    return True


def release(db: Connection, subscription: str, channel: str) -> None:
    """Give a channel back."""
    db.execute(update(schema.delivery).where(_is(subscription, channel)).values(claimed_at=None))


def save_sending(db: Connection, subscription: str, channel: str, keys: Iterable[str]) -> None:
    """Record what is about to be sent, so that a run after a crash knows that it may have arrived."""
    db.execute(update(schema.delivery).where(_is(subscription, channel)).values(sending=json.dumps(list(keys))))


def save_delivered(db: Connection, subscription: str, channel: str, items: Iterable[str], now: datetime) -> None:
    """Record that a message was accepted, together with the items in it."""
    save_sent(db, channel, items, now)
    values = {"sending": "", "last_sent_at": now, "failing_since": None, "failures": 0, "problem": ""}
    db.execute(update(schema.delivery).where(_is(subscription, channel)).values(values))


def save_failure(db: Connection, subscription: str, channel: str, problem: str, now: datetime) -> None:
    """Record that a message was not accepted; it is sent again by the next run."""
    table = schema.delivery
    values = {
        "sending": "",
        "failing_since": func.coalesce(table.c.failing_since, type_coerce(now, InstantText())),
        "failures": table.c.failures + 1,
        "problem": problem,
    }
    db.execute(update(table).where(_is(subscription, channel)).values(values))


def forget_subscription(db: Connection, subscription: str, marks: str) -> None:
    """Remove a subscription's deliveries, and its items that begin with ``marks``; what was sent stays known."""
    db.execute(delete(schema.delivery).where(schema.delivery.c.subscription == subscription))
    db.execute(delete(schema.notification).where(schema.notification.c.item.startswith(marks, autoescape=True)))


def changes_among(
    db: Connection, ids: Iterable[str], after: int, since: datetime
) -> list[tuple[int, Change, PublishedEvent]]:
    """Return the changes of listed events after a change and a time, oldest first: (number, change, event now)."""
    change, event = schema.change, schema.event
    wanted = sorted(ids)
    found = []
    for start in range(0, len(wanted), _BATCH):
        rows = db.execute(
            select(change.c.id.label("number"), change.c.document.label("what"), event)
            .join(event, event.c.id == change.c.event_id)
            .where(IS_LISTED, change.c.id > after, change.c.at > since, event.c.id.in_(wanted[start : start + _BATCH]))
            .order_by(change.c.id)
        )
        found += [(row.number, Change.model_validate_json(row.what), to_published_event(row)) for row in rows]
    return found


def merged_into(db: Connection, ids: set[str]) -> set[str]:
    """Return the events that some of these were merged into."""
    event = schema.event.c
    pairs: dict[str, str] = {
        row[0]: row[1] for row in db.execute(select(event.id, event.merged_into).where(event.merged_into.is_not(None)))
    }
    targets = set()
    for event_id in ids & pairs.keys():
        seen = {event_id}
        while (target := pairs.get(event_id)) is not None and target not in seen:
            seen.add(target)
            event_id = target
        targets.add(event_id)
    return targets


def _is(subscription: str, channel: str) -> ColumnElement[bool]:
    table = schema.delivery
    return (table.c.subscription == subscription) & (table.c.channel == channel)
