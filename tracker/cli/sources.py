"""``tracker sources``: lists, probes, adds and checks sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import verification
from tracker.cli.options import Data

if TYPE_CHECKING:
    from tracker.models.source import Source
    from tracker.probing.groups import Group

app = typer.Typer(help="The sources: places on the web that list events.", no_args_is_help=True)
app.command()(verification.verify)
app.command()(verification.report)
app.command()(verification.take)


@app.callback()
def sources() -> None:
    """The sources: places on the web that list events."""


@app.command("list")
def list_sources(
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List all sources, enabled or not. Exit code 1 if a source file is invalid."""
    from tracker.cli.output import print_invalid_files
    from tracker.config import Settings
    from tracker.models.record import canonical_json
    from tracker.sources.files import read_source_files

    files = read_source_files(Settings.load(data))
    if as_json:
        typer.echo(canonical_json([source.model_dump(mode="json") for source in files.sources]))
    else:
        _print_table(files.sources)
    print_invalid_files(files.invalid)
    if files.invalid:
        raise typer.Exit(1)


def _print_table(found: list[Source]) -> None:
    from rich.table import Table

    from tracker.cli.output import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "name", "tier", "platform", "enabled", "verified", "homepage"):
        table.add_column(name, no_wrap=name == "id")
    for source in found:
        enabled = "yes" if source.enabled else "no"
        table.add_row(
            source.id,
            source.name,
            source.tier.value,
            source.platform,
            enabled,
            source.verified,
            source.homepage,
        )
    console().print(table)
    typer.echo(f"{len(found)} sources, {sum(source.enabled for source in found)} enabled.")


@app.command("probe")
def probe_address(
    url: Annotated[str, typer.Argument(help="A page with events, a calendar, a feed.")],
    json: Annotated[bool, typer.Option("--json", help="What the best way gives, as raw listings.")] = False,
    data: Data = None,
) -> None:
    """Say how a page could be read, and what it would give. Nothing is kept."""
    from tracker.cli.source_reports import print_probe, print_probe_as_json
    from tracker.config import Settings
    from tracker.probing.probe import probe

    settings = Settings.load(data)
    found = probe(settings, url)
    if json:
        print_probe_as_json(found, settings)
    else:
        print_probe(found)
    if found.best is None:
        raise typer.Exit(1)


@app.command("add")
def add_source(
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits and _: ai_safety_berlin.")],
    url: Annotated[str, typer.Argument(help="A page with events, a calendar, a feed.")],
    data: Data = None,
    name: Annotated[str, typer.Option(help="What people read; without it, made from the id.")] = "",
    tier: Annotated[
        str, typer.Option(help="organisers, communities, forums or directories: whom to believe before whom.")
    ] = "communities",
) -> None:
    """Write a new source: its file and its saved pages."""
    from tracker.cli.output import listings
    from tracker.cli.source_reports import print_probe, print_reading
    from tracker.config import Settings
    from tracker.probing.adding import add_source as add

    added = add(Settings.load(data), source_id, url, name=name, tier=tier)
    print_probe(added.probe, briefly=True)
    print_reading(added.source)
    typer.echo(f"Wrote {added.path} and the case {added.case}.")
    if not added.count:
        typer.echo(
            "The calendar is valid, and empty today. Each crawl looks again; approve it if the address is right: "
            f"tracker sources check {source_id} --approve"
        )
        return
    typer.echo(
        f"Look at the {listings(added.count)} above and at the file. If all is right: "
        f"tracker sources check {source_id} --approve"
    )


