"""Whose turn it is: which worker may crawl a source, and when a site may be asked again, across all machines."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Double, and_, cast, func, not_, update
from sqlalchemy.dialects import postgresql

from tracker.errors import TurnLostError
from tracker.models.moments import stamp
from tracker.store import schema

_NOW = cast(func.extract("epoch", func.clock_timestamp()), Double)
"""The server's clock: those of the workers may differ."""


def begin_turn(db: Connection, source: str, job: str) -> int | None:
    """Take the turn of a source, from whoever had it, and return its number; None if this job has recorded it already.

    A job is done again when its worker died on the way. What it had recorded until then stays recorded once.
    """
    table = schema.turn
    number = table.c.number
    first = postgresql.insert(table).values(source=source, number=1, job=job, is_done=False)
    is_recorded = and_(table.c.job == job, table.c.is_done)
    taken = first.on_conflict_do_update(
        index_elements=["source"], set_={"number": number + 1, "job": job, "is_done": False}, where=not_(is_recorded)
    )
    found: int | None = db.execute(taken.returning(number)).scalar()
    return found


def end_turn(db: Connection, source: str, number: int) -> None:
    """End a turn, in the transaction that keeps what it brought.

    Raises:
        TurnLostError: somebody else has taken the turn meanwhile.
    """
    table = schema.turn
    ours = (table.c.source == source, table.c.number == number, table.c.is_done.is_(False))
    if not db.execute(update(table).where(*ours).values(is_done=True)).rowcount:
        raise TurnLostError(f"Another worker has taken over {source} meanwhile. What this one brought is not kept.")


def reserve(db: Connection, domain: str, delay: float) -> float:
    """Take the next moment at which a site may be asked, and return how many seconds it is away.

    Whoever reserves after us gets a moment that is ``delay`` seconds later at least, also if we die on the way.
    """
    table = schema.door
    first = postgresql.insert(table).values(domain=domain, next_at=_NOW + delay)
    next_at = func.greatest(table.c.next_at, _NOW) + delay
    taken = first.on_conflict_do_update(index_elements=["domain"], set_={"next_at": next_at})
    return float(db.execute(taken.returning(table.c.next_at - delay - _NOW)).scalar_one())


def hold(db: Connection, domain: str, seconds: float) -> None:
    """Let nobody ask a site for so many seconds from now."""
    table = schema.door
    until = func.greatest(table.c.next_at, _NOW + seconds)
    db.execute(update(table).where(table.c.domain == domain).values(next_at=until))


def claim(db: Connection, name: str, now: datetime, every: timedelta) -> bool:
    """Say whether it is our turn to do what one of us does once in a while; then it is nobody else's."""
    table = schema.marker
    first = postgresql.insert(table).values(name=name, value=stamp(now))
    is_due = table.c.value <= stamp(now - every)
    taken = first.on_conflict_do_update(index_elements=["name"], set_={"value": stamp(now)}, where=is_due)
    return db.execute(taken.returning(table.c.name)).first() is not None
