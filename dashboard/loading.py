"""Reads the store for a page; the results are cached for all visitors until the data change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st
from sqlalchemy import Connection

from dashboard.settings import settings
from dashboard.shared_store import shared_store
from tracker.clock import current_time
from tracker.curation.review_queue import rulings_about
from tracker.errors import UnknownEventError
from tracker.fitting.ranking import Fitness
from tracker.health.scheduling import source_states
from tracker.models.event import PublishedEvent
from tracker.models.ruling import Ruling
from tracker.models.run import SourceState
from tracker.models.selection import Selection
from tracker.models.source import Source
from tracker.publishing.best_first import find_best
from tracker.publishing.digest import WEEK, Digest, build_digest
from tracker.publishing.event_pages import load_event_page
from tracker.publishing.expected import Expected, find_expected
from tracker.publishing.pages import EventPage
from tracker.reading.places.fields import locate
from tracker.store import choice_counts, open_store, queries, runs, sources
from tracker.store.queries import EventRow
from tracker.store.search_words import words_of_titles


@dataclass(frozen=True, slots=True)
class Found:
    """The events of a selection, and the freshness of the data."""

    selection: Selection
    rows: Sequence[EventRow]
    """The events in the selection's sort order."""
    now: datetime
    version: str
    """Version of the data, for cache keys."""
    successes: int
    """Number of sources that were ever crawled with success."""
    updated_at: datetime | None
    """When a source was last crawled with success."""

    def __len__(self) -> int:
        """Number of events."""
        return len(self.rows)

    @property
    def is_stale(self) -> bool:
        """True if no source was crawled with success for longer than the setting ``stale_after``."""
        after = timedelta(hours=settings().stale_after)
        return self.updated_at is not None and self.now - self.updated_at > after

    def events(self, rows: Sequence[EventRow]) -> list[PublishedEvent]:
        """Return the events of some rows, in their order."""
        with reading() as db:
            return queries.load_events(db, [row.id for row in rows])

    def ids_with(self, facet: str, *values: str) -> set[str]:
        """Return the ids of all events, in the selection or not, that have one of the values of a facet."""
        return _ids_with_facet(settings().store_url, self.version, facet, values)

    def locations(self) -> dict[str, list[tuple[float, float, float]]]:
        """Return the places of all events, in the selection or not, as unit vectors by event id."""
        return _locations(settings().store_url, self.version)

    def words(self) -> frozenset[str]:
        """Return the words that a search can find in titles and cities."""
        return _words_of_titles(settings().store_url, self.version)

    def sources(self) -> dict[str, int]:
        """Return how many of these events each source lists."""
        url, query = settings().store_url, self.selection.to_query()
        return _facet_counts(url, self.version, "source", query, self.now)

    def fits(self) -> dict[str, Fitness]:
        """Return how well each event fits, by event id; nothing if the selection does not say what fits."""
        if not self.selection.fit:
            return {}
        return _fits(settings().store_url, self.version, self.selection.to_query(), self.now)

    def expected(self) -> list[Expected]:
        """Return the rounds that are expected after those that the filters find."""
        now = self.now.replace(hour=0, minute=0)
        return _expected(settings().store_url, self.version, self.selection.to_query(), now)

    def unstated(self) -> dict[str, int]:
        """Return for each filter how many events it hides that do not say, and would match otherwise."""
        return _unstated_counts(settings().store_url, self.version, self.selection.to_query(), self.now)

    def counts(self, facet: str) -> dict[str, int]:
        """Return for each value of a facet how many events with it one sees once it is chosen."""
        return _choice_counts(settings().store_url, self.version, facet, self.selection.to_query(), self.now)


def find(selection: Selection) -> Found:
    """Return the events of a selection.

    Raises:
        StoreError: there is no database, or it cannot be read.
        SelectionError: it names an unknown source or place.
    """
    # Rounded to the minute: ended events leave the page in time, and visitors still share the cache.
    now = current_time().replace(second=0)
    shared = shared_store(settings().store_url)
    version = shared.version()
    rows = _rows(shared.url, version, selection.to_query(), now)
    return Found(selection, rows, now, version, *_freshness(shared.url, version))


@contextmanager
def reading() -> Iterator[Connection]:
    """Open the store for reading.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    with shared_store(settings().store_url).data.reading() as db:
        yield db


def load_sources() -> Mapping[str, Source]:
    """Return the sources by id, as of their last crawl.

    Raises:
        StoreError: there is no database, or it cannot be read.
    """
    shared = shared_store(settings().store_url)
    return _sources(shared.url, shared.version())


def load_source_names() -> dict[str, str]:
    """Return the names of the sources by id.

    Raises:
        StoreError: there is no database, or it cannot be read.
    """
    return {each.id: each.name for each in load_sources().values()}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, its state, and the number of its events."""

    source: Source
    state: SourceState
    upcoming: int
    """Number of upcoming events that it lists."""


