"""``tracker crawl``: crawls due sources and publishes events; made to be run by cron."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data

if TYPE_CHECKING:
    from tracker.config import Settings
    from tracker.models.source import Source
    from tracker.pipeline.planning import BuildResult
    from tracker.store import Store

NOTHING_CRAWLED = 3


def crawl(
    source: Annotated[list[str] | None, typer.Argument(help="Ids of sources; default: those that are due.")] = None,
    data: Data = None,
    everything: Annotated[bool, typer.Option("--all", help="All enabled sources, due or not.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="ID", help="Crawl this source, and believe what looks suspect (repeatable)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be asked, when and why.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each source, for logs.")] = False,
) -> None:
    """Crawl the sources that are due, and publish what they say.

    Exit codes: 0 all healthy; 1 some sources failed or have an invalid file, everything else is published; 2 usage or
    configuration; 3 nothing could be crawled; 4 database; 75 another crawl is running; 130 asked to end.
    """
    from tracker.cli.crawl_progress import Progress, print_runs
    from tracker.cli.output import print_invalid_files
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.crawling.crawler import Crawl, is_offline, run_crawl
    from tracker.crawling.due import load_due
    from tracker.crawling.lock import crawl_lock
    from tracker.curation.rulings_file import FILE_NAME, restore_backup
    from tracker.errors import UsageError
    from tracker.models.vocabulary import Verdict
    from tracker.pipeline.build import build_events
    from tracker.sources.files import read_source_files
    from tracker.store import open_store

    settings = Settings.load(data)
    files = read_source_files(settings)
    sources, named = files.sources, files.choose([*(source or []), *(accept or [])])
    print_invalid_files(files.invalid)
    if dry_run:
        _print_plan(settings, named or [each for each in sources if each.enabled])
        return
    with crawl_lock(settings.data_dir):
        store = open_store(settings.store_url, create=True)
        with store.exclusive_crawl():
            if restored := restore_backup(store, settings.data_dir, current_time()):
                typer.echo(f"A new database: it starts from the {restored} rulings in {settings.data_dir / FILE_NAME}.")
            chosen = named or (
                [each for each in sources if each.enabled] if everything else load_due(store, sources, current_time())
            )
            try:
                with Progress(as_json=as_json) as progress:
                    finished = run_crawl(Crawl(store, settings, progress.show, frozenset(accept or [])), chosen)
            finally:
                # What this crawl or an interrupted earlier one has recorded is published, even after an error.
                refreshed = build_events(store, current_time())
            _raise_alarm(settings, store, sources)
        store.close()
    if not sources:
        what = "No source file can be used: see above." if files.invalid else "There are no sources."
        raise UsageError(f"{what} See TRACKER_SOURCE_FOLDERS and docs/sources.md.")
    if not chosen:
        typer.echo("No source is due. 'tracker crawl --all' crawls them all the same.", err=as_json)
        if files.invalid:
            raise typer.Exit(1)
        return
    if is_offline(finished, chosen):
        typer.echo("No site could be reached: is this machine online? It is not held against the sources.", err=True)
    if not as_json:
        print_runs(finished, {each.id: each.name for each in chosen})
        _print_refreshed(refreshed)
    for refused in refreshed.refused:
        typer.echo(f"Without effect: {refused}. See: tracker rule list", err=True)
    for faulty in refreshed.faulty:
        typer.echo(f"Left as it was, please report it: {faulty}", err=True)
    bad = [run for run in finished if not run.is_successful]
    if bad or refreshed.faulty or files.invalid:
        # A single due source of many may fail. If several fail, or the only one there is, another exit code says so.
        several = len(finished) > 1 or bool(named) or sum(each.enabled for each in sources) == 1
        nothing = several and bad and all(run.verdict is Verdict.FAILED for run in finished)
        raise typer.Exit(NOTHING_CRAWLED if nothing else 1)


def _print_refreshed(refreshed: BuildResult) -> None:
    typer.echo(
        f"{refreshed.total} events: {len(refreshed.new)} new, {len(refreshed.changed)} changed, "
        f"{len(refreshed.merged)} part of others, {len(refreshed.gone)} gone."
    )
    if refreshed.doubtful:
        typer.echo(f"{refreshed.doubtful} pairs may be one event: tracker review")


def _raise_alarm(settings: Settings, store: Store, sources: list[Source]) -> None:
    """Notify the channels of the setting ``alert`` of sources that have begun to fail."""
    if not settings.alert:
        return
    from tracker.clock import current_time
    from tracker.notifying.alerts import alert

    ids = {each.id for each in sources}
    for number, count in enumerate(alert(store, settings.alert, now=current_time(), among=ids), 1):
        if count is None:
            typer.echo(f"Channel {number} of the setting 'alert' could not be reached; the next crawl tries.", err=True)


def _print_plan(settings: Settings, sources: list[Source]) -> None:
    from rich.table import Table

    from tracker.cli.output import console
    from tracker.clock import current_time
    from tracker.crawling.due import plan_crawl
    from tracker.errors import NoStoreError
    from tracker.health.scheduling import source_states
    from tracker.store import hosts, open_store, runs

    now = current_time()
    try:
        store = open_store(settings.store_url)
        with store.reading() as db:
            states = source_states(sources, runs.load_histories(db, [each.id for each in sources]))
            blocked = hosts.blocked_hosts(db, now)
        store.close()
    except NoStoreError:
        states, blocked = {}, {}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("source", "due (UTC)", "why", "begins with"):
        table.add_column(name, no_wrap=name == "due (UTC)")
    plans = sorted(plan_crawl(sources, states, blocked, now), key=lambda plan: (not plan.is_due(now), plan.source.id))
    for plan in plans:
        due = "now" if plan.is_due(now) or plan.due_at is None else f"{plan.due_at:%Y-%m-%d %H:%M}"
        table.add_row(plan.source.id, due, plan.reason, plan.address)
    console().print(table)
    count = sum(plan.is_due(now) for plan in plans)
    typer.echo(f"{count} of {len(plans)} sources are due. Nothing was asked, nothing was changed.")
