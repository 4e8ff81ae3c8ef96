"""``tracker status``: prints the health of the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data
from tracker.cli.store_access import reading_store

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.models.run import SourceState
    from tracker.models.source import Source

_COLUMNS = ("source", "state", "last run (UTC)", "last success", "listings over time", "next try")


def status(
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show how each source is doing, the worst first: its last success, its counts, what is wrong, and the next try.

    Exit code 1 if an event of a source could not be published, or a source file is invalid.
    """
    from tracker.cli.output import print_invalid_files
    from tracker.config import Settings
    from tracker.health.scheduling import NOT_PUBLISHED, source_states
    from tracker.models.record import canonical_json
    from tracker.models.suggestion import SUGGESTED
    from tracker.sources.files import read_source_files, renamed_files
    from tracker.store import runs, sources

    with reading_store(data) as db:
        known = sources.load_sources(db)
        states = source_states(known.values(), runs.load_histories(db, known))
    if as_json:
        typer.echo(canonical_json([state.model_dump(mode="json") for _, state in sorted(states.items())]))
    else:
        _print_table(known, states)
    files = read_source_files(Settings.load(data))
    have_files = {each.id for each in files.sources} | {each.id for each in files.invalid}
    gone = sorted(set(known) - have_files - {SUGGESTED.id})
    if 0 < len(gone) < len(known) and not as_json:  # if all are gone, it is the demo's store
        typer.echo(f"Not crawled any more, for there is no file of theirs: {', '.join(gone)}.")
        for old, new in renamed_files([known[each] for each in gone], files.sources):
            typer.echo(
                f'Has {old} been renamed to {new}? Then write renamed_from = "{old}" into the file of {new}: its '
                "events keep their ids, and what it no longer lists goes."
            )
    print_invalid_files(files.invalid)
    is_unpublished = any(state.diagnosis == NOT_PUBLISHED for state in states.values())
    if files.invalid or is_unpublished:
        raise typer.Exit(1)


def _print_table(known: dict[str, Source], states: dict[str, SourceState]) -> None:
    from collections import Counter

    from rich.table import Table

    from tracker.cli.output import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in _COLUMNS:
        table.add_column(name)
    for source, state in sorted(states.items(), key=lambda each: (-each[1].consecutive_failures, each[0])):
        table.add_row(
            known[source].name,
            state.state.value,
            _minute(state.last_run),
            _minute(state.last_success) or "never",
            " ".join(map(str, state.trend[-6:])),
            _minute(state.next_try) or "now",
        )
    console().print(table)
    for source, state in states.items():
        if said := _trouble(state) or state.rejection:
            console().print(f"{known[source].name}: {said}", soft_wrap=True)
    counts = Counter(state.state.value for state in states.values())
    typer.echo(f"{len(states)} sources: {', '.join(f'{count} {name}' for name, count in sorted(counts.items()))}.")


def _trouble(state: SourceState) -> str:
    said = f"{state.diagnosis}: {state.message}" if not state.is_ok else ""
    if state.moved_to:
        said = f"has moved for good to {state.moved_to}: change its file. {said}".strip()
    return f"{said} ({state.consecutive_failures} times in a row)" if state.consecutive_failures > 1 else said


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
