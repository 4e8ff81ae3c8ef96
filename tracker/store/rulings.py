"""Stores the rulings of curators, and the doubtful pairs of listings of the review queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from tracker.models.listing import ListingKey
from tracker.models.ruling import Ruling
from tracker.store import schema, sources


@dataclass(frozen=True, slots=True)
class DoubtfulPair:
    """Two listings that may be one event."""

    one: ListingKey
    other: ListingKey
    points: float


def load_rulings(db: Connection) -> dict[int, Ruling]:
    """Return the rulings that are in force, by number; they name listings by the present names of sources."""
    table = schema.ruling
    rows = db.execute(select(table).where(table.c.undone_at.is_(None)).order_by(table.c.id))
    found = {row.id: Ruling.model_validate_json(row.document) for row in rows}
    new_names = sources.load_new_names(db) if found else {}
    return {number: _with_new_names(each, new_names) if new_names else each for number, each in found.items()}


def _with_new_names(ruling: Ruling, new_names: Mapping[str, str]) -> Ruling:
    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        parts = (name.partition(" ") for name in names)
        return tuple(f"{new_names.get(source, source)}{blank}{rest}" for source, blank, rest in parts)

    return ruling.model_copy(update={"a": renamed(ruling.a), "b": renamed(ruling.b)})


def load_undone(db: Connection) -> dict[int, datetime]:
    """Return when each undone ruling was undone, by number."""
    table = schema.ruling
    rows = db.execute(select(table.c.id, table.c.undone_at).where(table.c.undone_at.is_not(None)).order_by(table.c.id))
    return {row.id: row.undone_at for row in rows}


def add_ruling(db: Connection, ruling: Ruling) -> int:
    """Store a ruling and return its number."""
    added = insert(schema.ruling).values(document=ruling.canonical_json()).returning(schema.ruling.c.id)
    return int(db.execute(added).scalar_one())


def undo_ruling(db: Connection, number: int, at: datetime, by: str = "") -> None:
    """Mark a ruling as undone."""
    db.execute(update(schema.ruling).where(schema.ruling.c.id == number).values(undone_at=at, undone_by=by))


def save_doubtful_pairs(db: Connection, pairs: Iterable[DoubtfulPair]) -> None:
    """Replace the doubtful pairs."""
    db.execute(delete(schema.doubtful_pair))
    rows: list[Mapping[str, object]] = [
        {
            "source": pair.one[0],
            "source_id": pair.one[1],
            "other_source": pair.other[0],
            "other_source_id": pair.other[1],
            "points": pair.points,
        }
        for pair in pairs
    ]
    if rows:
        db.execute(insert(schema.doubtful_pair), rows)


def count_doubtful_pairs(db: Connection) -> int:
    """Return the number of doubtful pairs."""
    return db.execute(select(func.count()).select_from(schema.doubtful_pair)).scalar_one()


def load_doubtful_pairs(db: Connection) -> list[DoubtfulPair]:
    """Return the doubtful pairs, most likely first."""
    table = schema.doubtful_pair
    order = (table.c.points.desc(), table.c.source, table.c.source_id, table.c.other_source, table.c.other_source_id)
    return [
        DoubtfulPair(
            ListingKey((row.source, row.source_id)), ListingKey((row.other_source, row.other_source_id)), row.points
        )
        for row in db.execute(select(table).order_by(*order))
    ]
