"""``tracker digest``: prints or sends the events and changes of a week, for newsletters and channels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data, days, takes_selection
from tracker.cli.store_access import reading_store

if TYPE_CHECKING:
    from datetime import timedelta

    from tracker.models.selection import Selection


@takes_selection
def digest(
    filters: list[tuple[str, str]],
    since: Annotated[
        str,
        typer.Option("--since", metavar="DAYS", help="How far back: 7d. Or all: the whole selection, not only news."),
    ] = "7d",
    form: Annotated[str, typer.Option("--format", help="md, html, text or posts (300 characters at most).")] = "md",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: print it.")] = None,
    notify: Annotated[
        bool, typer.Option("--notify", help="Send what was not announced yet to the channels of the setting 'notify'.")
    ] = False,
    data: Data = None,
) -> None:
    """Print what closes soon, is new, comes up and changed, or a whole selection, to paste or to post."""
    from tracker.clock import current_time
    from tracker.errors import UsageError
    from tracker.models.selection import Selection
    from tracker.publishing.atomic_files import write_file
    from tracker.publishing.pasting import FORMS, digest_since
    from tracker.reading.places.fields import locate

    if form not in FORMS:
        raise UsageError(f"--format {form} is not known. Formats: {', '.join(FORMS)}.")
    selection, now = locate(Selection.from_pairs(filters)), current_time()
    span = None if since == "all" else days(since, "--since")
    if notify:
        if span is None:
            raise UsageError("--notify sends news: write --since as 7d, not all.")
        _announce(data, selection, span)
        return
    with reading_store(data) as db:
        text = FORMS[form].render(digest_since(db, selection, span, now))
    if output is None:
        typer.echo(text, nl=False)
        return
    changed = write_file(output, text.encode())
    typer.echo(f"{output}: {'written' if changed else 'unchanged'}.")


def _announce(data: Path | None, selection: Selection, span: timedelta) -> None:
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.errors import ConfigurationError
    from tracker.notifying.delivery import announce
    from tracker.store import open_store

    settings = Settings.load(data)
    if not settings.notify:
        raise ConfigurationError(
            'No channel is set. Write notify = ["discord://…"] into tracker.toml; '
            "https://appriseit.com lists the addresses of all services."
        )
    store = open_store(settings.store_url)
    try:
        sent = announce(store, settings.notify, selection, now=current_time(), span=span)
    finally:
        store.close()
    for number, count in enumerate(sent, 1):
        words = "could not be reached; the next run tries again" if count is None else f"{count} items sent"
        typer.echo(f"Channel {number}: {words}.", err=count is None)
    if None in sent:
        raise typer.Exit(1)
