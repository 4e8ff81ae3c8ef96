"""Reading the store for a page; what was read is shared by all visitors until the data change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from tracker.clock import current_time
from tracker.config import Settings
from tracker.models.event import PublishedEvent
from tracker.models.selection import Selection
from tracker.store import finding, open_store, runs


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a page shows."""

    found: tuple[PublishedEvent, ...]
    now: datetime
    sources: int
    """How many sources were crawled with success."""
    updated_at: datetime | None
    """When a source was last crawled with success."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer, most frequent first."""

    types: tuple[str, ...]
    countries: tuple[str, ...]
    cities: tuple[str, ...]


def load(selection: Selection) -> Loaded:
    """Return the events of a selection.

    Raises:
        StoreError: there is no database, or it cannot be read.
    """
    settings = Settings.load()
    # To the minute: what has ended leaves the page, and visitors still share the work.
    now = current_time().replace(second=0)
    return _load(settings.store_url, _version(settings.store_url), selection.to_query(), now)


def load_choices() -> Choices:
    """Return what the filters offer.

    Raises:
        StoreError: there is no database, or it cannot be read.
    """
    settings = Settings.load()
    now = current_time().replace(second=0)
    return _load_choices(settings.store_url, _version(settings.store_url), now)


def count(selection: Selection) -> int:
    """Return how many events a selection would show."""
    return len(load(selection).found)


def _version(url: str) -> str:
    store = open_store(url)
    try:
        with store.reading() as db:
            return finding.version(db)
    finally:
        store.close()


@st.cache_resource(max_entries=64, show_spinner=False)
def _load(url: str, version: str, query: str, now: datetime) -> Loaded:
    del version  # only there to tell apart what was read before and after a crawl
    store = open_store(url)
    try:
        with store.reading() as db:
            found = finding.find_events(db, Selection.from_query(query), now)
            successes = runs.last_successes(db)
    finally:
        store.close()
    return Loaded(tuple(found), now, len(successes), max(successes.values(), default=None))


@st.cache_resource(max_entries=8, show_spinner=False)
def _load_choices(url: str, version: str, now: datetime) -> Choices:
    del version
    store = open_store(url)
    try:
        with store.reading() as db:
            types, countries, cities = (
                tuple(finding.facet_counts(db, facet, Selection(), now)) for facet in ("type", "country", "city")
            )
    finally:
        store.close()
    return Choices(types, countries, cities)
