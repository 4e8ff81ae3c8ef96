"""``tracker db``: the database."""

from __future__ import annotations

import typer

from tracker.cli.options import Data

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def database() -> None:
    """The database."""


@app.command()
def upgrade(data: Data = None) -> None:
    """Bring the database to this version's schema; make it where there is none."""
    from tracker.config import Settings
    from tracker.crawling.lock import crawl_lock
    from tracker.store import open_store
    from tracker.store.schema import SCHEMA_VERSION

    settings = Settings.load(data)
    with crawl_lock(settings.data_dir):
        open_store(settings.store_url, create=True).close()
    typer.echo(f"The database has schema {SCHEMA_VERSION}.")
