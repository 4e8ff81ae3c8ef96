"""``tracker demo``: crawls, publishes and serves made-up events."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

_MAIN_FILES = ("index", "events", "changes", "digest", "sources")


def demo(
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="Data folder of the demo.")] = Path(".demo"),
    serve: Annotated[bool, typer.Option(help="Serve dashboard and feeds afterwards.")] = True,
    port: Annotated[int, typer.Option(help="Port of the dashboard.")] = 8501,
    later: Annotated[bool, typer.Option("--later", help="As the practice web is later: one event has moved.")] = False,
) -> None:
    """Crawl the practice web with the real spiders, publish, and serve dashboard and feeds.

    The practice web is a local stand-in for the internet with about 80 made-up AI-safety events, in the formats
    of real sites. One of its calendars is broken on purpose.
    """
    from tracker.cli.crawl_progress import Progress, print_runs
    from tracker.cli.serve import listen, start
    from tracker.config import Settings
    from tracker.demo.run_demo import run_demo

    if serve:
        listen("127.0.0.1", port).close()
    settings = Settings.load(data, database_url="")
    typer.echo("Crawling the practice web …")
    with Progress() as progress:
        rehearsal = run_demo(settings, later=later, on_run=progress.show)
    names = {each.id: f"{each.name.removesuffix(' (practice)')} ({each.platform})" for each in rehearsal.sources}
    print_runs(rehearsal.runs, names)
    counts = rehearsal.refreshed
    typer.echo(
        f"\n{counts.total} events: {len(counts.new)} new, {len(counts.changed)} changed. "
        "(One calendar of the practice web is broken on purpose.)\n\nPublished:"
    )
    main = [path for path in rehearsal.files if path.stem in _MAIN_FILES]
    for path in [*main, settings.data_dir / "truth.json"]:
        typer.echo(f"  {_shown(path)}")
    typer.echo(f"  … and {len(rehearsal.files) - len(main)} more feeds and pages, by type, country and week.")
    if not serve:
        command = _command()
        typer.echo(
            f"\nNext:\n  {command} serve --data {data} --port {port}     dashboard and feeds on http://127.0.0.1:{port}\n"
            f"  {command} list --data {data} --type hackathon   on the command line\n"
            f"  {command} crawl                           the real sources, into your own data folder"
        )
        return
    start(settings, host="127.0.0.1", port=port, dashboard=True)


def _command() -> str:
    """Return the command to run the tracker: ``tracker`` if it is on the PATH, else the current Python with ``-m``."""
    return "tracker" if shutil.which("tracker") else f"{_shown(Path(sys.executable))} -m tracker"


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
