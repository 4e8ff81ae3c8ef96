"""``tracker suggestions``: lists, accepts and refuses events and sources that visitors of the dashboard suggest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data
from tracker.cli.store_access import reading_store

if TYPE_CHECKING:
    from tracker.config import Settings
    from tracker.models.suggestion import SourceSuggestion

app = typer.Typer(no_args_is_help=True, help="What visitors suggest: look at it, publish it or take it away.")

Number = Annotated[int, typer.Argument(metavar="N", help="As 'tracker suggestions list' shows it.")]
By = Annotated[str, typer.Option(help="Who decides; default: nobody's name.")]


@app.command("list")
def list_suggestions(
    data: Data = None,
    files: Annotated[bool, typer.Option("--files", help="With the source file of each suggested source.")] = False,
) -> None:
    """List what waits to be decided: events, and sources."""
    from tracker.store import suggestions

    with reading_store(data) as db:
        waiting, sources = suggestions.waiting_suggestions(db), suggestions.waiting_sources(db)
    for number, each in waiting.items():
        where = ", ".join(place.text for place in each.raw.places)
        said = [each.raw.starts, where, each.raw.url, f"– {each.note}" if each.note else ""]
        typer.echo(f"{number:>4}  {each.at:%Y-%m-%d}  {each.raw.title}: {'; '.join(part for part in said if part)}")
    for number, source in sources.items():
        proposal = source.proposal
        said = [proposal.url, f"– {source.note}" if source.note else ""]
        typer.echo(
            f"{number:>4}  {source.at:%Y-%m-%d}  source: {proposal.name}, {proposal.kind or 'not readable yet'}, "
            f"{proposal.upcoming} events to come: {'; '.join(part for part in said if part)}"
        )
        if files and proposal.toml:
            typer.echo(proposal.toml)
    count = len(waiting) + len(sources)
    typer.echo(f"{count} waiting." if count else "No suggestion waits.")


@app.command()
def accept(
    number: Number,
    data: Data = None,
    by: By = "",
    approve: Annotated[
        bool, typer.Option("--approve", help="Of a source: enable it too, for what is read from it is right.")
    ] = False,
) -> None:
    """Publish a suggested event ('tracker rule edit' corrects it), or add a suggested source."""
    from tracker.config import Settings
    from tracker.curation.review_session import review_session
    from tracker.curation.visitor_suggestions import accept as accept_one
    from tracker.publishing.phrases import format_when
    from tracker.store import suggestions

    settings = Settings.load(data)
    with reading_store(data) as db:
        source = suggestions.waiting_sources(db).get(number)
    if source is not None:
        _add_source(settings, number, source, by, approve=approve)
        return
    with review_session(settings) as session:
        listing = accept_one(session, number, by=by)
    typer.echo(f"Published: {listing.title}, {format_when(listing.when)}.")


def _add_source(settings: Settings, number: int, suggested: SourceSuggestion, by: str, *, approve: bool) -> None:
    """Probe a suggested source once more, write its file and case, and record the decision."""
    from tracker.cli.output import listings
    from tracker.cli.source_reports import approve_source, print_reading
    from tracker.clock import current_time
    from tracker.curation.visitor_suggestions import mark_added
    from tracker.probing.adding import add_source, free_id
    from tracker.sources.files import load_sources
    from tracker.store import open_store

    proposal = suggested.proposal
    taken = {each.id for each in load_sources(settings.model_copy(update={"only_own_sources": False}))}
    source_id = free_id(proposal.name, taken)
    added = add_source(settings, source_id, proposal.url, name=proposal.name)
    store = open_store(settings.store_url)
    with store.writing() as db:
        mark_added(db, number, current_time(), by)
    store.close()
    print_reading(added.source)
    typer.echo(f"Wrote {added.path} and the case {added.case}: {listings(added.count)}.")
    if approve:
        approve_source(added.source, by or "a curator")
    else:
        typer.echo(f"If all is right: tracker sources check {source_id} --approve")


@app.command()
def refuse(number: Number, data: Data = None, by: By = "") -> None:
    """Take a suggestion away; nothing is published."""
    from tracker.config import Settings
    from tracker.curation.review_session import review_session
    from tracker.curation.visitor_suggestions import refuse as refuse_one

    with review_session(Settings.load(data)) as session:
        refuse_one(session.db, number, session.now, by=by)
    typer.echo(f"Suggestion {number} is taken away.")
