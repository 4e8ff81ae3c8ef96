"""``tracker lint``: prints the errors of a calendar file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def lint(
    file: Annotated[Path, typer.Argument(metavar="FILE.ics", help="A calendar file; '-' reads standard input.")],
) -> None:
    """Say what is wrong with a calendar file, also where no calendar program complains. Exit code 1 if anything is."""
    from tracker.errors import UsageError
    from tracker.publishing.lint.rules import lint as find_faults

    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    faults = find_faults(body)
    for fault in faults:
        typer.echo(f"{file}:{fault.line}: {fault.rule}: {fault.words}")
    if faults:
        raise typer.Exit(1)
    typer.echo(f"{file}: nothing wrong, {body.count(b'BEGIN:VEVENT')} entries.")
