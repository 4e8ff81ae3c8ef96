"""``tracker explain``: why two listings are one event, or are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.opening import reading_store
from tracker.cli.options import Data

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.models.listing import ListingKey

_WHAT = "An event's id as 'tracker list' shows it, or a listing as 'tracker show' does: 'source its-id'."


def explain(
    one: Annotated[str, typer.Argument(metavar="A", help=_WHAT)],
    other: Annotated[str, typer.Argument(metavar="B", help="Likewise.")],
    data: Data = None,
) -> None:
    """Say why two listings are one event, or two: what they met in, each point for and against, each veto."""
    from tracker.errors import UsageError
    from tracker.matching.explaining import explain_pair
    from tracker.matching.rulings import bind
    from tracker.store import listings, rulings

    with reading_store(data) as db:
        first, second = _key(db, one), _key(db, other)
        if first == second:
            raise UsageError(f"A and B are the same listing, {first}. 'tracker show ID' names those behind an event.")
        found = listings.load_listings(db)
        explanation = explain_pair(found, first, second)
        together = bind(rulings.load_rulings(db), found).together
        memberships = listings.load_memberships(db)
    for key in (first, second):
        member = memberships.get(key)
        typer.echo(f"{key}: event {member.event_id}, {member.reason}" if member else f"{key}: not matched yet")
    typer.echo("\n".join(explanation.lines()))
    pair = (min(first, second), max(first, second))
    for said, pairs in (("one event", together.same), ("two events", together.different)):
        if pair in pairs:
            typer.echo(f"Whatever the points: ruling {pairs[pair]} says that they are {said}.")


def _key(db: Connection, named: str) -> ListingKey:
    from tracker.models.listing import ListingKey
    from tracker.store import events, listings

    source, _, source_id = named.partition(" ")
    if source_id:
        key = ListingKey((source, source_id))
        if key in listings.load_memberships(db):
            return key
    return listings.listings_of_event(db, events.find_event(db, named).event.id)[0][0].key
