"""Stores suggestions of visitors and the decisions of curators about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from tracker.models.suggestion import Suggestion
from tracker.store import schema


def add_suggestion(db: Connection, suggestion: Suggestion) -> int:
    """Store a suggestion and return its number."""
    values = {"at": suggestion.at, "visitor": suggestion.visitor, "document": suggestion.canonical_json()}
    added = insert(schema.suggestion).values(values).returning(schema.suggestion.c.id)
    return int(db.execute(added).scalar_one())


def waiting_suggestions(db: Connection) -> dict[int, Suggestion]:
    """Return the undecided suggestions by number, oldest first."""
    table = schema.suggestion
    rows = db.execute(select(table).where(table.c.decided_at.is_(None)).order_by(table.c.id))
    return {row.id: Suggestion.model_validate_json(row.document) for row in rows}


def count_waiting(db: Connection) -> int:
    """Return the number of undecided suggestions."""
    table = schema.suggestion
    return int(db.execute(select(func.count()).select_from(table).where(table.c.decided_at.is_(None))).scalar_one())


def count_since(db: Connection, since: datetime, visitor: str = "") -> int:
    """Return the number of suggestions since an instant, by one visitor or by all."""
    table = schema.suggestion
    made = select(func.count()).select_from(table).where(table.c.at > since)
    return int(db.execute(made.where(table.c.visitor == visitor) if visitor else made).scalar_one())


def decide_suggestion(db: Connection, number: int, *, accepted: bool, at: datetime, by: str) -> None:
    """Record the decision about a suggestion and delete who made it."""
    table = schema.suggestion
    document = db.execute(select(table.c.document).where(table.c.id == number)).scalar_one()
    known = Suggestion.model_validate_json(document).model_copy(update={"visitor": ""})
    decided = {"accepted": accepted, "decided_at": at, "decided_by": by, "visitor": ""}
    db.execute(update(table).where(table.c.id == number).values({**decided, "document": known.canonical_json()}))
