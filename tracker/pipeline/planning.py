"""Plans a build: which listings belong to which event, and which events are stale."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from tracker import __version__
from tracker.matching import MATCHING_VERSION
from tracker.matching.entry_states import EntryStates
from tracker.matching.grouping import Group
from tracker.matching.identity import assign_ids
from tracker.matching.matcher import group_profiles
from tracker.matching.profiles import read_profile
from tracker.matching.rulings import ResolvedRulings, keys_named, resolve_rulings
from tracker.matching.table import Table
from tracker.models.listing import Listing, ListingKey
from tracker.models.ruling import Ruling
from tracker.models.source import Source
from tracker.pipeline.changes import no_longer_listed
from tracker.pipeline.rendering import cancel
from tracker.publishing.ical.vevent import RENDERING_VERSION
from tracker.reading import READING_VERSION
from tracker.store import build_state, change_log, events, listings, rulings, sources
from tracker.store.build_state import Profiles
from tracker.store.events import EventStub
from tracker.store.listings import Membership
from tracker.store.rulings import DoubtfulPair

STAGE_VERSIONS = f"{__version__} {READING_VERSION} {MATCHING_VERSION} {RENDERING_VERSION}"
"""Part of every input hash: a release, or a raised version of a stage, makes all events stale once."""
_PROFILE_VERSION = f" {READING_VERSION}.{MATCHING_VERSION}"
_MAX_REASON = 255


class Fault(NamedTuple):
    """Why an event could not be merged or rendered, with the key of its first listing."""

    source: str
    source_id: str
    error: str

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}: {self.error}"


@dataclass(slots=True)
class BuildResult:
    """The ids of the events that a build changed."""

    total: int = 0
    """Number of events that are listed."""
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    """Events that were merged into others."""
    hidden: list[str] = field(default_factory=list)
    """Events that a ruling has hidden since the last build."""
    doubtful: int = 0
    """Number of doubtful pairs in the review queue."""
    faulty: list[Fault] = field(default_factory=list)
    """Events that could not be merged or rendered; they stay as they were published before."""
    refused: list[str] = field(default_factory=list)
    """Rulings without effect, because they now contradict earlier ones."""

    def add(self, other: BuildResult) -> None:
        """Add the result of another part of the same build."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


class StaleEvent(NamedTuple):
    """An event that has to be built."""

    event_id: str
    series: str | None
    part_of: str | None
    """Id of the larger event that it is a part of."""
    hidden_by: int | None
    """Number of the ruling that hides it."""
    rulings: list[int]
    """Numbers of the rulings that set fields of it."""
    input_hash: str
    """Hash of everything it is built from."""


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """The stale events to build, and the result of what planning has already changed."""

    stale: list[StaleEvent]
    result: BuildResult


def plan_build(db: Connection, now: datetime, *, rebuild: bool = False) -> BuildPlan:
    """Match all listings, store which event each belongs to, remove events without listings, and find stale events.

    Args:
        db: the transaction; the caller holds the publishing lock.
        now: the current time.
        rebuild: treat all events as stale.
    """
    known_sources, active_rulings = sources.load_sources(db), rulings.load_rulings(db)
    memberships, stubs = listings.load_memberships(db), events.load_stubs(db)
    states = EntryStates(
        absent_since=listings.load_absent(db),
        known_since=listings.load_known_since(db),
        moved_from=listings.load_moved(db),
        relocated=listings.load_relocated(db),
        event_of={key: member.event_id for key, member in memberships.items()},
    )
    table = _load_profiles(db, states)
    bound = resolve_rulings(
        active_rulings, listings.load_listings(db, keys_named(active_rulings, table)) if active_rulings else ()
    )
    grouping = group_profiles(table, bound.together)
    ids = assign_ids(
        [group.keys for group in grouping.groups],
        {key: member.event_id for key, member in memberships.items()},
        first={key: member.first_event_id for key, member in memberships.items() if member.first_event_id},
        ages={event_id: each.first_seen for event_id, each in stubs.items()},
        ranks={key: known_sources[key[0]].tier.rank for key in table.keys if key[0] in known_sources},
    )
    belongs = _memberships(ids, grouping.groups, memberships, stubs)
    _save_memberships(db, belongs, memberships)
    result = BuildResult()
    _remove_orphaned_events(db, result, now, set(ids), stubs, _merge_targets(memberships, belongs))
    series = _series(ids, grouping.series, stubs)
    built_from = {} if rebuild else build_state.load_input_hashes(db)
    inputs = _Inputs(listings.load_states(db), known_sources, active_rulings)
    stale = []
    for number, (event_id, group) in enumerate(zip(ids, grouping.groups, strict=True)):
        whole = grouping.part_of.get(number)
        part_of = None if whole is None else ids[whole]
        decided = series.get(event_id), part_of, bound.hider_of(group.keys), bound.setters_of(group.keys)
        event = StaleEvent(event_id, *decided, inputs.hash_of(group.keys, *decided))
        if event_id not in stubs or built_from.get(event_id) != event.input_hash:
            stale.append(event)
    result.total = len(ids) - sum(bound.hider_of(group.keys) is not None for group in grouping.groups)
    result.doubtful = len(grouping.uncertain)
    result.refused = _refused(bound)
    rulings.save_doubtful_pairs(db, [DoubtfulPair(*pair) for pair in grouping.uncertain])
    return BuildPlan(stale, result)


