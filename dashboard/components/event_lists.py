"""Shows events as a list under a heading with their number, and the list of one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from dashboard.components.event_entry import show_entry
from dashboard.loading import Found
from tracker.publishing.phrases import day_words
from tracker.store.queries import EventRow

_MOST = 24


def show_list(title: str, found: Found, rows: Sequence[EventRow], where: str) -> None:
    """Show events as a list.

    Args:
        title: the heading, as Markdown.
        found: the events of the selection.
        rows: the events to show.
        where: words that describe them in the note on further events: ``on this day``.
    """
    st.header(f"{title} :gray[{len(rows):,}]", anchor=False)
    for published in found.events(rows[:_MOST]):
        show_entry(published, found.selection, found.now)
    if len(rows) > _MOST:
        st.markdown(f":small[{len(rows) - _MOST:,} more {where}: narrow the filters to see them.]")


def rows_by_day(found: Found, first: date, last: date) -> dict[date, list[EventRow]]:
    """Return the events on each day from ``first`` to ``last``; events without a certain day are left out."""
    by_day: dict[date, list[EventRow]] = {}
    since, until = first.isoformat(), last.isoformat()
    for row in found.rows:
        if row.has_day and row.first_day <= until and row.last_day >= since:
            day = max(date.fromisoformat(row.first_day), first)
            end = min(date.fromisoformat(row.last_day), last)
            while day <= end:
                by_day.setdefault(day, []).append(row)
                day += timedelta(days=1)
    return by_day


def show_day(found: Found, day: date) -> None:
    """Show the events of a day."""
    show_list(day_words(day), found, rows_by_day(found, day, day).get(day, []), "on this day")