@app.command("discover")
def discover_sources(
    urls: Annotated[list[str] | None, typer.Argument(metavar="[URL]…", help="Pages of groups.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write the files there; else print.")] = None,
    data: Data = None,
) -> None:
    """Look for calendars on the pages of groups, and propose a file for each that is not known. Enables nothing.

    Without URLs, the groups are those of AISafety.com and of the forums' lists of local groups.
    """
    from tracker.cli.crawl_progress import Progress
    from tracker.cli.output import listings
    from tracker.cli.source_reports import folder_of_proposals, write_proposal
    from tracker.config import Settings
    from tracker.probing.discover import discover
    from tracker.sources.files import load_sources

    settings = Settings.load(data)
    folder = folder_of_proposals(out) if out is not None else None
    with Progress("Looking") as progress:

        def show(group: Group) -> None:
            progress.tell(group.name, "looked at", group.evidence)

        found = discover(settings, load_sources(settings), urls or (), show)
    for each in found.proposals:
        typer.echo(f"\n{each.id}: {listings(each.count)}, named by {each.url}")
        unwritten = write_proposal(folder, each) if folder is not None else ""
        if unwritten:
            typer.echo(f"{unwritten}:", err=True)
        if folder is None or unwritten:
            typer.echo(each.text, nl=False)
    for failure in found.failures:
        typer.echo(f"Not read: {failure}", err=True)
    if found.known:
        typer.echo(f"\nKnown already: {', '.join(found.known)}.")
    where = f" in {out}; move what you want into your folder of sources" if out is not None else ""
    typer.echo(f"\n{found.groups} groups, {len(found.proposals)} new sources proposed{where}.")
    if found.proposals:
        typer.echo("Look at each before it is enabled: tracker sources check ID --live")


@app.command("check")
def check_sources(
    source_id: Annotated[str, typer.Argument(metavar="[ID]", help="One source; without it, all.")] = "",
    data: Data = None,
    every: Annotated[bool, typer.Option("--all", help="All sources, as without an id.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Fetch it now, and say whether it may be enabled.")] = False,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Save its pages anew as its case, and show what is read.")
    ] = False,
    approve: Annotated[
        bool, typer.Option("--approve", help="Note that what is read from its case is right, and enable it.")
    ] = False,
    by: Annotated[str, typer.Option(help="Your name, for --approve; default: that of your account.")] = "",
) -> None:
    """Check files, saved pages and politeness of sources."""
    import getpass

    from tracker.cli.output import print_invalid_files
    from tracker.cli.source_reports import approve_source, fetch_case, print_live
    from tracker.config import Settings
    from tracker.errors import UsageError
    from tracker.sources.checks import find_problems
    from tracker.sources.files import read_source_files

    settings = Settings.load(data)
    files = read_source_files(settings)
    chosen, invalid = files.sources, files.invalid
    if source_id and not every:
        chosen, invalid = files.choose([source_id]), []
    elif approve or fetch or (live and not every):
        raise UsageError("Name the source: tracker sources check ID --live. Or all enabled ones: --live --all")
    if live:
        visited = [each for each in chosen if each.enabled] if every else chosen
        print_invalid_files(invalid)
        if not print_live(settings, visited, briefly=every) or invalid:
            raise typer.Exit(1)
        return
    if fetch:
        fetch_case(settings, chosen[0])
        return
    if approve:
        approve_source(chosen[0], by or getpass.getuser())
        return
    found = {source.id: find_problems(source) for source in chosen}
    for name, said in found.items():
        for complaint in said:
            typer.echo(f"{name} {complaint}")
    for each in invalid:
        typer.echo(f"{each.id} cannot be used: {each.message}")
    wrong = sum(bool(said) for said in found.values()) + len(invalid)
    count = len(chosen) + len(invalid)
    typer.echo(f"{count} sources checked, {wrong} to mend." if wrong else f"{count} sources checked: all well.")
    if wrong:
        raise typer.Exit(1)


@app.command("expect")
def expect_of_source(
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a source.")],
    data: Data = None,
) -> None:
    """Say what its healthy runs were like, as the line 'expect' for its file. Nothing is changed."""
    from tracker.config import Settings
    from tracker.health.expectations import RUNS_TO_LEARN, expectation_line, learn_expectation
    from tracker.sources.files import choose, load_sources
    from tracker.store import open_store, runs

    settings = Settings.load(data)
    store = open_store(settings.store_url)
    with store.reading() as db:
        past = runs.last_runs(db, source_id).get(source_id, [])
    store.close()
    if not past:
        choose(load_sources(settings), [source_id])
    expected = learn_expectation(past)
    if expected is None:
        typer.echo(f"Not known yet: after {RUNS_TO_LEARN} runs that went well, ask again.")
        raise typer.Exit(1)
    typer.echo(expectation_line(expected))
