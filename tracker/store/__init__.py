"""The only room with SQL: SQLAlchemy Core on SQLite by default, PostgreSQL by address."""

from tracker.store.database import Store, open_store

__all__ = ["Store", "open_store"]
