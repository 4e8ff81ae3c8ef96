"""Opens the database: parses its URL, creates or upgrades its tables, and translates errors of transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from tracker.errors import (
    ConfigurationError,
    LockHeldError,
    NoStoreError,
    StoreError,
    StoreReadOnlyError,
    StoreTooNewError,
    StoreUnreadableError,
)
from tracker.store.driver_errors import SQLITE, translate_error, without_password
from tracker.store.locking import AdvisoryLock
from tracker.store.read_only import ReadOnlyFile, may_write
from tracker.store.schema import PRE_RELEASE_VERSIONS, SCHEMA_VERSION

_PRAGMAS = ("busy_timeout=5000", "foreign_keys=ON", "synchronous=NORMAL", "wal_autocheckpoint=2000")
"""``wal_autocheckpoint``: 2,000 pages, 16 MB; a page that is written repeatedly is copied into the file once."""
_IN_MEMORY = frozenset({"", ":memory:"})
"""SQLite paths of in-memory databases, which are lost when the program ends."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open database. All reads and writes happen inside ``reading()`` or ``writing()``."""

    engine: Engine
    url: str
    read_only: ReadOnlyFile | None = None
    """The file, if this user may read it but not write."""

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in one transaction, which is committed whole or rolled back.

        Raises:
            StoreError: the database is read-only, damaged, locked or full.
        """
        with self._translated_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection for reading.

        Raises:
            StoreError: the database cannot be read.
        """
        unchanged = self.read_only.unchanged() if self.read_only else nullcontext()
        with self._translated_errors(), unchanged, self.engine.connect() as connection:
            yield connection

    @contextmanager
    def keep_open(self) -> Iterator[None]:
        """Keep a connection open: SQLite checkpoints its WAL when the last one closes, which takes as long as a run."""
        with self._translated_errors(), self.engine.connect():
            yield

    @contextmanager
    def exclusive_crawl(self, *, beside_workers: bool = False) -> Iterator[None]:
        """Hold the crawl lock, so that no other crawl writes, on whatever machine.

        PostgreSQL keeps the advisory lock while the connection is open. SQLite needs none: its data folder is on one
        machine and is locked there. Workers share the lock, because they share rate limits.

        Raises:
            LockHeldError: another crawl holds it.
        """
        if self.engine.dialect.name != "postgresql":
            yield
            return
        with self._translated_errors():
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            function = "pg_try_advisory_lock_shared" if beside_workers else "pg_try_advisory_lock"
            held = connection.execute(text(f"SELECT {function}({AdvisoryLock.CRAWLING:d})")).scalar()
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
            # The lock belongs to the connection, which would keep it in the pool.
            connection.invalidate()
            connection.close()

    def server_address(self) -> str | None:
        """Return the database URL as libpq expects it, with its password; None for SQLite."""
        address = self.engine.url
        if address.get_backend_name() != "postgresql":
            return None
        return sqlalchemy.URL.set(address, drivername="postgresql").render_as_string(hide_password=False)

    def has_table(self, name: str) -> bool:
        """Return whether a table of this name exists.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.reading() as db:
            return inspect(db).has_table(name)

    def check_schema(self) -> str | None:
        """Return the schema version; None if there are no tables yet.

        Raises:
            StoreTooNewError: the schema is newer than this version of the tracker.
            StoreUnreadableError: the tables are not the tracker's, or older than its first release.
        """
        found = self._schema_version()
        if found in PRE_RELEASE_VERSIONS:
            raise StoreUnreadableError(
                f"The database {without_password(self.url)} was written before the first release (schema {found}) and "
                "cannot be upgraded. Let a new database take its place and crawl anew; it starts with the rulings of "
                "rulings.toml in the data folder."
            )
        if found is not None and found > SCHEMA_VERSION:
            raise StoreTooNewError(
                f"The database {without_password(self.url)} was written by a newer version of the tracker "
                f"(schema {found}; this version knows {SCHEMA_VERSION}). Update the tracker; nothing was changed."
            )
        return found

    def upgrade(self) -> None:
        """Upgrade the tables to this version's schema; create them if there are none.

        Raises:
            StoreError: the database cannot be changed.
        """
        from tracker.store.migrations import upgrade

        with self._translated_errors():
            upgrade(self.engine)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        if self.read_only is not None:
            self.read_only.close()

    def _schema_version(self) -> str | None:
        with self.reading() as db:
            names = set(inspect(db).get_table_names())
            if "alembic_version" in names:
                version: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
                if version is not None:
                    return version
        if names - {"alembic_version"}:
            raise StoreUnreadableError(
                f"The database {without_password(self.url)} holds other tables than the tracker's. "
                "Choose another --data folder."
            )
        return None

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise translate_error(error, self.url) from error


def open_store(url: str, *, create: bool = False) -> Store:
    """Open the database at ``url`` (``sqlite:///…`` or ``postgresql+psycopg://…``).

    With ``create`` it is created or upgraded if necessary; without, it must exist and have this version's schema, and a
    file that this user may not write is opened for reading.

    Raises:
        NoStoreError: there is no database yet.
        StoreTooNewError: it was written by a newer version.
        StoreUnreadableError: it is damaged, or not the tracker's.
        StoreReadOnlyError: ``create`` is set and it cannot be written.
        ConfigurationError: the URL is malformed, or its driver is not installed.
    """
    address = parse_database_url(url)
    path = Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None
    if path is not None:
        if not create and not _exists(path):
            raise NoStoreError(f"Nothing has been crawled into {path.parent} yet. Run: tracker crawl")
        if create:
            _make_folder(path.parent)
    read_only = ReadOnlyFile(path) if path is not None and not create and not may_write(path) else None
    store = Store(_engine(address, read_only), url, read_only)
    try:
        found = store.check_schema()
        if found == SCHEMA_VERSION:
            return store
        if not create:
            if found is None:
                raise NoStoreError(f"The database {without_password(url)} is empty. Run: tracker crawl")
            raise StoreError(f"The database {without_password(url)} is of an older version. Run: tracker db upgrade")
        store.upgrade()
    except BaseException:
        store.close()
        raise
    return store


def parse_database_url(url: str) -> sqlalchemy.URL:
    """Return the parsed database URL. A SQLite path is taken literally, even with ``?`` or ``%`` in it.

    Raises:
        ConfigurationError: it is neither SQLite nor PostgreSQL, or its driver is not installed.
    """
    path = url.removeprefix(SQLITE)
    if path not in {url, *_IN_MEMORY}:
        return sqlalchemy.URL.create("sqlite", database=path)
    try:
        address = sqlalchemy.make_url(url)
        if (address.get_backend_name(), address.get_driver_name()) != ("postgresql", "psycopg"):
            raise ArgumentError(f"{address.drivername!r} is neither a file of SQLite nor PostgreSQL with psycopg")
        address.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigurationError(
            f"TRACKER_DATABASE_URL cannot be used: {error}. Write sqlite:////path/tracker.db or "
            "postgresql+psycopg://user@host/name."
        ) from error
    except ImportError as error:
        raise ConfigurationError(
            f"The driver for {address.drivername!r} is missing: {error}. Install aisafety-tracker[postgres]."
        ) from error
    return address


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError as error:
        raise StoreUnreadableError(
            f"The data folder {path.parent} cannot be read: this user has no permission. Ask its owner for it (chmod "
            f"a+rx {path.parent}), or choose another with --data."
        ) from error


def _engine(address: sqlalchemy.URL, read_only: ReadOnlyFile | None) -> Engine:
    if address.get_backend_name() == "sqlite":
        how: dict[str, Any] = {"creator": read_only.connect} if read_only else {}
        engine = create_engine(address, poolclass=NullPool, **how)
        event.listen(engine, "connect", _set_pragmas)
        return engine
    # No prepared statements: a cached plan does not know how rare the current search word is. The pre-ping detects a
    # connection that the server has closed before it is used.
    return create_engine(address, pool_pre_ping=True, connect_args={"prepare_threshold": None})


def _set_pragmas(connection: Any, record: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreReadOnlyError(
            f"The data folder {folder} cannot be made: {error.strerror}. Choose another with --data."
        ) from error
