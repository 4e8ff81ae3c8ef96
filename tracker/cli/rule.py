"""``tracker rule``: makes, lists and undoes rulings about events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import EVENT, Data
from tracker.cli.store_access import reading_store

if TYPE_CHECKING:
    from tracker.curation.decisions import ActiveRuling
    from tracker.curation.review_session import ReviewSession
    from tracker.models.ruling import Ruling
    from tracker.pipeline.planning import BuildResult


app = typer.Typer(no_args_is_help=True, help="Decide what is one event, what is hidden, what a field says; for ever.")

A = Annotated[str, typer.Argument(metavar="A", help=EVENT)]
B = Annotated[str, typer.Argument(metavar="B", help="Likewise.")]
Id = Annotated[str, typer.Argument(metavar="ID", help=EVENT)]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, for those who read it later.")]


@app.command()
def same(a: A, b: B, note: Note = "", data: Data = None) -> None:
    """Say that two events are one, whatever their sources say."""
    from tracker.curation.decisions import decide_pair
    from tracker.models.ruling import RulingKind

    with ruling_in(data) as session:
        session.done.append(decide_pair(session.db, RulingKind.SAME, a, b, session.now, note))


@app.command()
def different(a: A, b: B, note: Note = "", data: Data = None) -> None:
    """Say that two events, or two listings of one event, are two."""
    from tracker.curation.decisions import decide_pair
    from tracker.models.ruling import RulingKind

    with ruling_in(data) as session:
        session.done.append(decide_pair(session.db, RulingKind.DIFFERENT, a, b, session.now, note))


@app.command()
def hide(event: Id, note: Note = "", data: Data = None) -> None:
    """Show an event nowhere; calendars that have it are told that it is cancelled."""
    from tracker.curation.decisions import decide_hidden

    with ruling_in(data) as session:
        session.done.append(decide_hidden(session.db, event, session.now, note))


@app.command()
def edit(
    event: Id,
    changes: Annotated[
        list[str], typer.Argument(metavar="FIELD=VALUE…", help="title='AI Safety Day' when='12 March 2027, 18:00'")
    ],
    note: Note = "",
    data: Data = None,
) -> None:
    """Say what fields of an event are, in place of what its sources say. Values are read as a source's would be."""
    from tracker.curation.decisions import decide_edit
    from tracker.errors import UsageError

    with ruling_in(data) as session:
        for change in changes:
            field, equals, value = change.partition("=")
            if not equals:
                raise UsageError(f"{change!r} is no change. Write field=value: title='AI Safety Day'")
            session.done.append(decide_edit(session.db, event, field.strip(), value, session.now, note))


@app.command()
def lock(
    event: Id,
    fields: Annotated[list[str], typer.Argument(metavar="FIELD…", help="title, when, places…")],
    note: Note = "",
    data: Data = None,
) -> None:
    """Keep fields of an event as they are published now, whatever its sources say later."""
    from tracker.curation.decisions import decide_locked

    with ruling_in(data) as session:
        session.done.extend(decide_locked(session.db, event, field, session.now, note) for field in fields)


@app.command()
def undo(
    number: Annotated[int, typer.Argument(metavar="N", help="As 'tracker rule list' shows it.")], data: Data = None
) -> None:
    """Take a ruling back; events get their own ids again."""
    from tracker.curation.decisions import undo_ruling_number

    with ruling_in(data) as session:
        ruling = undo_ruling_number(session.db, number, session.now)
        typer.echo(f"Ruling {number} is taken back: {_in_words(ruling)}.")


@app.command("list")
def list_rulings(data: Data = None) -> None:
    """List the rulings that stand."""
    from tracker.matching.rulings import resolve_rulings
    from tracker.store import listings, rulings

    with reading_store(data) as db:
        standing = rulings.load_rulings(db)
        bound = resolve_rulings(standing, listings.load_listings(db) if standing else [])
    for number, ruling in standing.items():
        state = "  (its listing is not there)" if number in bound.waiting else ""
        state += "  (without effect: it contradicts others)" if number in bound.refused else ""
        note = f"  – {ruling.note}" if ruling.note else ""
        note += f"  ({ruling.by})" if ruling.by else ""
        typer.echo(f"{number:>4}  {ruling.at:%Y-%m-%d}  {ruling.kind:<9}  {_in_words(ruling)}{note}{state}")
    typer.echo(f"{len(standing)} rulings." if standing else "No ruling stands. See 'tracker rule --help'.")


@app.command()
def export(file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="Is replaced.")], data: Data = None) -> None:
    """Write the rulings that stand to a file."""
    from tracker.curation.rulings_file import write_rulings
    from tracker.store import rulings

    with reading_store(data) as db:
        standing = rulings.load_rulings(db)
    write_rulings(file, standing.values())
    typer.echo(f"{file}: {len(standing)} rulings.")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="As 'tracker rule export' writes it.")],
    wait: Annotated[
        bool, typer.Option("--wait", help="Accept rulings about listings that are not there yet; they wait for them.")
    ] = False,
    data: Data = None,
) -> None:
    """Take over the rulings of a file: all of them, or none if one is wrong."""
    from tracker.curation.rulings_file import import_rulings
    from tracker.store import listings

    with ruling_in(data, create=True) as session:
        numbers = import_rulings(
            session.db, file, session.now, may_wait=wait or not listings.load_memberships(session.db)
        )
        typer.echo(f"{file}: {len(numbers)} new.")


@contextmanager
def ruling_in(data: Path | None, *, create: bool = False) -> Iterator[ReviewSession]:
    """Open a review session, then publish its rulings and print their effect. An error changes nothing."""
    from tracker.config import Settings
    from tracker.curation.review_session import review_session

    with review_session(Settings.load(data), create=create) as session:
        yield session
    _print_rulings(session.done, session.refreshed)


def _print_rulings(done: list[ActiveRuling], refreshed: BuildResult) -> None:
    for decided in done:
        replaced = f" It replaces ruling {', '.join(map(str, decided.replaces))}." if decided.replaces else ""
        typer.echo(f"Ruling {decided.number}: {_in_words(decided.ruling)}.{replaced}")
        typer.echo(f"To take it back: tracker rule undo {decided.number}")
    typer.echo(
        f"{refreshed.total} events: {len(refreshed.new)} new, {len(refreshed.changed)} changed, "
        f"{len(refreshed.merged)} part of others, {len(refreshed.hidden)} hidden."
    )
    for refused in refreshed.refused:
        typer.echo(f"Without effect: {refused}. See: tracker rule list", err=True)
    for faulty in refreshed.faulty:
        typer.echo(f"Left as it was, please report it: {faulty}", err=True)


def _in_words(ruling: Ruling) -> str:
    if not ruling.field:
        return str(ruling)
    from tracker.models.details import Details
    from tracker.publishing.phrases import field_words

    value = field_words(Details.model_validate({"title": "-", ruling.field: ruling.value}), ruling.field)
    return f"{ruling.field} of {ruling.a[0]} {'stays' if ruling.kind.value == 'lock' else 'is'} {value!r}"
