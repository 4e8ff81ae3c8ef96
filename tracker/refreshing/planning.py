"""Which listings are which event by now, and which events have to be made anew for that. One plans at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.matching.grouping import Group
from tracker.matching.identity import assign_ids
from tracker.matching.matcher import Matcher
from tracker.matching.rulings import Bound, bind, keys_named
from tracker.models.listing import ListingKey
from tracker.models.ruling import Ruling
from tracker.models.source import Source
from tracker.refreshing import history
from tracker.refreshing.outcome import Refreshed
from tracker.refreshing.rendering import strike_out
from tracker.store import basis, change_log, events, listings, profiles, rulings, sources
from tracker.store.events import Outline
from tracker.store.listings import Membership
from tracker.store.rulings import DoubtfulPair


class Due(NamedTuple):
    """An event that has to be made; as JSON, a list of these."""

    event_id: str
    series: str | None
    hidden_by: int | None
    """The ruling that hides it."""
    rulings: list[int]
    """The rulings that set fields of it."""
    made_of: str
    """Fingerprint of all that it is made of."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left to do."""

    made_of: str
    """Fingerprint of what all events are made of."""
    due: list[Due]
    outcome: Refreshed = field(default_factory=Refreshed)
    """What is done already."""


def plan(db: Connection, now: datetime, made_of: str, *, anew: bool = False) -> Plan:
    """Match all listings, keep which event each belongs to, and find out which events are due.

    Args:
        db: the transaction; nobody else plans meanwhile.
        now: what the time is.
        made_of: fingerprint of what all events are made of.
        anew: all of them are due.
    """
    profiles.make_profiles(db)
    profiles.forget_profiles(db)
    table = profiles.load_table(db)
    known_sources, standing = sources.load_sources(db), rulings.load_rulings(db)
    memberships, outlines = listings.load_memberships(db), events.load_outlines(db)
    bound = bind(standing, listings.load_listings(db, keys_named(standing, table)) if standing else ())
    matcher = Matcher(table, bound.together)
    grouping = matcher.grouping()
    ids = assign_ids(
        [group.keys for group in grouping.groups],
        {key: member.event_id for key, member in memberships.items()},
        first={key: member.first_event_id for key, member in memberships.items() if member.first_event_id},
        ages={event_id: each.first_seen for event_id, each in outlines.items()},
        ranks={key: known_sources[key[0]].tier.rank for key in table.keys if key[0] in known_sources},
    )
    belongs = _memberships(ids, grouping.groups, memberships, outlines)
    made = Plan(made_of, [])
    _keep_who_belongs_where(db, belongs, memberships)
    _leave_behind(db, made.outcome, now, set(ids), outlines, history.heirs(memberships, belongs))
    series = _series(ids, matcher.series_of(grouping.groups), outlines)
    before = {} if anew else basis.load_made_of(db)
    made_from = _Made(listings.load_states(db), known_sources, standing)
    for event_id, group in zip(ids, grouping.groups, strict=True):
        said = series.get(event_id), bound.hider_of(group.keys), bound.setters_of(group.keys)
        due = Due(event_id, *said, made_from.fingerprint(group.keys, *said))
        if event_id not in outlines or before.get(event_id) != due.made_of:
            made.due.append(due)
    made.outcome.total = len(ids) - sum(bound.hider_of(group.keys) is not None for group in grouping.groups)
    made.outcome.doubtful = len(grouping.uncertain)
    made.outcome.refused = _refused(bound)
    rulings.save_doubtful_pairs(db, [DoubtfulPair(*pair) for pair in grouping.uncertain])
    return made


class _Made:
    """What events are made of."""

    def __init__(
        self,
        states: Mapping[ListingKey, tuple[str, bool]],
        known_sources: Mapping[str, Source],
        standing: Mapping[int, Ruling],
    ) -> None:
        self._states = states
        self._sources = {name: each.canonical_json() for name, each in known_sources.items()}
        self._rulings = standing

    def fingerprint(
        self, keys: Sequence[ListingKey], series: str | None, hidden_by: int | None, setters: Iterable[int]
    ) -> str:
        said: list[object] = [basis.code_of(), series, hidden_by]
        said += [(number, self._rulings[number].canonical_json()) for number in setters]
        said += [(*key, self._states.get(key)) for key in sorted(keys)]
        said += [self._sources.get(source) for source in sorted({key[0] for key in keys})]
        return hashlib.sha256(repr(said).encode()).hexdigest()


def _leave_behind(
    db: Connection,
    outcome: Refreshed,
    now: datetime,
    ids: set[str],
    outlines: Mapping[str, Outline],
    heirs: Mapping[str, str],
) -> None:
    """Strike out events that turned out to be others, and remove those that no listing stands behind any more."""
    left = outlines.keys() - ids
    merged = {old: heirs[old] for old in left if old in heirs}
    stay = {event_id for event_id, each in outlines.items() if each.merged_into is not None}
    published = events.load_rendered(db, sorted(merged))
    events.save_events(db, [strike_out(published[old], now, heir) for old, heir in sorted(merged.items())])
    outcome.gone = sorted(left - stay - merged.keys())
    outcome.merged = sorted(merged.keys() - stay)
    events.delete_events(db, outcome.gone)
    basis.forget_made_of(db, sorted(left))
    changes = [history.no_longer_listed(event_id, now) for event_id in outcome.gone]
    changes += [history.no_longer_listed(each, now, f"part of {merged[each]}") for each in outcome.merged]
    change_log.save_changes(db, changes)


def _keep_who_belongs_where(
    db: Connection, belongs: Mapping[ListingKey, Membership], before: Mapping[ListingKey, Membership]
) -> None:
    changed = {key: member for key, member in belongs.items() if before.get(key) != member}
    listings.save_memberships(db, changed, gone=before.keys() - belongs.keys())


def _memberships(
    ids: Sequence[str],
    groups: Sequence[Group],
    before: Mapping[ListingKey, Membership],
    outlines: Mapping[str, Outline],
) -> dict[ListingKey, Membership]:
    belongs: dict[ListingKey, Membership] = {}
    for event_id, group in zip(ids, groups, strict=True):
        # What is split off gets an id of its own, and shall get that again if it is ever split off again.
        is_new = event_id not in outlines
        firsts = {} if is_new else {key: before[key].first_event_id for key in group.keys if key in before}
        for key, reason in group.members:
            belongs[key] = Membership(event_id, reason[:255], firsts.get(key) or event_id)
    return belongs


def _series(ids: Sequence[str], numbers: Sequence[int | None], outlines: Mapping[str, Outline]) -> dict[str, str]:
    """Return the series of each event that is in one; a series keeps its id as events do."""
    members: dict[int, list[str]] = {}
    for event_id, number in zip(ids, numbers, strict=True):
        if number is not None:
            members.setdefault(number, []).append(event_id)
    known = {event_id: each.series for event_id, each in outlines.items() if each.series is not None}
    series_ids = assign_ids(list(members.values()), known)
    return {each: one for one, events_of in zip(series_ids, members.values(), strict=True) for each in events_of}


def _refused(bound: Bound) -> list[str]:
    return [
        f"ruling {number} contradicts {' and '.join(f'ruling {each}' for each in against) or 'itself'}"
        for number, against in bound.refused.items()
    ]
