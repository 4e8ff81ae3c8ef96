"""What the events are made of, as one fingerprint: while it is the same, making them again changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from sqlalchemy import Connection, func, select

from tracker.store import schema
from tracker.store.writing import replace, upsert

_NAME = "events made of"
_MADE_BY = ("matching", "models", "publishing", "reading", "refreshing", "store")


def basis(db: Connection) -> str:
    """Return the fingerprint of listings, rulings, sources, and of the code that makes events of them."""
    digest = hashlib.sha256(code_of(*_MADE_BY).encode())
    listing, ruling, source = schema.listing.c, schema.ruling.c, schema.source.c
    queries = (
        select(listing.source, listing.source_id, listing.content_hash, listing.withdrawn_at.is_not(None)).order_by(
            listing.source, listing.source_id
        ),
        select(ruling.id, ruling.document).where(ruling.undone_at.is_(None)).order_by(ruling.id),
        select(source.id, source.document).order_by(source.id),
    )
    for query in queries:
        for row in db.execute(query):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def is_made_of(db: Connection, fingerprint: str) -> bool:
    """Say whether the events are made of that, and all of them still there."""
    table = schema.marker
    found = db.execute(select(table.c.value).where(table.c.name == _NAME)).scalar()
    return bool(found == _value(db, fingerprint))


def save_made_of(db: Connection, fingerprint: str) -> None:
    """Remember what the events were made of."""
    upsert(db, schema.marker, [{"name": _NAME, "value": _value(db, fingerprint)}])


def _value(db: Connection, fingerprint: str) -> str:
    return f"{fingerprint} {db.execute(select(func.count()).select_from(schema.event)).scalar_one()}"


def load_made_of(db: Connection) -> dict[str, str]:
    """Return for each event what it was made of."""
    rows = db.execute(select(schema.event_basis.c.event_id, schema.event_basis.c.made_of))
    return {row[0]: row[1] for row in rows}


def save_events_made_of(db: Connection, made_of: Mapping[str, str]) -> None:
    """Remember what events were made of."""
    upsert(db, schema.event_basis, [{"event_id": each, "made_of": said} for each, said in made_of.items()])


def forget_made_of(db: Connection, event_ids: Sequence[str]) -> None:
    """Let events be made again if ever they come back."""
    replace(db, schema.event_basis, "event_id", event_ids, [])


@cache
def code_of(*rooms: str) -> str:
    """Return the fingerprint of our code: it changes with every update, also without a new version number."""
    digest = hashlib.sha256()
    for name in rooms or _MADE_BY:
        _add(digest, files("tracker") / name)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, folder: Traversable) -> None:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            _add(digest, each)
        elif not each.name.endswith(".pyc"):
            digest.update(each.read_bytes())
