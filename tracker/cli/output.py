"""Writes the output of commands: rich tables on a terminal, else plain lines of fixed width."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from rich.console import Console

from tracker.errors import UsageError

_WIDE = 160


@cache
def console() -> Console:
    """Return the console of standard output; it does not interpret markup in texts."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


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
