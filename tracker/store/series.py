"""Queries the series that may be yearly, with all their events."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, distinct, func, select

from tracker.models.event import PublishedEvent
from tracker.store import schema
from tracker.store.events import to_published_event
from tracker.store.filters import IS_LISTED

_LEAST, _MOST = 3, 40
"""Numbers of events of a series that is worth looking at."""


def load_yearly_series(db: Connection) -> dict[str, list[PublishedEvent]]:
    """Return the events of each series with hardly more than one event a year, earliest first, by series."""
    event = schema.event
    year = func.substr(event.c.first_day, 1, 4)
    dated = (IS_LISTED, event.c.series.is_not(None), event.c.first_day.is_not(None))
    one_a_year = (
        select(event.c.series)
        .where(*dated)
        .group_by(event.c.series)
        .having(func.count().between(_LEAST, _MOST), func.count(distinct(year)) >= func.count() - 1)
    )
    rows = db.execute(
        select(event).where(IS_LISTED, event.c.series.in_(one_a_year)).order_by(event.c.series, event.c.starts_at)
    )
    found: dict[str, list[PublishedEvent]] = defaultdict(list)
    for row in rows:
        found[row.series].append(to_published_event(row))
    return dict(found)
