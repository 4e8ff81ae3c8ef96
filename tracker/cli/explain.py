"""``tracker explain``: prints why two listings are one event, or two."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import EVENT, Data
from tracker.cli.store_access import reading_store


def explain(
    one: Annotated[str, typer.Argument(metavar="A", help=EVENT)],
    other: Annotated[str, typer.Argument(metavar="B", help="Likewise.")],
    data: Data = None,
) -> None:
    """Say why two listings are one event, or two: what they met in, each point for and against, each veto."""
    from tracker.curation.event_names import names_of
    from tracker.errors import UsageError
    from tracker.matching.explaining import explain_pair
    from tracker.matching.rulings import ListingResolver, resolve_rulings
    from tracker.store import listings, rulings

    with reading_store(data) as db:
        found = listings.load_listings(db)
        names = ListingResolver(found)
        (first, *_), (second, *_) = names.find(names_of(db, one)), names.find(names_of(db, other))
        if first == second:
            raise UsageError(f"A and B are the same listing, {first}. 'tracker show ID' names those behind an event.")
        explanation = explain_pair(found, first, second)
        together = resolve_rulings(rulings.load_rulings(db), found).together
        memberships = listings.load_memberships(db)
    for key in (first, second):
        member = memberships.get(key)
        typer.echo(f"{key}: event {member.event_id}, {member.reason}" if member else f"{key}: not matched yet")
    typer.echo("\n".join(explanation.lines()))
    pair = (min(first, second), max(first, second))
    for said, pairs in (("one event", together.same), ("two events", together.different)):
        if pair in pairs:
            typer.echo(f"Whatever the points: ruling {pairs[pair]} says that they are {said}.")
