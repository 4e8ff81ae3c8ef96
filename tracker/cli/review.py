"""``tracker review``: shows the doubtful pairs of the review queue, for a person to decide."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data
from tracker.cli.store_access import reading_store

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.models.listing import Listing
    from tracker.store.rulings import DoubtfulPair

_ANSWERS = "[s]ame  [d]ifferent  [l]ater  [q]uit"


def review(
    most: Annotated[int, typer.Option("--most", metavar="N", help="How many pairs to show.")] = 20,
    data: Data = None,
) -> None:
    """Show pairs of listings that may be one event. On a terminal each is asked for; answers become rulings."""
    from tracker.store import listings, rulings, sources

    with reading_store(data) as db:
        pairs = rulings.load_doubtful_pairs(db)
        wanted = {key for pair in pairs[:most] for key in (pair.one, pair.other)}
        by_key = {each.key: each for each in listings.load_listings(db) if each.key in wanted} if pairs else {}
        names = {each.id: each.name for each in sources.load_sources(db).values()}
    if not pairs:
        typer.echo("No pair is in doubt.")
        return
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    decided = 0
    for number, pair in enumerate(pairs[:most], 1):
        typer.echo(f"\n{number} of {len(pairs)}: {pair.points:.0f} points")
        for key in (pair.one, pair.other):
            typer.echo(_described(by_key[key], names))
        if not asks:
            typer.echo(f"  tracker rule same '{pair.one}' '{pair.other}'")
            typer.echo(f"  tracker rule different '{pair.one}' '{pair.other}'")
            continue
        answer = typer.prompt(_ANSWERS, default="l", show_default=False).strip().casefold()[:1]
        if answer == "q":
            break
        if answer in {"s", "d"}:
            decided += _decide(pair, answer, data)
    if asks:
        typer.echo(f"{decided} decided. 'tracker rule list' shows the rulings.")


def _described(listing: Listing, names: dict[str, str]) -> str:
    from tracker.models.vocabulary import Mode
    from tracker.publishing.phrases import deadline_line, format_when

    mode = "" if listing.mode is Mode.UNKNOWN else listing.mode.value.replace("_", " ")
    where = " & ".join(place.label for place in listing.places) or mode
    by = ", ".join(listing.organizers)
    said = [format_when(listing.when), where, by, *map(deadline_line, listing.deadlines[:1]), listing.url or ""]
    rest = "\n".join(f"      {part}" for part in said if part)
    return f"  {listing.title}  [{names.get(listing.source, listing.source)}]\n{rest}"


def _decide(pair: DoubtfulPair, answer: str, data: Path | None) -> bool:
    from tracker.cli.rule import ruling_in
    from tracker.curation.decisions import decide_pair
    from tracker.errors import RulingError
    from tracker.models.ruling import RulingKind

    kind = RulingKind.SAME if answer == "s" else RulingKind.DIFFERENT
    try:
        with ruling_in(data) as session:
            session.done.append(decide_pair(session.db, kind, str(pair.one), str(pair.other), session.now))
    except RulingError as error:
        typer.echo(f"Not decided: {error}", err=True)
        return False
    return True
