"""Looks into the store after a build: which listings stand behind each published event, and which truths they mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, select

from tests.life.ledger import Ledger
from tests.life.truths import Moment
from tracker.store import Store, schema


@dataclass(frozen=True, slots=True)
class Behind:
    """One listing behind an event."""

    source: str
    title: str
    start: Moment | None
    withdrawn: bool
    source_id: str = ""

    def __str__(self) -> str:
        return f"{self.source} {self.source_id!r} {self.title!r} {self.start}{' (withdrawn)' * self.withdrawn}"


@dataclass(slots=True)
class EventView:
    """A published event with what it stands for."""

    id: str
    merged_into: str
    listings: list[Behind]
    truths: frozenset[str]
    """Truths that its listings mean; those that are withdrawn count only if all are."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that list it."""
        return tuple(sorted({each.source for each in self.listings}))


def look(store: Store, ledger: Ledger) -> dict[str, EventView]:
    """Return all events of the store by id."""
    event = schema.event.c
    with store.reading() as db:
        merged = {row.id: row.merged_into or "" for row in db.execute(select(event.id, event.merged_into))}
        behind: dict[str, list[Behind]] = {}
        for event_id, listing in _listings(db):
            behind.setdefault(event_id, []).append(listing)
    return {
        event_id: EventView(event_id, into, behind.get(event_id, []), _meant(behind.get(event_id, []), ledger))
        for event_id, into in merged.items()
    }


def count_changes(store: Store) -> int:
    """Return the number of entries in the history of changes."""
    with store.reading() as db:
        return db.execute(select(func.count()).select_from(schema.change)).scalar_one()


def _meant(listings: list[Behind], ledger: Ledger) -> frozenset[str]:
    standing = [each for each in listings if not each.withdrawn] or listings
    truths: set[str] = set()
    for each in standing:
        found = ledger.truths_of(each.source, each.title, each.start)
        if len(found) == 1:  # of several with one title and another start, none is known to be meant
            truths |= found
    return frozenset(truths)


def _listings(db: Connection) -> Iterator[tuple[str, Behind]]:
    listing, document, member = schema.listing.c, schema.listing_document.c, schema.membership.c
    rows = db.execute(
        select(member.event_id, document.source, document.source_id, document.document, listing.withdrawn_at)
        .join(schema.listing, and_(listing.source == member.source, listing.source_id == member.source_id))
        .join(schema.listing_document, and_(document.source == member.source, document.source_id == member.source_id))
    )
    for row in rows:
        said = json.loads(row.document)
        start = _moment(said.get("when", {}).get("start"))
        behind = Behind(row.source, said.get("title", ""), start, row.withdrawn_at is not None, row.source_id)
        yield row.event_id, behind


def _moment(text: str | None) -> Moment | None:
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
