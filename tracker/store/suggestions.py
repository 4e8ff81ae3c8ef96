"""Stores suggestions of visitors, of events and of sources, and the decisions of curators about them."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, insert, select, update

from tracker.models.suggestion import SourceSuggestion, Suggestion
from tracker.store import schema

_Any = Suggestion | SourceSuggestion
_DOCUMENT: TypeAdapter[_Any] = TypeAdapter(_Any)


def add_suggestion(db: Connection, suggestion: _Any) -> int:
    """Store a suggestion and return its number."""
    values = {"at": suggestion.at, "visitor": suggestion.visitor, "document": suggestion.canonical_json()}
    added = insert(schema.suggestion).values(values).returning(schema.suggestion.c.id)
    return int(db.execute(added).scalar_one())


def waiting_suggestions(db: Connection) -> dict[int, Suggestion]:
    """Return the undecided suggestions of events by number, oldest first."""
    return {number: each for number, each in _waiting(db).items() if isinstance(each, Suggestion)}


def waiting_sources(db: Connection) -> dict[int, SourceSuggestion]:
    """Return the undecided suggestions of sources by number, oldest first."""
    return {number: each for number, each in _waiting(db).items() if isinstance(each, SourceSuggestion)}


def _waiting(db: Connection) -> dict[int, _Any]:
    table = schema.suggestion
    rows = db.execute(select(table).where(table.c.decided_at.is_(None)).order_by(table.c.id))
    return {row.id: _DOCUMENT.validate_json(row.document) for row in rows}


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
    known = _DOCUMENT.validate_json(document).model_copy(update={"visitor": ""})
    decided = {"accepted": accepted, "decided_at": at, "decided_by": by, "visitor": ""}
    db.execute(update(table).where(table.c.id == number).values({**decided, "document": known.canonical_json()}))
