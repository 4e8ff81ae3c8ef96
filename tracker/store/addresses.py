"""Where a store is: ``sqlite:///…``, a path letter by letter, or ``postgresql+psycopg://…``."""

from __future__ import annotations

import sqlalchemy
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from tracker.errors import ConfigurationError

SQLITE = "sqlite:///"
_IN_MEMORY = frozenset({"", ":memory:"})
"""What SQLite takes for a database that is gone when the program ends."""


def read_address(url: str) -> sqlalchemy.URL:
    """Return the address; a path of SQLite is taken letter by letter, also with ``?`` or ``%`` in it.

    Raises:
        ConfigurationError: it is none of ours, or its driver is not installed.
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


def shown(url: str) -> str:
    """Return the address without its password."""
    return url.removeprefix(SQLITE) if url.startswith(SQLITE) else sqlalchemy.make_url(url).render_as_string()
