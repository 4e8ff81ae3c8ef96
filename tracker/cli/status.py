"""``tracker status``: how the sources are doing."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.opening import reading_store
from tracker.cli.options import Data


def status(
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show each source's last run, last success and what is wrong with it."""
    from tracker.store import runs, sources

    with reading_store(data) as db:
        latest = runs.latest_runs(db)
        successes = runs.last_successes(db)
        names = {each.id: each.name for each in sources.load_sources(db).values()}
    if as_json:
        from tracker.models.record import canonical_json

        rows = [
            run.model_dump(mode="json") | {"last_success": _stamp(successes.get(source))}
            for source, run in sorted(latest.items())
        ]
        typer.echo(canonical_json(rows))
        return
    from rich.table import Table

    from tracker.cli.printing import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in (
        "source",
        "last run (UTC)",
        "verdict",
        "listings",
        "rejected",
        "last success",
        "what is wrong",
    ):
        table.add_column(name)
    for source, run in sorted(latest.items()):
        table.add_row(
            names.get(source, source),
            f"{run.finished_at:%Y-%m-%d %H:%M}",
            run.verdict.value,
            str(run.kept) if not run.pages_unchanged else "as before",
            str(run.rejected),
            _stamp(successes.get(source)) or "never",
            f"{run.diagnosis}: {run.message}" if run.diagnosis else run.message,
        )
    console().print(table)


def _stamp(moment: object) -> str | None:
    from datetime import datetime

    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if isinstance(moment, datetime) else None
