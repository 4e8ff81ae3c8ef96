"""The sources that were crawled, as their files said then."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from tracker.models.source import Source
from tracker.store import schema
from tracker.store.writing import upsert


def save_sources(db: Connection, sources: Iterable[Source]) -> None:
    """Keep what the source files say, so that events can name and credit their sources."""
    upsert(
        db,
        schema.source,
        [{"id": source.id, "document": source.canonical_json()} for source in sources],
    )


def load_sources(db: Connection) -> dict[str, Source]:
    """Return the sources by id."""
    rows = db.execute(select(schema.source.c.document).order_by(schema.source.c.id)).scalars()
    return {source.id: source for source in map(Source.model_validate_json, rows)}
