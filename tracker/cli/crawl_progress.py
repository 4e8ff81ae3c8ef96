"""Prints the progress of a crawl or verification: a spinner on a terminal, else one line per source; then a table."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import typer

from tracker.cli.output import console, listings

if TYPE_CHECKING:
    from rich.status import Status

    from tracker.models.run import Run


class Progress:
    """Shows each source as it ends."""

    def __init__(self, doing: str = "Crawling", *, as_json: bool = False) -> None:
        self._doing = doing
        self._as_json = as_json
        self._status: Status | None = None
        self._done = 0

    def __enter__(self) -> Progress:
        """Start the spinner on a terminal."""
        if sys.stdout.isatty() and not self._as_json:
            self._status = console().status(f"{self._doing} …")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the spinner."""
        if self._status is not None:
            self._status.stop()

    def show(self, run: Run) -> None:
        """Show a run that has ended."""
        if self._as_json:
            typer.echo(run.canonical_json())
        else:
            self.tell(run.source, run.verdict.value, "; ".join(filter(None, (listings(run.kept), run.message))))

    def tell(self, source: str, verdict: str, detail: str) -> None:
        """Show that a source is done: beside the spinner, or as a line of its own with the detail."""
        self._done += 1
        if self._status is not None:
            self._status.update(f"{self._doing} … {self._done} sources done, last: {source} ({verdict})")
        else:
            console().print(f"{source}: {verdict}, {detail}".rstrip(), soft_wrap=True)


def print_runs(runs: Sequence[Run], names: Mapping[str, str]) -> None:
    """Print a table of runs with their counts."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("source", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for name in ("listings", "new", "changed", "rejected"):
        table.add_column(name, justify="right")
    table.add_column("note")
    for run in sorted(runs, key=lambda each: each.source):
        counts = [run.kept, run.new, run.changed, run.rejected]
        table.add_row(names.get(run.source, run.source), run.verdict.value, *map(str, counts), run.message)
    console().print(table)
