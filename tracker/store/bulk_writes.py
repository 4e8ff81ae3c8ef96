"""Writing many rows at once, past SQLAlchemy, which looks at each value of each row.

PostgreSQL gets them with COPY, into a table of the transaction's own if they may be there already; one statement takes
them over from there. SQLite runs one prepared statement over them, which costs it two thirds of writing them twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Insert, MetaData, Table, delete, insert, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

_FEW = 50
"""Up to so many rows are not worth a table of their own."""
_MANY = 1_000
_PORTION = 10_000
Row = Mapping[str, Any]


def upsert(
    db: Connection,
    table: Table,
    rows: Sequence[Row],
    *,
    keep: Sequence[str] = (),
    by: Sequence[str] = (),
) -> None:
    """Insert ``rows``, or update those that exist and say something else; of two with the same key the later counts.

    Args:
        db: the transaction.
        table: where to.
        rows: one mapping per row, all with the same columns.
        keep: columns that stay as they were.
        by: columns that tell whether a row exists; default: the primary key.
    """
    keys = list(by) or [column.name for column in table.primary_key]
    key_of = itemgetter(*keys)
    rows = list({key_of(row): row for row in rows}.values())
    if not rows:
        return
    # In the order of the keys, which is the order of the tree that they are written into.
    rows.sort(key=key_of)
    names = list(rows[0])
    into = (sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert)(table)
    updated = {name: into.excluded[name] for name in names if name not in keys and name not in keep}
    differs = or_(*(table.c[name].is_distinct_from(value) for name, value in updated.items()))

    def heeding(statement: Any) -> Any:
        if not updated:
            return statement.on_conflict_do_nothing(index_elements=keys)
        return statement.on_conflict_do_update(index_elements=keys, set_=updated, where=differs)

    if db.dialect.name == "sqlite":
        _run_over(db, heeding(into), table, rows)
    elif len(rows) <= _FEW:
        db.execute(heeding(into), rows)
    else:
        with _staged(db, [table.c[name] for name in names], rows) as staged:
            everything = select(*staged.c).where(true()).order_by(*(staged.c[key] for key in keys))
            db.execute(heeding(into.from_select(names, everything)))


def append(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that are new."""
    if len(rows) > _FEW:
        _fill(db, table, rows)
    elif rows:
        db.execute(insert(table), rows)


def replace(db: Connection, table: Table, key: str, values: Sequence[str], rows: Sequence[Row]) -> None:
    """Put ``rows`` in the place of all rows whose column ``key`` has one of ``values``."""
    column = table.c[key]
    if len(values) > _FEW:
        with _staged(db, [column], [{key: value} for value in values]) as staged:
            db.execute(delete(table).where(column.in_(select(staged.c[key]))))
    else:
        db.execute(delete(table).where(column.in_(values)))
    append(db, table, rows)


def analyze(db: Connection, written: int, *tables: str) -> None:
    """Let PostgreSQL look at tables of which much was just written: it would plan by what they were before."""
    if db.dialect.name == "postgresql" and written >= _MANY:
        db.exec_driver_sql("SELECT gin_clean_pending_list('event_words_by_word')")
        db.exec_driver_sql(f"ANALYZE {', '.join(tables)}")


@contextmanager
def _staged(db: Connection, columns: Sequence[Column[Any]], rows: Sequence[Row]) -> Iterator[Table]:
    """Give a table of this transaction's own that holds ``rows``: without indexes it is filled as fast as can be."""
    own = (Column(each.name, each.type) for each in columns)
    staged = Table("staged", MetaData(), *own, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
    staged.create(db)
    _fill(db, staged, rows)
    yield staged
    staged.drop(db)  # not after an error: the transaction ends, and the table with it


def _fill(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows that are not there yet."""
    if db.dialect.name == "sqlite":
        _run_over(db, insert(table), table, rows)
        return
    columns = [table.c[name] for name in rows[0]]
    names = ", ".join(f'"{column.name}"' for column in columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    dbapi: Any = db.dialect.loaded_dbapi
    cursor: Any = db.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in _plain(db, columns, rows):
                copy.write_row(row)
    except dbapi.Error as error:
        raise DBAPIError.instance(statement, None, error, dbapi.Error, dialect=db.dialect) from error
    finally:
        cursor.close()


def _run_over(db: Connection, statement: Insert, table: Table, rows: Sequence[Row]) -> None:
    compiled = statement.compile(dialect=db.dialect, column_keys=list(rows[0]))
    columns = [table.c[name] for name in getattr(compiled, "positiontup", None) or ()]
    for at in range(0, len(rows), _PORTION):
        db.exec_driver_sql(str(compiled), list(_plain(db, columns, rows[at : at + _PORTION])))


def _plain(db: Connection, columns: Sequence[Column[Any]], rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    """Yield the values of rows as the driver wants them."""
    ways = [column.type.dialect_impl(db.dialect).bind_processor(db.dialect) for column in columns]
    names = [column.name for column in columns]
    if len(names) > 1 and not any(ways):
        yield from map(itemgetter(*names), rows)
        return
    found = list(zip(names, ways, strict=True))
    for row in rows:
        yield tuple([row[name] if write is None else write(row[name]) for name, write in found])
