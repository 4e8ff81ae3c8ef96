"""Counts what one sees once a filter's value is chosen, and the events that filters hide because they do not say."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection

from tracker.models.selection import Attendance, Selection
from tracker.models.vocabulary import StatusFilter
from tracker.store import queries

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
