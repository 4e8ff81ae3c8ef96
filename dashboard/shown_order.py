"""Sorts events by the day that stands beside each, so that no day stands before an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard.closing_days import next_closing_days
from dashboard.loading import Found
from dashboard.settings import settings
from dashboard.shared_store import shared_store
from tracker.models.moments import day_of
from tracker.models.selection import Sort
from tracker.store.queries import EventRow
from tracker.store.reader_clocks import ids_without_a_place


def in_shown_order(found: Found, zone: str) -> Sequence[EventRow]:
    """Return the events in the selection's order, days as a visitor in ``zone`` sees them.

    The store sorts by the day at the place; what has no place is shown on the visitor's clock. Deadlines are shown on
    the day that the organiser wrote, which may end after the next one has ended elsewhere.
    """
    if found.selection.fit or found.selection.sort is Sort.NEW:
        return found.rows
    if found.selection.sort is Sort.DEADLINE:
        return by_deadline(found)
    floating = _without_a_place(settings().store_url, found.version)

    def key(row: EventRow) -> tuple[str, str, str]:
        day = row.first_day or _NO_DAY
        if row.id in floating:
            day = day_of(datetime.fromisoformat(row.starts_at), zone).isoformat()
        return day, row.starts_at, row.id

    return sorted(found.rows, key=key)


def by_deadline(found: Found) -> Sequence[EventRow]:
    """Return the events by the day of their next deadline, those without one last."""
    days = next_closing_days(found)
    return sorted(
        found.rows,
        key=lambda row: (days[row.id].isoformat() if row.id in days else _NO_DAY, row.next_closing or _NO_DAY,
                         row.first_day or _NO_DAY, row.starts_at, row.id),
    )  # fmt: skip


_NO_DAY = "9999-12-31"


@st.cache_resource(max_entries=2, show_spinner=False)
def _without_a_place(url: str, version: str) -> set[str]:
    del version
    with shared_store(url).data.reading() as db:
        return ids_without_a_place(db)
