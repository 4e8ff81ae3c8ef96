"""Explains why two listings, named by a person, are one event or two: points, vetoes, rulings."""

from __future__ import annotations

from sqlalchemy import Connection

from tracker.curation.event_names import names_of
from tracker.errors import UsageError
from tracker.matching.explaining import explain_pair
from tracker.matching.rulings import ListingResolver, resolve_rulings
from tracker.store import listings, rulings


def explain_names(db: Connection, one: str, other: str) -> list[str]:
    """Return why two listings are one event or two, line by line.

    Raises:
        UsageError: they are the same listing.
        UnknownEventError: one of them names nothing.
        RulingError: a name cannot be parsed, or names no listing.
    """
    found = listings.load_listings(db)
    names = ListingResolver(found)
    (first, *_), (second, *_) = names.find(names_of(db, one)), names.find(names_of(db, other))
    if first == second:
        raise UsageError(f"A and B are the same listing, {first}. 'tracker show ID' names those behind an event.")
    explanation = explain_pair(found, first, second)
    together = resolve_rulings(rulings.load_rulings(db), found).together
    memberships = listings.load_memberships(db)
    lines = []
    for key in (first, second):
        member = memberships.get(key)
        lines.append(f"{key}: event {member.event_id}, {member.reason}" if member else f"{key}: not matched yet")
    lines += explanation.lines()
    pair = (min(first, second), max(first, second))
    for said, pairs in (("one event", together.same), ("two events", together.different)):
        if pair in pairs:
            lines.append(f"Whatever the points: ruling {pairs[pair]} says that they are {said}.")
    return lines
