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
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.crawling.lock import crawl_lock
    from tracker.crawling.refresh import refresh_events
    from tracker.store import open_store
    from tracker.store.schema import SCHEMA_VERSION

    settings = Settings.load(data)
    with crawl_lock(settings.data_dir):
        store = open_store(settings.store_url, create=True)
        try:
            # Fills what this version looks things up by, and writes entries as this version writes them.
            refreshed = refresh_events(store, current_time())
        finally:
            store.close()
    typer.echo(f"The database has schema {SCHEMA_VERSION}, and {refreshed.total} events are up to date.")
