"""Defines the tables of what was sent to which channel."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, Text

from tracker.store.column_types import InstantText
from tracker.store.column_types import sorted_text as _text


def notification_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Return the items that were sent to a channel, so that each is sent once; and how sending to each channel goes."""
    notification = Table(
        "notification",
        metadata,
        Column("channel", _text(16), primary_key=True),
        Column("item", _text(80), primary_key=True),
        Column("sent_at", InstantText, nullable=False),
    )
    delivery = Table(
        "delivery",
        metadata,
        Column("subscription", _text(60), primary_key=True),
        Column("channel", _text(16), primary_key=True),
        Column("began_at", InstantText, nullable=False),
        # Number of the last change before it began.
        Column("began_after", Integer, nullable=False),
        Column("last_sent_at", InstantText),
        # Since when a run has the channel for itself; it has it for ten minutes at most.
        Column("claimed_at", InstantText),
        # Keys of the message that is being sent, as JSON; still there after a crash.
        Column("sending", Text, nullable=False, server_default=""),
        Column("failing_since", InstantText),
        Column("failures", Integer, nullable=False, server_default="0"),
        Column("problem", _text(255), nullable=False, server_default=""),
    )
    return notification, delivery
