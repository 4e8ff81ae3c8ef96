"""Upserts that read the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_BATCH = 500


def upsert(
    db: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keep: Sequence[str] = (),
    by: Sequence[str] = (),
) -> None:
    """Insert ``rows``, or update those that exist.

    Args:
        db: the transaction.
        table: where to.
        rows: one mapping per row, all with the same columns.
        keep: columns that stay as they were.
        by: columns that tell whether a row exists; default: the primary key.
    """
    if not rows:
        return
    keys = by or [column.name for column in table.primary_key]
    insert = (sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert)(table)
    updated = {name: insert.excluded[name] for name in rows[0] if name not in keys and name not in keep}
    statement = insert.on_conflict_do_update(index_elements=keys, set_=updated)
    for at in range(0, len(rows), _BATCH):
        db.execute(statement, rows[at : at + _BATCH])
