"""Finds the events of a selection with how well they fit what somebody can and wants, best first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from tracker.fitting.ranking import Ranked, rank
from tracker.models.fit import Fit
from tracker.models.selection import Selection
from tracker.reading.places.fields import locate_place
from tracker.store import queries


def find_best(db: Connection, selection: Selection, now: datetime, *, most: int | None = None) -> list[Ranked]:
    """Return the events of a selection that has a ``fit``, best first; equal ones in the selection's order.

    Raises:
        SelectionError: it names an unknown source or place.
    """
    fit = Fit.parse(selection.fit)
    ranked = rank(queries.find_events(db, selection, now), fit, locate_place(fit.near), now)
    return ranked[:most]
