"""Finds the deadlines of a time span by the days as their organisers wrote them; cached until the data change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from dashboard.loading import Found
from dashboard.settings import settings
from dashboard.shared_store import shared_store
from tracker.clock import current_time
from tracker.models.application_status import APPLICATION_KINDS
from tracker.models.event import PublishedEvent
from tracker.models.moments import stamp
from tracker.publishing.phrases import deadline_name
from tracker.store import queries

_FAR = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Closing:
    """A deadline of an event."""

    published: PublishedEvent
    name: str
    """What must be done: ``Apply by``."""


def closings_by_day(found: Found, first: date, last: date) -> Mapping[date, Sequence[Closing]]:
    """Return the deadlines for applicants of the selection's events, by their day as written."""
    ids = {row.id for row in found.rows}
    chosen: dict[date, list[Closing]] = {}
    for day, closing in _closings(settings().store_url, found.version, first, last):
        if closing.published.event.id in ids:
            chosen.setdefault(day, []).append(closing)
    return chosen


def next_closing_days(found: Found) -> Mapping[str, date]:
    """Return the day of each event's next deadline as written, by event id."""
    days = _days_of_closings(settings().store_url, found.version)
    return {row.id: day for row in found.rows if (day := days.get((row.id, row.next_closing)))}


@st.cache_resource(max_entries=2, show_spinner=False)
def _days_of_closings(url: str, version: str) -> Mapping[tuple[str, str], date]:
    """Return the day as written of every deadline that is ahead, by event id and instant."""
    del version
    with shared_store(url).data.reading() as db:
        ids = queries.ids_closing_between(db, current_time() - timedelta(days=1), _FAR)
        events = queries.load_events(db, ids)
    return {
        (each.event.id, stamp(closes_at)): day
        for each in events
        for deadline in each.event.deadlines
        if deadline.kind in APPLICATION_KINDS and (closes_at := deadline.closes_at) and (day := deadline.day)
    }


@st.cache_resource(max_entries=8, show_spinner=False)
def _closings(url: str, version: str, first: date, last: date) -> Sequence[tuple[date, Closing]]:
    del version
    # A day ends at one instant or another between the zones that are first and last to reach it.
    after = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    until = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
    with shared_store(url).data.reading() as db:
        events = queries.load_events(db, queries.ids_closing_between(db, after, until))
    return [
        (day, Closing(each, deadline_name(deadline)))
        for each in events
        for deadline in each.event.deadlines
        if deadline.kind in APPLICATION_KINDS and (day := deadline.day) and first <= day <= last
    ]
