"""Builds the published events from listings and rulings: plans, merges, renders, stores, logs changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from tracker.matching.matcher import without_collecting
from tracker.matching.merging import merge_listings
from tracker.matching.rulings import apply_to
from tracker.models.event import Change, Event
from tracker.models.listing import Listing, ListingKey
from tracker.models.ruling import Ruling
from tracker.models.source import Source
from tracker.pipeline import build_counter, changes
from tracker.pipeline.planning import STAGE_VERSIONS, BuildResult, Fault, StaleEvent, plan_build
from tracker.pipeline.rendering import hide, render
from tracker.store import Store, build_state, change_log, events, listings, queries, rulings, sources
from tracker.store.events import RenderedEvent
from tracker.store.locking import AdvisoryLock, lock_exclusively

__all__ = ["BuildResult", "build_events", "build_in"]

BATCH = 1_000
"""Number of events in memory at once."""


def build_events(store: Store, now: datetime, *, rebuild: bool = False) -> BuildResult:
    """Bring the published events up to date with the listings and rulings, in one transaction.

    Does nothing if the cache key of the last build is valid. Otherwise builds the events whose listings, sources or
    rulings have changed; with ``rebuild`` all events.
    """
    beside = build_counter.count_beside(store)
    with store.writing() as db:
        done = build_in(db, now, rebuild=rebuild, beside=beside)
        count = build_state.load_build_count(db)
    build_counter.note_beside(store, count)
    return done


@without_collecting
def build_in(db: Connection, now: datetime, *, rebuild: bool = False, beside: int = 0) -> BuildResult:
    """Do the same in a transaction of the caller; ``beside`` is the count of builds beside the database."""
    lock_exclusively(db, AdvisoryLock.PUBLISHING)
    count = build_counter.catch_up(db, beside, now)
    cache_key = build_state.hash_inputs(db, STAGE_VERSIONS)
    if not rebuild and build_state.is_current(db, cache_key):
        return BuildResult(total=queries.count_listed(db), doubtful=rulings.count_doubtful_pairs(db))
    plan = plan_build(db, now, rebuild=rebuild)
    build_state.save_build_count(db, count + 1)
    for start in range(0, len(plan.stale), BATCH):
        plan.result.add(build_batch(db, plan.stale[start : start + BATCH], now))
    events.analyze_events(db, len(plan.stale))
    is_complete = not (plan.result.faulty or plan.result.refused)
    build_state.save_cache_key(db, cache_key if is_complete else "")
    build_state.save_faults(db, _by_source(plan.result.faulty))
    return plan.result


def _by_source(faults: Sequence[Fault]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.source, []).append(f"{fault.source_id}: {fault.error}")
    return found


def build_batch(db: Connection, stale: Sequence[StaleEvent], now: datetime) -> BuildResult:
    """Build and save a batch of stale events."""
    batch = _Batch(sources.load_sources(db), rulings.load_rulings(db), now)
    ids = [each.event_id for each in stale]
    behind, published = listings.listings_of_events(db, ids), events.load_rendered(db, ids)
    batch.first_seen = listings.load_first_seen(db, ids)
    for each in stale:
        batch.build(each, behind[each.event_id], published.get(each.event_id))
    events.save_events(db, batch.rendered)
    change_log.save_changes(db, batch.changes)
    build_state.save_input_hashes(db, batch.input_hashes)
    return batch.result


class _Batch:
    """Collects the results of building several events."""

    def __init__(self, known_sources: Mapping[str, Source], active_rulings: Mapping[int, Ruling], now: datetime):
        self._sources, self._rulings, self._now = known_sources, active_rulings, now
        self.first_seen: dict[ListingKey, datetime] = {}
        self.rendered: list[RenderedEvent] = []
        self.changes: list[Change] = []
        self.input_hashes: dict[str, str] = {}
        self.result = BuildResult()

    def build(self, stale: StaleEvent, behind: Sequence[Listing], old: RenderedEvent | None) -> None:
        """Build one event from its listings; one that fails stays as it was published before."""
        now = self._now
        try:
            event = self._merge(stale, behind)
            new = hide(event, old, now) if stale.hidden_by is not None else render(event, old, now)
        except Exception as error:  # noqa: BLE001 - a failing event must not keep others from being published
            self.result.faulty.append(Fault(*behind[0].key, f"{type(error).__name__}: {error}"))
            if stale.hidden_by is None or old is None:
                return
            event = old.published.event
            new = hide(event, old, now)
        else:
            self.input_hashes[stale.event_id] = stale.input_hash
        if (new.series, new.part_of) != (stale.series, stale.part_of):
            new = replace(new, series=stale.series, part_of=stale.part_of)
        if new is not old:
            self.rendered.append(new)
        self._note_changes(stale, event, old, new)

    def _merge(self, stale: StaleEvent, behind: Sequence[Listing]) -> Event:
        event = merge_listings(stale.event_id, behind, self._sources, self.first_seen)
        return apply_to(event, {each: self._rulings[each] for each in stale.rulings if each in self._rulings})

    def _note_changes(self, stale: StaleEvent, event: Event, old: RenderedEvent | None, new: RenderedEvent) -> None:
        event_id, now = stale.event_id, self._now
        if stale.hidden_by is not None:
            if old is None or not old.hidden:
                self.result.hidden.append(event_id)
                self.changes.append(changes.no_longer_listed(event_id, now, f"hidden by ruling {stale.hidden_by}"))
        elif old is None:
            self.result.new.append(event_id)
            self.changes.append(changes.first_listed(event, now))
        elif old.is_unlisted:
            self.result.changed.append(event_id)
            self.changes.append(changes.listed_again(event_id, now))
        elif new.published.sequence != old.published.sequence:
            self.result.changed.append(event_id)
        if old is not None and old.published.event != event:
            self.changes.extend(changes.changed_fields(old.published.event, event, now))