def _load_profiles(db: Connection, states: EntryStates) -> Table:
    """Return the matching profiles of all listings; compute and store missing and stale ones first."""
    while batch := build_state.stale_profiles(db, _PROFILE_VERSION):
        by_key = {ListingKey((each.source, each.source_id)): each for each in batch}
        computed = Table(read_profile(Listing.model_validate_json(each.document)) for each in batch)
        build_state.save_profiles(
            db, [by_key[key] for key in computed.keys], Profiles(computed.keys, *computed.packed())
        )
    build_state.delete_orphaned_profiles(db)
    stored = build_state.load_profiles(db)
    return Table.unpacked(stored.keys, stored.titles, stored.numbers, states)


class _Inputs:
    """Computes the input hashes of events from everything they are built from."""

    def __init__(
        self,
        states: Mapping[ListingKey, tuple[str, bool]],
        known_sources: Mapping[str, Source],
        active_rulings: Mapping[int, Ruling],
    ) -> None:
        self._states = states
        self._sources = {name: each.canonical_json() for name, each in known_sources.items()}
        self._rulings = active_rulings

    def hash_of(
        self,
        keys: Sequence[ListingKey],
        series: str | None,
        part_of: str | None,
        hidden_by: int | None,
        setters: Iterable[int],
    ) -> str:
        inputs: list[object] = [STAGE_VERSIONS, series, part_of, hidden_by]
        inputs += [(number, self._rulings[number].canonical_json()) for number in setters]
        inputs += [(*key, self._states.get(key)) for key in sorted(keys)]
        inputs += [self._sources.get(source) for source in sorted({key[0] for key in keys})]
        return hashlib.sha256(repr(inputs).encode()).hexdigest()


def _remove_orphaned_events(
    db: Connection,
    result: BuildResult,
    now: datetime,
    ids: set[str],
    stubs: Mapping[str, EventStub],
    merged_into: Mapping[str, str],
) -> None:
    """Cancel the calendar entries of events merged into others, and delete events without listings."""
    abandoned = stubs.keys() - ids
    merged = {old: merged_into[old] for old in abandoned if old in merged_into}
    merged_before = {event_id for event_id, each in stubs.items() if each.merged_into is not None}
    published = events.load_rendered(db, sorted(merged))
    events.save_events(db, [cancel(published[old], now, target) for old, target in sorted(merged.items())])
    result.gone = sorted(abandoned - merged_before - merged.keys())
    result.merged = sorted(merged.keys() - merged_before)
    events.delete_events(db, result.gone)
    build_state.delete_input_hashes(db, sorted(abandoned))
    changes = [no_longer_listed(event_id, now) for event_id in result.gone]
    changes += [no_longer_listed(each, now, f"part of {merged[each]}") for each in result.merged]
    change_log.save_changes(db, changes)


def _merge_targets(before: Mapping[ListingKey, Membership], after: Mapping[ListingKey, Membership]) -> dict[str, str]:
    """Return for each earlier event the event that most of its listings belong to now."""
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for key, member in before.items():
        if key in after:
            moved[member.event_id][after[key].event_id] += 1
    return {old: min(counts, key=lambda each: (-counts[each], each)) for old, counts in moved.items()}


def _save_memberships(
    db: Connection, belongs: Mapping[ListingKey, Membership], before: Mapping[ListingKey, Membership]
) -> None:
    changed = {key: member for key, member in belongs.items() if before.get(key) != member}
    listings.save_memberships(db, changed, gone=before.keys() - belongs.keys())


def _memberships(
    ids: Sequence[str],
    groups: Sequence[Group],
    before: Mapping[ListingKey, Membership],
    stubs: Mapping[str, EventStub],
) -> dict[ListingKey, Membership]:
    belongs: dict[ListingKey, Membership] = {}
    for event_id, group in zip(ids, groups, strict=True):
        # Listings that are split off get a new event id; it is stored, so that a later split gives the same id again.
        is_new = event_id not in stubs
        firsts = {} if is_new else {key: before[key].first_event_id for key in group.keys if key in before}
        for key, reason in group.members:
            belongs[key] = Membership(event_id, reason[:_MAX_REASON], firsts.get(key) or event_id)
    return belongs


def _series(ids: Sequence[str], numbers: Sequence[int | None], stubs: Mapping[str, EventStub]) -> dict[str, str]:
    """Return the series id of each event that is in a series; series keep their ids as events do."""
    members: dict[int, list[str]] = {}
    for event_id, number in zip(ids, numbers, strict=True):
        if number is not None:
            members.setdefault(number, []).append(event_id)
    known = {event_id: each.series for event_id, each in stubs.items() if each.series is not None}
    series_ids = assign_ids(list(members.values()), known)
    return {each: one for one, events_of in zip(series_ids, members.values(), strict=True) for each in events_of}


def _refused(bound: ResolvedRulings) -> list[str]:
    return [
        f"ruling {number} contradicts {' and '.join(f'ruling {each}' for each in against) or 'itself'}"
        for number, against in bound.refused.items()
    ]
