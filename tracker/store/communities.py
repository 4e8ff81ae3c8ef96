"""Stores the communities that sources list, as of their last healthy run."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from tracker.models.community import Community
from tracker.store import schema
from tracker.store.bulk_writes import replace


def save_communities(db: Connection, source: str, found: Sequence[Community]) -> None:
    """Replace the communities that a source lists; of two with one id, the later counts."""
    by_id = {each.source_id: each for each in found}
    rows = [{"source": source, "source_id": name, "document": each.canonical_json()} for name, each in by_id.items()]
    replace(db, schema.community, "source", [source], rows)


def load_communities(db: Connection) -> list[Community]:
    """Return all communities, sorted by source and id."""
    table = schema.community
    documents = db.execute(select(table.c.document).order_by(table.c.source, table.c.source_id)).scalars()
    return [Community.model_validate_json(document) for document in documents]
