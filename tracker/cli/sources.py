"""``tracker sources``: the places that are crawled."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import Data

app = typer.Typer(help="The sources: places on the web that list events.", no_args_is_help=True)


@app.callback()
def sources() -> None:
    """The sources: places on the web that list events."""


@app.command("list")
def list_sources(
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List all sources, enabled or not."""
    from tracker.config import Settings
    from tracker.sources.files import load_sources

    found = load_sources(Settings.load(data))
    if as_json:
        from tracker.models.record import canonical_json

        typer.echo(canonical_json([source.model_dump(mode="json") for source in found]))
        return
    from rich.table import Table

    from tracker.cli.printing import console

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
