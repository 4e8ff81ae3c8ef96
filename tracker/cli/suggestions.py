"""``tracker suggestions``: lists, accepts and refuses events that visitors of the dashboard suggest."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import Data
from tracker.cli.store_access import reading_store

app = typer.Typer(no_args_is_help=True, help="What visitors suggest: look at it, publish it or take it away.")

Number = Annotated[int, typer.Argument(metavar="N", help="As 'tracker suggestions list' shows it.")]


@app.command("list")
def list_suggestions(data: Data = None) -> None:
    """List what waits to be decided."""
    from tracker.store import suggestions

    with reading_store(data) as db:
        waiting = suggestions.waiting_suggestions(db)
    for number, each in waiting.items():
        where = ", ".join(place.text for place in each.raw.places)
        said = [each.raw.starts, where, each.raw.url, f"– {each.note}" if each.note else ""]
        typer.echo(f"{number:>4}  {each.at:%Y-%m-%d}  {each.raw.title}: {'; '.join(part for part in said if part)}")
    typer.echo(f"{len(waiting)} waiting." if waiting else "No suggestion waits.")


@app.command()
def accept(number: Number, data: Data = None) -> None:
    """Publish a suggestion as an event; 'tracker rule edit' corrects it."""
    from tracker.config import Settings
    from tracker.curation.review_session import review_session
    from tracker.curation.visitor_suggestions import accept as accept_one
    from tracker.publishing.phrases import format_when

    with review_session(Settings.load(data)) as session:
        listing = accept_one(session, number, by="")
    typer.echo(f"Published: {listing.title}, {format_when(listing.when)}.")


@app.command()
def refuse(number: Number, data: Data = None) -> None:
    """Take a suggestion away; nothing is published."""
    from tracker.config import Settings
    from tracker.curation.review_session import review_session
    from tracker.curation.visitor_suggestions import refuse as refuse_one

    with review_session(Settings.load(data)) as session:
        refuse_one(session.db, number, session.now, by="")
    typer.echo(f"Suggestion {number} is taken away.")
