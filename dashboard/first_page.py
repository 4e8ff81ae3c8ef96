"""Renders the list as plain HTML: in the dashboard's page until Streamlit takes over, and as a page to print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dashboard.components.header import relative_time
from dashboard.components.labels import selection_words
from dashboard.controls.address import EXTRAS
from dashboard.loading import Found, find, reading
from dashboard.navigation import View, everybodys_views, views_by_path
from dashboard.settings import settings
from dashboard.views.browse import PER_PAGE, week_words
from tracker.errors import TrackerError, UnknownEventError
from tracker.models.event import PublishedEvent
from tracker.models.moments import day_of
from tracker.models.selection import Selection, Sort
from tracker.publishing.phrases import format_places, format_when
from tracker.publishing.site_index import Entry, list_entry
from tracker.store import queries

_DATA = Path(__file__).with_name("data")
_IGNORED = "utm_"
"""Prefix of parameters that change nothing on the page."""
_MOST_PRINTED = 2_000
PRINT = "print"
"""Path of the list without controls."""


def first_page(path: str, query: str) -> str:
    """Return the HTML of a view at an address: of the list with its events, of others the heading and the navigation.

    Empty if the page will say what is wrong with the address. Times are those of the place: only the browser knows the
    visitor's zone.
    """
    view = views_by_path().get(path)
    if view is None or (view.order and view not in everybodys_views()):
        return ""
    pairs = [pair for pair in parse_qsl(query) if not pair[0].startswith(_IGNORED)]
    at = dict(pair for pair in pairs if pair[0] in EXTRAS)
    try:
        selection = Selection.from_pairs(pair for pair in pairs if pair[0] not in EXTRAS)
        found = find(selection)
        is_list = not (path or at or selection.fit) and selection.sort is Sort.START
        title = "" if view.filters else _title(view, at)
        return _rendered(
            settings().store_url,
            found.version,
            selection.to_query(),
            found.now,
            PER_PAGE if is_list else 0,
            path,
            title,
        )
    except TrackerError:
        return ""


def _title(view: View, at: Mapping[str, str]) -> str:
    """Return the heading of a view that is not about a selection."""
    if view.order or "id" not in at:
        return view.title
    with reading() as db:
        published = queries.find_event(db, at["id"])
        if queries.is_hidden(db, published.event.id):
            raise UnknownEventError(at["id"])
        return published.event.title


def print_page(query: str) -> str:
    """Return the HTML of the list at an address with all its events and without controls; empty if there is none."""
    try:
        selection = Selection.from_pairs(pair for pair in parse_qsl(query) if pair[0] in Selection.names())
        found = find(selection)
        return _rendered(settings().store_url, found.version, selection.to_query(), found.now, _MOST_PRINTED, PRINT)
    except TrackerError:
        return ""


@st.cache_resource(max_entries=64, show_spinner=False)
def _rendered(url: str, version: str, query: str, now: datetime, most: int, path: str, title: str = "") -> str:
    del url, version, now  # only the cache key
    selection = Selection.from_query(query)
    found = find(selection)
    if not len(found) and most:
        return ""
    today = day_of(found.now, None)
    is_by_start = not selection.fit and selection.sort is Sort.START

    def heading(published: PublishedEvent) -> str:
        return week_words(published, published.event.when.first_day, today) if is_by_start else ""

    weeks = [
        (words, [_entry(each, found) for each in run])
        for words, run in groupby(found.events(found.rows[:most]), heading)
    ]
    return _template().render(
        is_printed=path == PRINT,
        is_list=most > 0,
        path=path,
        title=title,
        words=selection_words(selection),
        count=len(found),
        is_upcoming=selection.past is None and selection.starts_from is None,
        weeks=weeks,
        more=max(0, len(found) - most),
        views=everybodys_views(),
        query=query,
        sources=found.successes,
        updated=relative_time(found.now, found.updated_at) if found.updated_at else "",
    )


def _entry(published: PublishedEvent, found: Found) -> tuple[Entry, str]:
    """Return an entry with its line of time, place and organiser."""
    event = published.event
    host = ", ".join(event.organizers[:2])
    return list_entry(event, found.now), " · ".join(filter(None, (format_when(event.when), format_places(event), host)))


@cache
def _template() -> Template:
    around = Environment(
        loader=FileSystemLoader(_DATA), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return around.get_template("first_page.html")
