"""Counts what one sees once a filter's value is chosen, and the events that filters hide because they do not say."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from sqlalchemy import Connection, select

from tracker.models.selection import Attendance, Selection
from tracker.models.vocabulary import StatusFilter
from tracker.store import queries, schema
from tracker.store.filters import IS_LISTED, conditions

NOT_STATED = "unknown"
"""The value of a filter that finds the events which do not say."""
_MAY_BE_UNSTATED = ("status", "cost", "stipend", "level", "scope")


def choice_counts(db: Connection, name: str, selection: Selection, now: datetime) -> dict[str, int]:
    """Return for each value of a filter how many events with it one sees once it is chosen, most frequent first.

    A value is chosen beside those of the same filter that the selection has.

    Raises:
        SelectionError: it names an unknown source, or a place that has not been located.
    """
    others = selection.model_copy(update={name: ()})
    if name == "status":
        counted = Counter(row.status for row in queries.find_rows(db, others, now))
        counts = {each.value: sum(counted[status.value] for status in each.statuses) for each in StatusFilter}
    elif name == "mode" and (selection.near or selection.country or selection.city):
        # With "online" beside another value, places leave online events in: each choice changes what others find.
        counts = {
            each.value: queries.facet_counts(db, name, _also(selection, each), now).get(each.value, 0)
            for each in Attendance
        }
    else:
        return queries.facet_counts(db, name, others, now)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def city_counts(db: Connection, selection: Selection, now: datetime) -> dict[tuple[str, str], int]:
    """Return for each (city, country) how many events of a selection are there, most first.

    Cities of one name in two countries are two: Cambridge.

    Raises:
        SelectionError: it names an unknown source, or a place that has not been located.
    """
    cities = _values_by_event(db, "city", selection, now)
    countries = _values_by_event(db, "country", selection, now)
    counted: Counter[tuple[str, str]] = Counter()
    for event_id, there in cities.items():
        if len(countries.get(event_id, ())) < 2:
            counted.update((city, "".join(countries.get(event_id, ()))) for city in there)
    in_several = [event_id for event_id in cities if len(countries.get(event_id, ())) > 1]
    for published in queries.load_events(db, in_several):
        counted.update({(place.city, place.country) for place in published.event.places if place.city})
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def unstated_counts(db: Connection, selection: Selection, now: datetime) -> dict[str, int]:
    """Return for each filter how many events it hides that do not say, and would match otherwise; without zeros.

    Raises:
        SelectionError: it names an unknown source, or a place that has not been located.
    """
    found = {}
    for name in _MAY_BE_UNSTATED:
        chosen = getattr(selection, name)
        if not chosen or NOT_STATED in chosen or StatusFilter.NOT_CLOSED in chosen:
            continue
        unstated = selection.model_copy(update={name: (type(chosen[0])(NOT_STATED),)})
        if count := queries.count_events(db, unstated, now):
            found[name] = count
    return found


def _also(selection: Selection, mode: Attendance) -> Selection:
    return selection.model_copy(update={"mode": tuple(sorted({*selection.mode, mode}))})


def _values_by_event(db: Connection, facet: str, selection: Selection, now: datetime) -> dict[str, list[str]]:
    """Return the values of a facet of each event of a selection that has any, by event id."""
    table, facets = schema.event, schema.event_facet
    rows = db.execute(
        select(facets.c.event_id, facets.c.value)
        .join(table, table.c.id == facets.c.event_id)
        .where(facets.c.facet == facet, IS_LISTED, *conditions(db, selection, now))
        .order_by(facets.c.event_id, facets.c.value)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for event_id, value in rows:
        found[event_id].append(value)
    return found
