"""Events that wait to be made, some at a time: several workers take portions, each nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tracker.store import schema
from tracker.store.basis import code_of


@dataclass(frozen=True, slots=True)
class Portion:
    """Some events that are to be made."""

    id: int
    events: Any
    """What ``lay_out`` was given, as JSON has it."""


def lay_out(db: Connection, plan: str, portions: Iterable[object]) -> int:
    """Put portions of a new plan in the place of all that are there; return how many these are."""
    table = schema.portion
    db.execute(delete(table))
    rows = [{"plan": plan, "code": code_of(), "document": json.dumps(each)} for each in portions]
    if rows:
        db.execute(insert(table), rows)
    return len(rows)


def take(db: Connection) -> Portion | None:
    """Take a portion that nobody has in hand and our code has laid out; free again if this transaction fails."""
    table = schema.portion
    free = select(table.c.id, table.c.document).where(table.c.outcome.is_(None), table.c.code == code_of())
    row = db.execute(free.order_by(table.c.id).limit(1).with_for_update(skip_locked=True)).first()
    return None if row is None else Portion(row.id, json.loads(row.document))


def put_back(db: Connection, portion: Portion, outcome: object) -> None:
    """Note what came of a portion."""
    table = schema.portion
    db.execute(update(table).where(table.c.id == portion.id).values(outcome=json.dumps(outcome)))


def collect(db: Connection, plan: str) -> list[Any]:
    """Return what came of the portions of a plan, and clear them away."""
    table = schema.portion
    rows = db.execute(select(table.c.outcome).where(table.c.plan == plan).order_by(table.c.id)).scalars().all()
    db.execute(delete(table).where(table.c.plan == plan))
    return [json.loads(each) for each in rows if each is not None]
