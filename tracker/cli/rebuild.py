"""``tracker rebuild``: reads and matches everything anew from what was crawled."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import Data

_MOST_NAMED = 20


def rebuild(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; say what would change.")] = False,
    data: Data = None,
) -> None:
    """Read and match all listings anew from the texts that were kept, without crawling; rulings stay in force.

    Events keep their ids, and what was inferred when a text was first seen stays: years, and what "tomorrow" meant.
    """
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.crawling.lock import crawl_lock
    from tracker.pipeline.rebuild import rebuild
    from tracker.sources.files import load_sources
    from tracker.store import open_store

    settings = Settings.load(data)
    files = {each.id: each for each in load_sources(settings)}
    with crawl_lock(settings.data_dir):
        store = open_store(settings.store_url)
        try:
            with store.exclusive_crawl():
                done = rebuild(store, current_time(), files, dry_run=dry_run)
        finally:
            store.close()
    for key in done.changed[:_MOST_NAMED]:
        typer.echo(f"Read differently: {key}")
    if len(done.changed) > _MOST_NAMED:
        typer.echo(f"… and {len(done.changed) - _MOST_NAMED} more.")
    if done.unreadable:
        reasons = ", ".join(f"{reason} ({count}×)" for reason, count in done.unreadable.most_common())
        typer.echo(f"Would be rejected now and stay as they were: {reasons}.")
    if done.pruned:
        typer.echo(f"Without a text, as they were: {done.pruned} listings.")
    events = done.events
    typer.echo(
        f"{done.read} listings read, {len(done.changed)} differently; {events.total} events: {len(events.new)} new, "
        f"{len(events.changed)} changed, {len(events.merged)} part of others, {len(events.gone)} gone."
    )
    if dry_run:
        typer.echo("Nothing was changed. Without --dry-run it will be.")
