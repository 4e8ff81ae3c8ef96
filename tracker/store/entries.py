"""Stored calendar entries: read from the tables, or kept in memory by a server, which then reads only what changed."""

from __future__ import annotations

from collections.abc import Collection
from operator import itemgetter
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, String, func, literal, select, true, type_coerce

from tracker.store import schema
from tracker.store.column_types import InstantText

MOST_BYTES = 256 * 2**20
"""Above this nothing is kept, and entries are read from the store each time."""


class Entry(NamedTuple):
    """A stored entry, and what it is sorted by: start, event, part."""

    begins_at: str
    event_id: str
    part: str
    """Empty for the event's own entry, else which deadline it is."""
    vevent: bytes
    changed_at: str


def read_entries(db: Connection, those: ColumnElement[bool]) -> list[Entry]:
    """Return the entries of the events for which a condition holds, by start, event and part."""
    event, part = schema.event, schema.deadline_entry
    own = (event.c.begins_at, event.c.id, literal(""), event.c.vevent, event.c.changed_at)
    rows = [*db.execute(select(*map(_as_stored, own)).where(event.c.vevent.is_not(None), those))]
    deadlines = (part.c.begins_at, part.c.event_id, part.c.part, part.c.vevent, part.c.changed_at)
    rows += db.execute(select(*map(_as_stored, deadlines)).where(part.c.event_id.in_(select(event.c.id).where(those))))
    return sorted(map(Entry._make, rows))


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    # Thousands of instants are only sorted by: they stay the texts they are stored as.
    return type_coerce(column, String) if isinstance(column.type, InstantText) else column


class EntryCache:
    """All entries of a store, in order. For several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._saved = -1
        self._by_event: dict[str, list[Entry]] = {}
        self._entries: list[Entry] = []
        self._bytes = 0

    def every_entry(self, db: Connection) -> list[Entry] | None:
        """Return all entries in order; None if there are too many to keep."""
        with self._lock:
            self._follow(db)
            return self._entries if self._bytes <= MOST_BYTES else None

    def entries(self, db: Connection, ids: Collection[str]) -> list[Entry] | None:
        """Return the entries of these events in order; None if there are too many to keep."""
        entries = self.every_entry(db)
        if entries is None:
            return None
        by_event = self._by_event
        if len(ids) < len(by_event) // 4:
            return sorted(entry for each in ids for entry in by_event.get(each, ()))
        chosen = set(ids)
        return [entry for entry in entries if entry.event_id in chosen]

    def count(self) -> int:
        """Return of how many events entries are kept, with those that have none."""
        return len(self._by_event)

    def _follow(self, db: Connection) -> None:
        event = schema.event
        last, count = db.execute(select(func.coalesce(func.max(event.c.saved), 0), func.count(event.c.saved))).one()
        if (last, count) == (self._saved, len(self._by_event)):
            return
        newer = event.c.saved > self._saved
        changed: dict[str, list[Entry]] = {each: [] for each in db.execute(select(event.c.id).where(newer)).scalars()}
        stay, by_event = self._entries, self._by_event | changed
        if len(by_event) != count or last < self._saved:
            # Something was removed, or it is another database by now.
            newer, stay = true(), []
            by_event = changed = {each: [] for each in db.execute(select(event.c.id)).scalars()}
        for entry in (read := read_entries(db, newer)):
            by_event.setdefault(entry.event_id, []).append(entry)
        # Nearly sorted already, which sorting makes use of.
        self._entries = sorted([*(entry for entry in stay if entry.event_id not in changed), *read])
        self._bytes = sum(map(len, map(itemgetter(3), self._entries)))
        self._by_event, self._saved = by_event, last
