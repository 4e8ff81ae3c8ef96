"""The only package with SQL: SQLAlchemy Core on SQLite by default, on PostgreSQL if the database URL says so."""

from tracker.store.database import Store, open_store

__all__ = ["Store", "open_store"]
