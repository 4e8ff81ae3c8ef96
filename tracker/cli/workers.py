"""``tracker enqueue`` and ``tracker worker``: crawl on several machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data

if TYPE_CHECKING:
    from tracker.crawling.workers.queue import Enqueued
    from tracker.pipeline.planning import BuildResult


def enqueue(
    source: Annotated[list[str] | None, typer.Argument(help="Ids of sources; default: those that are due.")] = None,
    data: Data = None,
    due: Annotated[bool, typer.Option("--due", help="Those that are due; so it is without any ids.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All enabled sources, due or not.")] = False,
) -> None:
    """Put the sites of sources into the queue that workers take from. Needs PostgreSQL and aisafety-tracker[scale]."""
    import asyncio

    from tracker.cli.output import print_invalid_files
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.crawling.due import load_due
    from tracker.errors import UsageError
    from tracker.sources.files import read_source_files
    from tracker.store import open_store

    _check_installed()
    from tracker.crawling.workers import queue

    if due and (source or everything):
        raise UsageError("--due chooses by itself: leave out the ids and --all.")
    settings = Settings.load(data)
    files = read_source_files(settings)
    sources, named = files.sources, files.choose(source or [])
    print_invalid_files(files.invalid)
    store = open_store(settings.store_url, create=True)
    try:
        app = queue.make_app(store)
        every = [each for each in sources if each.enabled] if everything else []
        chosen = named or every or load_due(store, sources, current_time())

        async def put() -> Enqueued:
            async with queue.opened(app, store):
                return await queue.enqueue(app, store, chosen, only_due=not (named or every))

        done = asyncio.run(put())
    finally:
        store.close()
    typer.echo(f"{done.sites} sites with {done.sources} sources are queued; {done.waiting} were already.")
    if files.invalid:
        raise typer.Exit(1)


def worker(
    data: Data = None,
    at_once: Annotated[int, typer.Option("--at-once", min=1, max=200, help="Sites it crawls side by side.")] = 12,
    gone_after: Annotated[
        float, typer.Option(min=1, help="Seconds without a sign of life after which others take over its jobs.")
    ] = 30,
    once: Annotated[bool, typer.Option("--once", help="End when the queue is empty.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each source, for logs.")] = False,
) -> None:
    """Crawl what the queue holds, look every few minutes for what is due, and publish; until asked to end.

    Start as many as you like, on as many machines. Exit codes: 0 asked to end, or the queue is empty; 2 configuration;
    4 database; 75 'tracker crawl' is running.
    """
    from tracker.cli.crawl_progress import Progress
    from tracker.cli.output import print_invalid_files
    from tracker.config import Settings
    from tracker.crawling.event_loop import run_until_complete
    from tracker.errors import StoppedError
    from tracker.sources.files import read_source_files
    from tracker.store import open_store

    _check_installed()
    from tracker.crawling.workers.worker import Worker, WorkerTimings

    settings = Settings.load(data)
    files = read_source_files(settings)
    print_invalid_files(files.invalid)
    store = open_store(settings.store_url)
    try:
        with store.exclusive_crawl(beside_workers=True), Progress(as_json=as_json) as progress:
            pace = WorkerTimings(at_once=at_once, gone_after=gone_after)
            work = Worker(store, settings, files.sources, progress.show, _say_published, pace=pace, wait=not once)
            run_until_complete(work.run, settings)
    except StoppedError:
        typer.echo("Asked to end. What was in hand goes back to the queue.", err=True)
    finally:
        store.close()


def _say_published(refreshed: BuildResult) -> None:
    typer.echo(
        f"Published {refreshed.total} events: {len(refreshed.new)} new, {len(refreshed.changed)} changed.", err=True
    )


def _check_installed() -> None:
    from importlib.util import find_spec

    from tracker.errors import ConfigurationError

    if find_spec("procrastinate") is None:
        raise ConfigurationError("Several workers need more packages. Install aisafety-tracker[scale].")
