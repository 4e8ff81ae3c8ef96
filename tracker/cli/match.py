"""``tracker match``: groups the listings of a file by event, without a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def match(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="One listing per line, as docs/matching.md says.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: print it.")] = None,
) -> None:
    """Group the listings of a file: which are one event, which one series, and why."""
    import json

    from tracker.cli.output import write_output
    from tracker.errors import UsageError
    from tracker.matching.exchange import match_lines, read_lines

    try:
        with file.open("rb") as lines:
            read = read_lines(lines)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    answers = list(match_lines(read))
    text = "".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
    write_output(text, output)
    for problem in read.rejected[:20]:
        typer.echo(f"Rejected: {problem}", err=True)
    events = len({answer["event"] for answer in answers})
    series = len({answer["series"] for answer in answers} - {None})
    typer.echo(f"{len(answers)} listings, {events} events, {series} series, {len(read.rejected)} rejected.", err=True)
    if read.rejected:
        raise typer.Exit(1)
