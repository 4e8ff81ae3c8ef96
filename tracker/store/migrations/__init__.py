"""Runs the Alembic migrations, which ship inside the package."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run all migrations up to ``revision`` in one transaction."""
    if engine.dialect.name == "sqlite":
        # Both settings are stored in the database file and apply to a new one only. A page of 8,192 bytes holds about
        # five listings, one of 4,096 bytes two. WAL lets dashboard and feeds read while a crawl writes.
        with engine.connect() as connection:
            connection.execute(text("PRAGMA page_size=8192"))
            connection.execute(text("PRAGMA journal_mode=WAL"))
    with engine.begin() as connection:
        settings = alembic_config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def alembic_config() -> Config:
    """Return Alembic's configuration: only the folder of the migrations, without an ini file."""
    settings = Config()
    settings.set_main_option("script_location", "tracker.store:migrations")
    return settings
