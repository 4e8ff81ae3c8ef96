"""Writes the output of commands: rich tables on a terminal, else plain lines of fixed width."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.sources.files import InvalidFile

_WIDE = 160


@cache
def console() -> Console:
    """Return the console of standard output; it does not interpret markup in texts."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_invalid_files(files: Iterable[InvalidFile]) -> None:
    """Name the source files that cannot be used, on standard error."""
    for each in files:
        typer.echo(f"The source {each.id} is left out, its file is invalid: {each.message}", err=True)


def write_output(text: str, output: Path | None) -> None:
    """Write text to a file, or to standard output if there is none.

    Raises:
        UsageError: the file cannot be written.
    """
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error}") from error


def listings(count: int) -> str:
    """Return a number of listings in words."""
    return "1 listing" if count == 1 else f"{count} listings"
