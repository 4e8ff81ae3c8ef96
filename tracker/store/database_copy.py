"""Copies a database to another engine: every row of every table; the two are compared at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Row, Select, Table, func, select, text

from tracker.errors import StoreError, UsageError
from tracker.store.bulk_writes import analyze, append
from tracker.store.database import Store
from tracker.store.schema import metadata

_BATCH_SIZE = 5_000


def copy_store(source: Store, target: Store, on_table: Callable[[str, int], None] = lambda *_: None) -> int:
    """Copy a database into an empty one, completely or not at all, and return the number of rows.

    Args:
        source: the database to read. Rows that others write during the copy are not copied.
        target: the database to write.
        on_table: called with the name and the number of rows of each table that was copied, for progress.

    Raises:
        UsageError: the target has rows already.
        StoreError: one cannot be read or written, or the copy differs from the source.
    """
    total = 0
    with source.reading() as old, target.writing() as new:
        _begin_snapshot(old)
        for table in metadata.sorted_tables:
            if new.execute(select(table).limit(1)).first() is not None:
                raise UsageError(f"The database to copy to holds rows already ({table.name}). Choose an empty one.")
        for table in metadata.sorted_tables:
            count = 0
            for rows in _batches(old, table):
                append(new, table, [dict(row._mapping) for row in rows])
                count += len(rows)
            _reset_sequence(new, table)
            if _digest(old, table) != _digest(new, table):
                raise StoreError(f"The copy of the table {table.name} differs from what was copied. Nothing was kept.")
            on_table(table.name, count)
            total += count
        analyze(new, total, *(table.name for table in metadata.sorted_tables), "event_word", "event_words")
    return total


def _begin_snapshot(db: Connection) -> None:
    """Start a snapshot: the connection sees the database as it is now, whatever others write."""
    db.exec_driver_sql("BEGIN" if db.dialect.name == "sqlite" else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _batches(db: Connection, table: Table) -> Iterator[list[Row[tuple[object, ...]]]]:
    rows = db.execute(_in_order(table).execution_options(stream_results=True))
    while batch := rows.fetchmany(_BATCH_SIZE):
        yield list(batch)


def _digest(db: Connection, table: Table) -> str:
    digest = hashlib.sha256()
    for rows in _batches(db, table):
        for row in rows:
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def _in_order(table: Table) -> Select[tuple[object, ...]]:
    return select(table).order_by(*table.primary_key)


def _reset_sequence(db: Connection, table: Table) -> None:
    """Set PostgreSQL's id sequence of a table to its largest id; SQLite finds it by itself."""
    if db.dialect.name != "postgresql" or "id" not in table.c or table.c.id.type.python_type is not int:
        return
    last = db.execute(select(func.max(table.c.id))).scalar()
    if last is not None:
        db.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": table.name, "last": last}
        )
