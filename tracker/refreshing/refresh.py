"""Brings the published events up to date: alone in one transaction, or together with others, some events each."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from tracker.refreshing.making import AT_A_TIME, make_events
from tracker.refreshing.outcome import Refreshed
from tracker.refreshing.planning import Due, Plan, plan
from tracker.store import Store, basis, events, finding, portions, rulings
from tracker.store.locks import Alone, be_alone, be_together


def refresh_events(store: Store, now: datetime, *, anew: bool = False) -> Refreshed:
    """Bring the published events up to date with the listings and the rulings, in one transaction.

    If nothing they are made of has changed since the last time, that is all there is to do, unless ``anew``; else only
    those are made again whose listings, sources or rulings changed.
    """
    with store.writing() as db:
        planned = _plan(db, now, anew=anew)
        if isinstance(planned, Refreshed):
            return planned
        for some in _shares(planned.due):
            planned.outcome.add(make_events(db, some, now))
        _end(db, planned)
    return planned.outcome


def refresh_together(store: Store, now: datetime, call_helpers: Callable[[int], None]) -> Refreshed:
    """Do the same, with whoever comes to help: see ``help_out``. It ends when all events are made.

    What is made is published as it is made. If we die on the way, what is left is due for whoever comes next.

    Args:
        store: on PostgreSQL.
        now: what the time is.
        call_helpers: called with how many portions there are to make, if there are several.
    """
    name = secrets.token_hex(16)
    with store.writing() as db:
        planned = _plan(db, now)
        if isinstance(planned, Refreshed):
            return planned
        if len(planned.due) <= AT_A_TIME:
            planned.outcome.add(make_events(db, planned.due, now))
            _end(db, planned)
            return planned.outcome
        count = portions.lay_out(db, name, _shares(planned.due))
    call_helpers(count)
    while help_out(store, now):
        pass
    with store.writing() as db:
        # Nobody has any in hand any more. What is left now, somebody who died had.
        be_alone(db, Alone.PUBLISHING)
        while _make_portion(db, now):
            pass
        made = [Refreshed(**each) for each in portions.collect(db, name)]
        for each in made:
            planned.outcome.add(each)
        if len(made) == count:  # else somebody has made another plan since
            _end(db, planned)
    return planned.outcome


def help_out(store: Store, now: datetime) -> bool:
    """Make one portion of what is to be made, if there is any that nobody has in hand."""
    with store.writing() as db:
        be_together(db, Alone.PUBLISHING)
        return _make_portion(db, now)


def _make_portion(db: Connection, now: datetime) -> bool:
    portion = portions.take(db)
    if portion is None:
        return False
    portions.put_back(db, portion, asdict(make_events(db, [Due(*each) for each in portion.events], now)))
    return True


def _plan(db: Connection, now: datetime, *, anew: bool = False) -> Plan | Refreshed:
    be_alone(db, Alone.PUBLISHING)
    made_of = basis.basis(db)
    if not anew and basis.is_made_of(db, made_of):
        return Refreshed(total=finding.count_shown(db), doubtful=rulings.count_doubtful_pairs(db))
    return plan(db, now, made_of, anew=anew)


def _end(db: Connection, planned: Plan) -> None:
    events.settle_events(db, len(planned.due))
    basis.save_made_of(db, "" if planned.outcome.faulty or planned.outcome.refused else planned.made_of)


def _shares(due: Sequence[Due]) -> Iterator[Sequence[Due]]:
    return (due[at : at + AT_A_TIME] for at in range(0, len(due), AT_A_TIME))
