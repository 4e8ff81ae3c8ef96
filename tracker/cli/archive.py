"""``tracker archive``: reads events from web archives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import Data


def archive(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.warc…", help="WARC files, also compressed.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: print it.")] = None,
    data: Data = None,
) -> None:
    """Read what web archives hold of the sources: one listing per line, as 'tracker match' takes them.

    Nothing is asked of the web, and nothing is published.
    """
    from tracker.cli.output import write_output
    from tracker.config import Settings
    from tracker.sources.files import load_sources
    from tracker.warc import read_archives

    sources = load_sources(Settings.load(data))
    read = list(read_archives(files, sources))
    text = "".join(listing.canonical_json() + "\n" for each in read for listing in each.listings)
    write_output(text, output)
    for each in read:
        said = f"{each.source}: {len(each.listings)} listings, {each.rejected} rejected"
        typer.echo(f"{said}, {len(each.missing)} pages are not there" if each.missing else said, err=True)
    typer.echo(f"{sum(len(each.listings) for each in read)} listings of {len(read)} sources.", err=True)