def load_source_rows() -> list[SourceRow]:
    """Return the sources with their state, sorted by name.

    Raises:
        StoreError: there is no database, or it cannot be read.
    """
    listing = find(Selection()).counts("source")
    known = sorted(load_sources().values(), key=lambda each: (each.name.casefold(), each.id))
    with reading() as db:
        states = source_states(known, runs.load_histories(db, [each.id for each in known]))
    return [SourceRow(source, states[source.id], listing.get(source.id, 0)) for source in known]


def load_event(event_id: str, now: datetime) -> EventPage:
    """Return the event page of an event that is not hidden.

    Raises:
        UnknownEventError: there is no event of this id, or it is hidden.
        StoreError: there is no database, or it cannot be read.
    """
    with reading() as db:
        page = load_event_page(db, event_id, now)
        if queries.is_hidden(db, page.event.id):
            raise UnknownEventError(event_id)
        return page


def load_digest(found: Found) -> Digest:
    """Return the digest of the last seven days for the events of a selection, without its dates."""
    selection = found.selection.model_copy(update={"starts_from": None, "starts_to": None})
    with reading() as db:
        return build_digest(db, locate(selection), since=found.now - WEEK, until=found.now)


def load_rulings_about(page: EventPage) -> dict[int, Ruling]:
    """Return the rulings about an event, by number."""
    with reading() as db:
        return rulings_about(db, [listing for listing, _ in page.listings])


@contextmanager
def writing() -> Iterator[Connection]:
    """Open the store for writing in one transaction.

    Raises:
        StoreError: there is none, or it cannot be written.
    """
    store = open_store(settings().store_url)
    try:
        with store.writing() as db:
            yield db
    finally:
        store.close()


@st.cache_resource(max_entries=2, show_spinner=False)
def _freshness(url: str, version: str) -> tuple[int, datetime | None]:
    """Return how many sources were crawled with success, and when last; ``version`` is part of the cache key only."""
    del version
    with shared_store(url).data.reading() as db:
        successes = runs.last_successes(db)
    return len(successes), max(successes.values(), default=None)


@st.cache_resource(max_entries=2, show_spinner=False)
def _sources(url: str, version: str) -> Mapping[str, Source]:
    del version
    with shared_store(url).data.reading() as db:
        return sources.load_sources(db)


@st.cache_resource(max_entries=64, show_spinner=False)
def _rows(url: str, version: str, query: str, now: datetime) -> Sequence[EventRow]:
    selection = Selection.from_query(query)
    with shared_store(url).data.reading() as db:
        rows = queries.find_rows(db, locate(selection), now)
    if not selection.fit:
        return rows
    order = {event_id: number for number, event_id in enumerate(_fits(url, version, query, now))}
    return sorted(rows, key=lambda row: order.get(row.id, len(order)))


@st.cache_resource(max_entries=16, show_spinner=False)
def _fits(url: str, version: str, query: str, now: datetime) -> dict[str, Fitness]:
    """Return how well each event of a selection fits, by event id, best first."""
    del version
    with shared_store(url).data.reading() as db:
        ranked = find_best(db, locate(Selection.from_query(query)), now)
    return {each.published.event.id: each.fitness for each in ranked}


@st.cache_resource(max_entries=16, show_spinner=False)
def _expected(url: str, version: str, query: str, now: datetime) -> list[Expected]:
    del version
    with shared_store(url).data.reading() as db:
        return find_expected(db, locate(Selection.from_query(query)), now)


@st.cache_resource(max_entries=512, show_spinner=False)
def _facet_counts(url: str, version: str, facet: str, query: str, now: datetime) -> dict[str, int]:
    del version
    with shared_store(url).data.reading() as db:
        return queries.facet_counts(db, facet, locate(Selection.from_query(query)), now)


@st.cache_resource(max_entries=512, show_spinner=False)
def _choice_counts(url: str, version: str, facet: str, query: str, now: datetime) -> dict[str, int]:
    del version
    with shared_store(url).data.reading() as db:
        return choice_counts.choice_counts(db, facet, locate(Selection.from_query(query)), now)


@st.cache_resource(max_entries=64, show_spinner=False)
def _unstated_counts(url: str, version: str, query: str, now: datetime) -> dict[str, int]:
    del version
    with shared_store(url).data.reading() as db:
        return choice_counts.unstated_counts(db, locate(Selection.from_query(query)), now)


@st.cache_resource(max_entries=8, show_spinner=False)
def _ids_with_facet(url: str, version: str, facet: str, values: tuple[str, ...]) -> set[str]:
    del version
    with shared_store(url).data.reading() as db:
        return queries.ids_with_facet(db, facet, *values)


@st.cache_resource(max_entries=2, show_spinner=False)
def _words_of_titles(url: str, version: str) -> frozenset[str]:
    del version
    with shared_store(url).data.reading() as db:
        return words_of_titles(db)


@st.cache_resource(max_entries=2, show_spinner=False)
def _locations(url: str, version: str) -> dict[str, list[tuple[float, float, float]]]:
    del version
    with shared_store(url).data.reading() as db:
        return queries.load_locations(db)
