"""``tracker publish``: writes feeds and pages as files for a web server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data

if TYPE_CHECKING:
    from tracker.config import Settings
    from tracker.store import Store


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write into; it is made if need be.")],
    selection: Annotated[
        list[str] | None,
        typer.Option(
            "--selection",
            metavar="NAME=QUERY",
            help="A feed of its own: berlin='near=Berlin&within=100km' (repeatable). Default: those of the setting "
            "'selections', else all, by type, by country, online, free, deadlines.",
        ),
    ] = None,
    url: Annotated[str, typer.Option("--url", help="Address the folder will have. Default: the setting.")] = "",
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Publish even if events vanish that nobody has cancelled.")
    ] = False,
    data: Data = None,
) -> None:
    """Write feeds, pages of all events, digests and an index as files, for a web server or GitHub Pages.

    Nothing is written, with exit code 3, if nothing was ever crawled or a feed would lose its events. Files are
    replaced in one step; unchanged ones are not touched; if one cannot be rendered, its last good bytes stay.
    """
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.publishing.site import publish_site
    from tracker.store import open_store

    overrides = {"public_url": url} if url else {}
    settings = Settings.load(data, **overrides)
    chosen = _named(selection) if selection else settings.selections
    _check_target(settings, folder)
    store = open_store(settings.store_url)
    try:
        _check_clock(store)
        _catch_up(store)
        done = publish_site(
            store,
            folder,
            current_time(),
            base_url=settings.public_url,
            selections=chosen,
            allow_empty=allow_empty,
        )
    finally:
        store.close()
    typer.echo(f"{folder}: {len(done.paths)} feeds and pages, {done.events} events, {done.changed} files changed.")
    if not settings.public_url:
        typer.echo("Without --url, the files do not know their own address: no sitemap, no 'open in a program' links.")
    for left_out in done.left_out:
        typer.echo(f"A selection is left out: {left_out}", err=True)
    for kept in done.kept:
        typer.echo(f"Left as it was, please report it: {kept}", err=True)
    if done.kept or done.left_out:
        raise typer.Exit(1)


def _check_clock(store: Store) -> None:
    from tracker.clock import current_time
    from tracker.errors import PublicationRefusedError
    from tracker.publishing.clock_check import judge_clock
    from tracker.store import runs

    with store.reading() as db:
        successes = runs.last_successes(db)
        found = judge_clock(current_time(), runs.newest_runs(db), max(successes.values(), default=None))
    if found.refusal:
        raise PublicationRefusedError(found.refusal)
    if found.warning:
        typer.echo(f"Please look: {found.warning}", err=True)


def _catch_up(store: Store) -> None:
    """Build the events of a restored backup, so that no SEQUENCE goes back."""
    from tracker.clock import current_time
    from tracker.pipeline.build import build_events
    from tracker.pipeline.build_counter import is_restored

    if is_restored(store):
        build_events(store, current_time(), rebuild=True)


def _check_target(settings: Settings, folder: Path) -> None:
    import tracker
    from tracker.models.vocabulary import Tier
    from tracker.publishing.target_folder import check_target
    from tracker.sources.files import shipped_folders
    from tracker.store.database import parse_database_url

    address = parse_database_url(settings.store_url)
    is_file = address.get_backend_name() == "sqlite" and address.database
    database = [Path(str(address.database)).parent] if is_file else []
    own_tiers = [each / tier.value for each in settings.source_folders for tier in Tier]
    check_target(
        folder,
        kept_out=[settings.data_dir, *database, *settings.source_folders],
        kept_whole=[Path(str(tracker.__file__)).parent, *shipped_folders(), *own_tiers],
    )


def _named(given: list[str]) -> dict[str, str]:
    from tracker.errors import UsageError

    found = {}
    for each in given:
        name, separator, query = each.partition("=")
        if not separator:
            raise UsageError(f"--selection {each!r} has no name. Write NAME=QUERY: talks=type=talk.")
        found[name] = query
    return found
