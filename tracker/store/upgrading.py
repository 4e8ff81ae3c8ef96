"""Running the migrations that ship inside the package."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run all migrations up to ``revision`` in one transaction."""
    if engine.dialect.name == "sqlite":
        # Both are kept in the file. Of what listings say, two fit into a page of 4,096 bytes, and five into twice that;
        # a file that is there already stays as it is. With a log, dashboard and feeds go on while a crawl writes.
        with engine.connect() as connection:
            connection.execute(text("PRAGMA page_size=8192"))
            connection.execute(text("PRAGMA journal_mode=WAL"))
    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def config() -> Config:
    """Return Alembic's configuration: no file, only where the migrations are."""
    settings = Config()
    settings.set_main_option("script_location", "tracker.store:migrations")
    return settings
