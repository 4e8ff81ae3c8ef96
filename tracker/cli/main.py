"""``tracker``: registers the commands and turns errors into messages and exit codes."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from tracker.cli import (
    archive,
    crawl,
    db,
    demo,
    digest,
    doctor,
    events,
    fit,
    lint,
    match,
    mcp,
    mirror,
    notify,
    publish,
    read,
    rebuild,
    review,
    rule,
    serve,
    sources,
    status,
    suggestions,
    workers,
)
from tracker.errors import TrackerError

app = typer.Typer(
    name="tracker",
    help="AI-safety events and opportunities from many sources: crawl, list, publish, serve.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(demo.demo)
app.command()(crawl.crawl)
app.command()(workers.enqueue)
app.command()(workers.worker)
app.command("list")(events.list_events)
app.command()(fit.fit)
app.command()(events.show)
app.command()(events.explain)
app.command()(events.export)
app.command()(publish.publish)
app.command()(digest.digest)
app.command()(lint.lint)
app.command()(serve.serve)
app.command()(mcp.mcp)
app.command()(mirror.mirror)
app.command()(status.status)
app.command()(rebuild.rebuild)
app.command()(doctor.doctor)
app.command()(read.read)
app.command()(match.match)
app.command()(archive.archive)
app.command()(review.review)
app.add_typer(notify.app, name="notify")
app.add_typer(rule.app, name="rule")
app.add_typer(suggestions.app, name="suggestions")
app.add_typer(sources.app, name="sources")
app.add_typer(db.app, name="db")


def _print_version(asked: bool) -> None:
    if asked:
        from tracker import __version__

        typer.echo(f"tracker {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """AI-safety events and opportunities from many sources: crawl, list, publish, serve."""
    del version


def run() -> NoReturn:
    """Run the command line and exit, after a ``TrackerError`` with its exit code."""
    try:
        app()
    except TrackerError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    sys.exit(0)
