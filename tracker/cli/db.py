"""``tracker db``: upgrades, backs up, checks, prunes and copies the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import Data, days
from tracker.cli.store_access import reading_store

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
    from tracker.pipeline.build import build_events
    from tracker.store import open_store
    from tracker.store.schema import SCHEMA_VERSION

    settings = Settings.load(data)
    with crawl_lock(settings.data_dir):
        store = open_store(settings.store_url, create=True)
        try:
            # Fills the index tables of this version, and renders calendar entries as this version does.
            refreshed = build_events(store, current_time(), rebuild=True)
        finally:
            store.close()
    typer.echo(f"The database has schema {SCHEMA_VERSION}, and {refreshed.total} events are up to date.")


@app.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="Default: a new one in backups/ of the data folder.")] = None,
    data: Data = None,
) -> None:
    """Copy the database to a file, while crawl and server go on."""
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.store import maintenance, open_store

    settings = Settings.load(data)
    path = file or settings.data_dir / "backups" / f"tracker-{current_time():%Y%m%d-%H%M%S}.db"
    store = open_store(settings.store_url)
    try:
        maintenance.backup(store, path)
    finally:
        store.close()
    typer.echo(
        f"{path}: {path.stat().st_size / 1_000_000:.1f} MB. To go back to it, put it in the place of tracker.db."
    )


@app.command()
def check(data: Data = None) -> None:
    """Say whether the database is whole. Ends with 4 if it is not."""
    from tracker.errors import StoreUnreadableError
    from tracker.store import maintenance

    with reading_store(data) as db:
        wrong = list(maintenance.integrity_errors(db))
        counts = maintenance.counts(db)
    for complaint in wrong:
        typer.echo(complaint)
    if wrong:
        raise StoreUnreadableError(f"{len(wrong)} faults. Nothing was changed. Restore a backup: docs/operating.md")
    typer.echo(f"The database is whole: {', '.join(f'{count} {name}s' for name, count in counts.items())}.")


@app.command()
def prune(
    older_than: Annotated[str, typer.Option("--older-than", metavar="DAYS", help="What counts as old: 180d.")] = "180d",
    data: Data = None,
) -> None:
    """Forget raw texts of events long over, old runs, and pages not asked for any more. All events stay."""
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.crawling.lock import crawl_lock
    from tracker.store import maintenance, open_store

    settings = Settings.load(data)
    before = current_time() - days(older_than, "--older-than")
    with crawl_lock(settings.data_dir):
        store = open_store(settings.store_url)
        try:
            with store.writing() as db:
                pruned = maintenance.prune(db, before)
            maintenance.compact(store)
        finally:
            store.close()
    typer.echo(
        f"Forgotten: the raw texts of {pruned.raw_listings} listings, {pruned.runs} runs, {pruned.pages} pages, "
        f"{pruned.changes} changes of events that are over, all from before {before:%Y-%m-%d}."
    )


@app.command()
def copy(
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="A file of SQLite, or an address: postgresql+psycopg://…")
    ],
    target: Annotated[str, typer.Argument(metavar="TO", help="Likewise; it is made if need be, and has to be empty.")],
    data: Data = None,
) -> None:
    """Copy all of a database into an empty one, from one kind to the other too, and hold both against each other."""
    from contextlib import closing

    from tracker.config import Settings
    from tracker.crawling.lock import crawl_lock
    from tracker.errors import NoStoreError, UsageError
    from tracker.store import open_store
    from tracker.store.database_copy import copy_store
    from tracker.store.driver_errors import without_password

    addresses = [each if "://" in each else f"sqlite:///{Path(each).absolute()}" for each in (source, target)]
    settings = Settings.load(data)
    try:
        old = open_store(addresses[0])
    except NoStoreError as error:
        place = without_password(addresses[0])
        raise UsageError(f"There is no database to copy at {place}. Nothing was made; check FROM.") from error
    with (
        closing(old),
        crawl_lock(settings.data_dir),
        old.exclusive_crawl(),
        closing(open_store(addresses[1], create=True)) as new,
    ):
        total = copy_store(old, new, lambda name, count: typer.echo(f"{name}: {count:,} rows"))
    typer.echo(f"{total:,} rows, each as it was. Now set TRACKER_DATABASE_URL, or 'database_url' in tracker.toml.")
