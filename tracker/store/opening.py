"""Opening the store: creating it, checking what it is, and saying clearly what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tracker.errors import (
    LockHeldError,
    NoStoreError,
    StoreError,
    StoreReadOnlyError,
    StoreTooNewError,
    StoreUnreadableError,
)
from tracker.store.addresses import read_address, shown
from tracker.store.failures import named
from tracker.store.locks import Alone
from tracker.store.schema import SCHEMA_VERSION

_PRAGMAS = ("busy_timeout=5000", "foreign_keys=ON", "synchronous=NORMAL", "wal_autocheckpoint=2000")
"""What is written goes into the log first. 2,000 pages of it, 16 MB, are copied into the file at once: a page that is
written again and again is copied once."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. All reading and writing happens inside one of its two contexts."""

    engine: Engine
    url: str

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection inside one transaction: all of it is kept, or nothing.

        Raises:
            StoreError: the database is read-only, damaged, locked or full.
        """
        with self._named_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._named_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def staying_open(self) -> Iterator[None]:
        """Keep a connection meanwhile: when the last one is closed SQLite tidies up, which takes as long as a run."""
        with self._named_errors(), self.engine.connect():
            yield

    @contextmanager
    def only_crawl(self, *, beside_workers: bool = False) -> Iterator[None]:
        """Let no other crawl write, on whatever machine: PostgreSQL keeps a lock for as long as we are connected.

        Workers, which share their pace, crawl beside each other. SQLite has one machine alone; there the lock of the
        data folder is enough.

        Raises:
            LockHeldError: another crawl holds it.
        """
        if self.engine.dialect.name != "postgresql":
            yield
            return
        with self._named_errors():
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            way = "pg_try_advisory_lock_shared" if beside_workers else "pg_try_advisory_lock"
            held = connection.execute(text(f"SELECT {way}({Alone.CRAWLING:d})")).scalar()
        try:
            if not held:
                raise LockHeldError(
                    "Another crawl is running on this database. This one ends; the other goes on."
                    if beside_workers
                    else "Another crawl, or a worker, is running on this database. This one ends; the other goes on. "
                    "Beside workers: tracker enqueue"
                )
            yield
        finally:
            # The lock is the connection's: back in the pool, it would keep it.
            connection.invalidate()
            connection.close()

    def address_of_server(self) -> str | None:
        """Return the address as every PostgreSQL client writes it, with its password; None for SQLite."""
        address = self.engine.url
        if address.get_backend_name() != "postgresql":
            return None
        return sqlalchemy.URL.set(address, drivername="postgresql").render_as_string(hide_password=False)

    def has_table(self, name: str) -> bool:
        """Say whether there is a table of that name.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.reading() as db:
            return inspect(db).has_table(name)

    def check_schema(self) -> str | None:
        """Return the version of the tables, None if there are none yet.

        Raises:
            StoreTooNewError: it is newer than this version of the tracker.
            StoreUnreadableError: there are tables, but they are not ours.
        """
        found = _version(self)
        if found is not None and found > SCHEMA_VERSION:
            raise StoreTooNewError(
                f"The database {shown(self.url)} was written by a newer version of the tracker (schema {found}; "
                f"this version knows {SCHEMA_VERSION}). Update the tracker; nothing was changed."
            )
        return found

    def upgrade(self) -> None:
        """Bring the tables to this version's schema, creating them where there are none.

        Raises:
            StoreError: the database cannot be changed.
        """
        from tracker.store.upgrading import upgrade

        with self._named_errors():
            upgrade(self.engine)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise named(error, self.url) from error


def open_store(url: str, *, create: bool = False) -> Store:
    """Open the database at ``url`` (``sqlite:///…`` or ``postgresql+psycopg://…``).

    With ``create`` it is made or upgraded if need be; without, it must be there and of this version.

    Raises:
        NoStoreError: there is none yet.
        StoreTooNewError: written by a newer version.
        StoreUnreadableError: damaged, or not ours.
        StoreReadOnlyError: ``create`` was asked for and it cannot be written.
        ConfigurationError: the address is none, or its driver is not installed.
    """
    address = read_address(url)
    path = Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None
    if path is not None:
        if not path.exists() and not create:
            raise NoStoreError(f"Nothing has been crawled into {path.parent} yet. Run: tracker crawl")
        if create:
            _make_folder(path.parent)
    store = Store(_engine(address), url)
    try:
        found = store.check_schema()
        if found == SCHEMA_VERSION:
            return store
        if not create:
            if found is None:
                raise NoStoreError(f"The database {shown(url)} is empty. Run: tracker crawl")
            raise StoreError(f"The database {shown(url)} is of an older version. Run: tracker db upgrade")
        store.upgrade()
    except BaseException:
        store.close()
        raise
    return store


def _engine(address: sqlalchemy.URL) -> Engine:
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, poolclass=NullPool)
        event.listen(engine, "connect", _prepare)
        return engine
    # A plan that is kept forgets how rare the word is that is looked for now. Asked before each use, a connection that
    # the server has closed meanwhile costs nobody anything.
    return create_engine(address, pool_pre_ping=True, connect_args={"prepare_threshold": None})


def _prepare(connection: Any, record: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _version(store: Store) -> str | None:
    """Return the schema version, or None for an empty database.

    Raises:
        StoreUnreadableError: there are tables, but they are not ours.
    """
    with store.reading() as db:
        names = set(inspect(db).get_table_names())
        if "alembic_version" in names:
            version: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if version is not None:
                return version
    if names - {"alembic_version"}:
        raise StoreUnreadableError(
            f"The database {shown(store.url)} holds other tables than the tracker's. Choose another --data folder."
        )
    return None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreReadOnlyError(
            f"The data folder {folder} cannot be made: {error.strerror}. Choose another with --data."
        ) from error
