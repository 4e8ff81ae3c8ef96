"""Renders the list as plain HTML: in the dashboard's page until Streamlit takes over, and as a page to print."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dashboard.components.header import relative_time
from dashboard.components.labels import selection_words
from dashboard.loading import Found, find
from dashboard.navigation import everybodys_views
from dashboard.settings import settings
from dashboard.views.browse import PER_PAGE, week_words
from tracker.errors import TrackerError
from tracker.models.event import PublishedEvent
from tracker.models.moments import day_of
from tracker.models.selection import Selection, Sort
from tracker.publishing.phrases import format_places, format_when
from tracker.publishing.site_index import Entry, list_entry

_DATA = Path(__file__).with_name("data")
_IGNORED = "utm_"
"""Prefix of parameters that change nothing on the page."""
_MOST_PRINTED = 2_000


def first_page(query: str) -> str:
    """Return the HTML of the list at an address; empty if the page shows something else than a plain list.

    Times are those of the place: only the browser knows the visitor's zone.
    """
    pairs = [pair for pair in parse_qsl(query) if not pair[0].startswith(_IGNORED)]
    try:
        selection = Selection.from_pairs(pairs)
        if selection.fit or selection.sort is not Sort.START:
            return ""
        found = find(selection)
        return _rendered(settings().store_url, found.version, selection.to_query(), found.now)
    except TrackerError:  # the page says what is wrong
        return ""


def print_page(query: str) -> str:
    """Return the HTML of the list at an address with all its events and without controls; empty if there is none."""
    try:
        selection = Selection.from_pairs(pair for pair in parse_qsl(query) if pair[0] in Selection.names())
        found = find(selection)
        return _rendered(settings().store_url, found.version, selection.to_query(), found.now, _MOST_PRINTED)
    except TrackerError:
        return ""


@st.cache_resource(max_entries=64, show_spinner=False)
def _rendered(url: str, version: str, query: str, now: datetime, most: int = PER_PAGE) -> str:
    del url, version, now  # only the cache key
    selection = Selection.from_query(query)
    found = find(selection)
    if not len(found):
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
        is_printed=most > PER_PAGE,
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
