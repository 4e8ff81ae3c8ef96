"""Finds the events whose day depends on the clock of whoever reads about them."""

from __future__ import annotations

from sqlalchemy import Connection, select

from tracker.store import schema
from tracker.store.filters import IS_LISTED


def ids_without_a_place(db: Connection) -> set[str]:
    """Return the ids of listed events that begin at an instant and have no place."""
    # Canonical JSON: within a text, a quote would stand behind a backslash.
    document = schema.event.c.document
    wanted = (IS_LISTED, document.contains('"precision":"exact"'), ~document.contains('"places":[{'))
    return set(db.execute(select(schema.event.c.id).where(*wanted)).scalars())
