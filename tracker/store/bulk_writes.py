"""Writes many rows at once, bypassing SQLAlchemy, which processes each value of each row.

PostgreSQL receives them with COPY; rows that may exist already go to a temporary table first, from which one statement
upserts them. SQLite runs one prepared statement over all rows, which takes two thirds of the time of a staging table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, delete, false, insert, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.exc import DBAPIError

_FEW = 50
"""Up to this many rows are written without a temporary table."""
_MANY = 1_000
_BATCH_SIZE = 10_000
Row = Mapping[str, Any]


def upsert(
    db: Connection,
    table: Table,
    rows: Sequence[Row],
    *,
    keep: Sequence[str] = (),
    by: Sequence[str] = (),
) -> None:
    """Insert ``rows``, or update those that exist and differ; of two rows with the same key the later one is written.

    Args:
        db: the transaction.
        table: the table to write to.
        rows: one mapping per row, all with the same columns.
        keep: columns that are not updated in existing rows.
        by: columns of the unique key by which an existing row is found; default: the primary key.
    """
    keys = list(by) or [column.name for column in table.primary_key]
    key_of = itemgetter(*keys)
    rows = list({key_of(row): row for row in rows}.values())
    if not rows:
        return
    # In key order, which is the order of the B-tree that they are written into.
    rows.sort(key=key_of)
    names = list(rows[0])
    if db.dialect.name == "sqlite":
        _run_over(db, table, rows, tuple(keys), tuple(keep))
        return
    statement = _upsert_statement(postgresql.insert(table), names, keys, keep)
    if len(rows) <= _FEW:
        db.execute(statement, rows)
    else:
        with _temporary_table(db, [table.c[name] for name in names], rows) as staged:
            everything = select(*staged.c).where(true()).order_by(*(staged.c[key] for key in keys))
            db.execute(statement.from_select(names, everything))


def append(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert new rows."""
    if len(rows) > _FEW:
        _fill(db, table, rows)
    elif rows:
        db.execute(insert(table), rows)


def replace(db: Connection, table: Table, key: str, values: Sequence[str], rows: Sequence[Row]) -> None:
    """Replace all rows whose column ``key`` has one of ``values`` by ``rows``."""
    column = table.c[key]
    if len(values) > _FEW:
        with _temporary_table(db, [column], [{key: value} for value in values]) as staged:
            db.execute(delete(table).where(column.in_(select(staged.c[key]))))
    else:
        db.execute(delete(table).where(column.in_(values)))
    append(db, table, rows)


def analyze(db: Connection, written: int, *tables: str) -> None:
    """Update PostgreSQL's statistics of tables after a large write; it would plan queries by the old ones."""
    if db.dialect.name == "postgresql" and written >= _MANY:
        db.exec_driver_sql("SELECT gin_clean_pending_list('event_words_by_word')")
        db.exec_driver_sql(f"ANALYZE {', '.join(tables)}")


@contextmanager
def _temporary_table(db: Connection, columns: Sequence[Column[Any]], rows: Sequence[Row]) -> Iterator[Table]:
    """Yield a temporary table that holds ``rows``; it has no indexes, so that filling it is as fast as possible."""
    own = (Column(each.name, each.type) for each in columns)
    staged = Table("staged", MetaData(), *own, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
    staged.create(db)
    _fill(db, staged, rows)
    yield staged
    staged.drop(db)  # not after an error: the table is dropped with the transaction


def _fill(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows that do not exist yet."""
    if db.dialect.name == "sqlite":
        _run_over(db, table, rows)
        return
    columns = [table.c[name] for name in rows[0]]
    names = ", ".join(f'"{column.name}"' for column in columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    dbapi: Any = db.dialect.loaded_dbapi
    cursor: Any = db.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in _bind_rows(db, columns, rows):
                copy.write_row(row)
    except dbapi.Error as error:
        raise DBAPIError.instance(statement, None, error, dbapi.Error, dialect=db.dialect) from error
    finally:
        cursor.close()


def _upsert_statement(into: Any, names: Sequence[str], keys: Sequence[str], keep: Sequence[str]) -> Any:
    """Return SQLite's or PostgreSQL's ``into`` with the clause for rows that exist."""
    updated = {name: into.excluded[name] for name in names if name not in keys and name not in keep}
    if not updated:
        return into.on_conflict_do_nothing(index_elements=keys)
    differs = or_(false(), *(into.table.c[name].is_distinct_from(value) for name, value in updated.items()))
    return into.on_conflict_do_update(index_elements=keys, set_=updated, where=differs)


def _run_over(
    db: Connection, table: Table, rows: Sequence[Row], keys: tuple[str, ...] = (), keep: tuple[str, ...] = ()
) -> None:
    """Insert rows into a table of SQLite; with ``keys``, update those that exist."""
    statement, names = _sqlite_insert(table, tuple(rows[0]), keys, keep)
    columns = [table.c[name] for name in names]
    for at in range(0, len(rows), _BATCH_SIZE):
        db.exec_driver_sql(statement, list(_bind_rows(db, columns, rows[at : at + _BATCH_SIZE])))


@lru_cache(maxsize=128)
def _sqlite_insert(
    table: Table, names: tuple[str, ...], keys: tuple[str, ...], keep: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return the SQL and the order of its parameters; compiling it takes longer than writing a few rows."""
    into = sqlite.insert(table)
    statement = _upsert_statement(into, names, keys, keep) if keys else into
    compiled = statement.compile(dialect=pysqlite.dialect(), column_keys=list(names))
    return str(compiled), tuple(compiled.positiontup or ())


def _bind_rows(db: Connection, columns: Sequence[Column[Any]], rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    """Yield the values of rows as the driver expects them."""
    ways = [column.type.dialect_impl(db.dialect).bind_processor(db.dialect) for column in columns]
    names = [column.name for column in columns]
    if len(names) > 1 and not any(ways):
        yield from map(itemgetter(*names), rows)
        return
    found = list(zip(names, ways, strict=True))
    for row in rows:
        yield tuple([row[name] if write is None else write(row[name]) for name, write in found])
