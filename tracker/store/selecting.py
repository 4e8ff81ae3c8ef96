"""A selection → SQL conditions on the event table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select

from tracker.models.selection import ALL_THE_PAST, Selection
from tracker.reading.lookups import fold
from tracker.store import schema

FACETS = ("type", "country", "city", "mode", "topic", "level", "cost", "stipend", "source")
"""The fields of a selection that are looked up as facets of an event."""


FOLDED_CITY = "folded_city"
"""Cities are looked up without accents and case."""

IS_SHOWN = and_(schema.event.c.merged_into.is_(None), schema.event.c.hidden.is_(False))
"""Neither part of another event nor hidden by a person."""


def past_of(selection: Selection) -> timedelta | None:
    """Return how long ended events stay, or None for ever: who asks from a day on wants what ended since, too."""
    if selection.past is None:
        return timedelta() if selection.starts_from is None else None
    return None if selection.past == ALL_THE_PAST else selection.past


def conditions(selection: Selection, now: datetime) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold of an event; ended events are kept as long as ``selection.past`` says."""
    event, facets = schema.event, schema.event_facet
    past = past_of(selection)
    if past is not None:
        yield event.c.over_at > now - past
    if selection.starts_from is not None:
        yield event.c.last_day >= selection.starts_from.isoformat()
    if selection.starts_to is not None:
        yield event.c.first_day <= selection.starts_to.isoformat()
    for facet in FACETS:
        if values := getattr(selection, facet):
            if facet == "city":
                facet, values = FOLDED_CITY, [fold(city) for city in values]
            having = select(facets.c.event_id).where(facets.c.facet == facet, facets.c.value.in_(values))
            yield event.c.id.in_(having)
    for word in fold(selection.q).split():
        yield event.c.search_text.contains(word, autoescape=True)
