"""``tracker crawl``: what cron runs."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import Data

NOTHING_CRAWLED = 3


def crawl(
    source: Annotated[list[str] | None, typer.Argument(help="Ids of sources; default: those that are due.")] = None,
    data: Data = None,
    everything: Annotated[bool, typer.Option("--all", help="All enabled sources, due or not.")] = False,
) -> None:
    """Crawl the sources that are due, and publish what they say.

    Exit codes: 0 all healthy; 1 some sources failed, everything else is published; 2 usage or configuration;
    3 nothing could be crawled; 75 another crawl is running.
    """
    from tracker.cli.reporting import Progress, print_runs
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.crawling.crawl import Crawl, run_crawl
    from tracker.crawling.due import due_sources
    from tracker.crawling.lock import crawl_lock
    from tracker.crawling.refresh import refresh_events
    from tracker.curating.files import FILE_NAME, restore
    from tracker.errors import UsageError
    from tracker.models.vocabulary import Verdict
    from tracker.sources.files import choose, load_sources
    from tracker.store import open_store, runs

    settings = Settings.load(data)
    sources = load_sources(settings)
    named = choose(sources, source or [])
    with crawl_lock(settings.data_dir):
        store = open_store(settings.store_url, create=True)
        if restored := restore(store, settings.data_dir, current_time()):
            typer.echo(f"A new database: it starts from the {restored} rulings in {settings.data_dir / FILE_NAME}.")
        with store.reading() as db:
            latest = runs.latest_runs(db)
        if named:
            chosen = named
        elif everything:
            chosen = [each for each in sources if each.enabled]
        else:
            chosen = due_sources(sources, latest, current_time())
        try:
            with Progress() as progress:
                finished = run_crawl(Crawl(store, settings, progress.show), chosen)
        finally:
            # Whatever ended the crawl, now or last time: what was kept is published.
            refreshed = refresh_events(store, current_time())
            store.close()
    if not sources:
        raise UsageError("There are no sources. See TRACKER_SOURCE_FOLDERS and docs/sources.md.")
    if not chosen:
        typer.echo("No source is due. 'tracker crawl --all' crawls them all the same.")
        return
    print_runs(finished, {each.id: each.name for each in chosen})
    typer.echo(
        f"{refreshed.total} events: {len(refreshed.new)} new, {len(refreshed.changed)} changed, "
        f"{len(refreshed.merged)} part of others, {len(refreshed.gone)} gone."
    )
    if refreshed.doubtful:
        typer.echo(f"{refreshed.doubtful} pairs may be one event: tracker review")
    for refused in refreshed.refused:
        typer.echo(f"Without effect: {refused}. See: tracker rule list", err=True)
    for faulty in refreshed.faulty:
        typer.echo(f"Left as it was, please report it: {faulty}", err=True)
    bad = [run for run in finished if run.verdict not in {Verdict.HEALTHY, Verdict.UNCHANGED}]
    if bad or refreshed.faulty:
        raise typer.Exit(NOTHING_CRAWLED if all(run.verdict is Verdict.FAILED for run in finished) else 1)
