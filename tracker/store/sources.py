"""Stores the source files of crawled sources as of their last crawl."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from tracker.models.source import Source
from tracker.store import schema
from tracker.store.bulk_writes import upsert


def save_sources(db: Connection, sources: Iterable[Source]) -> None:
    """Store the content of source files, so that events can name and credit their sources."""
    upsert(
        db,
        schema.source,
        [{"id": source.id, "document": source.canonical_json()} for source in sources],
    )


def load_sources(db: Connection, ids: Sequence[str] | None = None) -> dict[str, Source]:
    """Return the sources by id; only those with one of ``ids``, if given."""
    table = schema.source
    wanted = select(table.c.document).order_by(table.c.id)
    rows = db.execute(wanted if ids is None else wanted.where(table.c.id.in_(ids))).scalars()
    return {source.id: source for source in map(Source.model_validate_json, rows)}
