"""Whose turn it is: which worker may crawl a source, and when a site may be asked again, across all machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Double, and_, cast, func, not_, select, text, true, update
from sqlalchemy.dialects import postgresql

from tracker.errors import TurnLostError
from tracker.models.moments import stamp
from tracker.store import schema

_NOW = cast(func.extract("epoch", func.clock_timestamp()), Double)
"""The server's clock: those of the workers may differ."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What a job has of a site, until another takes it over: the right to ask it and to begin its sources."""

    domain: str
    job: str
    number: int
    """Higher than that of all before."""


def take_over(db: Connection, domain: str, job: str, delay: float) -> Hold:
    """Take a site, from whoever had it; what they have on its way has ``delay`` seconds more to arrive."""
    table = schema.door
    first = postgresql.insert(table).values(domain=domain, next_at=_NOW, number=1)
    next_at = func.greatest(table.c.next_at + delay, _NOW)
    taken = first.on_conflict_do_update(
        index_elements=["domain"], set_={"next_at": next_at, "number": table.c.number + 1}
    )
    return Hold(domain, job, db.execute(taken.returning(table.c.number)).scalar_one())


def begin_turn(db: Connection, source: str, hold: Hold) -> int | None:
    """Take the turn of a source, from whoever had it, and return its number; None if this job has recorded it already.

    A job is done again when its worker died on the way. What it had recorded until then stays recorded once.

    Raises:
        TurnLostError: somebody else has taken over the site.
    """
    door, table = schema.door.c, schema.turn
    ours = select(door.domain).where(door.domain == hold.domain, door.number == hold.number).with_for_update()
    if db.execute(ours).first() is None:
        raise _lost(hold)
    number = table.c.number
    first = postgresql.insert(table).values(source=source, number=1, job=hold.job, is_done=False)
    is_recorded = and_(table.c.job == hold.job, table.c.is_done)
    changed = {"number": number + 1, "job": hold.job, "is_done": False}
    taken = first.on_conflict_do_update(index_elements=["source"], set_=changed, where=not_(is_recorded))
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


def reserve(db: Connection, domain: str, delay: float, hold: Hold | None = None) -> float:
    """Take the next moment at which a site may be asked, and return how many seconds it is away.

    Whoever reserves after us gets a moment that is ``delay`` seconds later at least, also if we die on the way.

    Args:
        hold: of whoever asks; None for a site that is asked on the way, for something of another one.

    Raises:
        TurnLostError: somebody else has taken over the site.
    """
    table = schema.door
    first = postgresql.insert(table).values(domain=domain, next_at=_NOW + delay, number=0)
    next_at = func.greatest(table.c.next_at, _NOW) + delay
    is_ours = true() if hold is None else table.c.number == hold.number
    taken = first.on_conflict_do_update(index_elements=["domain"], set_={"next_at": next_at}, where=is_ours)
    wait: float | None = db.execute(taken.returning(table.c.next_at - delay - _NOW)).scalar()
    if wait is None:
        raise _lost(hold)
    return float(wait)


def hold_off(db: Connection, domain: str, seconds: float) -> None:
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


def sign_of_life(db: Connection, worker: int) -> None:
    """Say that a worker of the queue lives; also if others took it for dead, and struck it off."""
    says = """
        INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE VALUES (:worker, now())
        ON CONFLICT (id) DO UPDATE SET last_heartbeat = now()
    """
    db.execute(text(says), {"worker": worker})


def _lost(hold: Hold | None) -> TurnLostError:
    site = hold.domain if hold is not None else "the site"
    return TurnLostError(f"Another worker has taken over {site} meanwhile. It goes on with it.")
