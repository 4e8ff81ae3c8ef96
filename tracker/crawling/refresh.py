"""Listings → published events: match, merge, compare with what was published, render what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.crawling import history
from tracker.crawling.rendering import hide, render, strike_out
from tracker.matching.grouping import Group
from tracker.matching.identity import assign_ids
from tracker.matching.matcher import group_listings
from tracker.matching.merging import merge_listings
from tracker.matching.rulings import apply_to, bind
from tracker.matching.series import link_series
from tracker.models.change import Change
from tracker.models.listing import ListingKey
from tracker.store import Store, basis, change_log, events, finding, listings, rulings, sources
from tracker.store.events import RenderedEvent
from tracker.store.listings import Membership
from tracker.store.locks import Alone, be_alone
from tracker.store.rulings import DoubtfulPair


@dataclass(slots=True)
class Refreshed:
    """What the refresh changed, as event ids."""

    total: int = 0
    """Events that are shown."""
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    """Ids of events that turned out to be others."""
    hidden: list[str] = field(default_factory=list)
    """Events that a person has hidden since."""
    doubtful: int = 0
    """Pairs that a person should look at."""
    faulty: list[str] = field(default_factory=list)
    """Events that could not be merged or rendered; they stay as they were published before."""
    refused: list[str] = field(default_factory=list)
    """Rulings without effect, because by now they contradict earlier ones."""


def refresh_events(store: Store, now: datetime, *, anew: bool = False) -> Refreshed:
    """Bring the published events up to date with the listings and the rulings, in one transaction.

    If nothing they are made of has changed since the last time, that is all there is to do, unless ``anew``.
    """
    result = Refreshed()
    with store.writing() as db:
        be_alone(db, Alone.PUBLISHING)
        made_of = basis.basis(db)
        if not anew and basis.is_made_of(db, made_of):
            return Refreshed(total=finding.count_shown(db), doubtful=rulings.count_doubtful_pairs(db))
        known_sources = sources.load_sources(db)
        memberships = listings.load_memberships(db)
        published = events.load_rendered(db)
        found = listings.load_listings(db)
        bound = bind(rulings.load_rulings(db), found)
        result.refused = [
            f"ruling {number} contradicts {' and '.join(f'ruling {each}' for each in against) or 'itself'}"
            for number, against in bound.refused.items()
        ]
        grouping = group_listings(found, bound.together)
        ids = assign_ids(
            [group.keys for group in grouping.groups],
            {key: member.event_id for key, member in memberships.items()},
            first={key: member.first_event_id for key, member in memberships.items() if member.first_event_id},
            ages={event_id: each.published.first_seen for event_id, each in published.items()},
            ranks={each.key: known_sources[each.source].tier.rank for each in found if each.source in known_sources},
        )
        series = _series(ids, grouping.groups, published)
        rendered: list[RenderedEvent] = []
        changes: list[Change] = []
        belongs: dict[ListingKey, Membership] = {}
        for event_id, group in zip(ids, grouping.groups, strict=True):
            old = published.get(event_id)
            belongs |= _memberships(event_id, group, memberships, is_new=old is None)
            ruling = min((bound.hidden[key] for key in group.keys if key in bound.hidden), default=None)
            try:
                event = apply_to(merge_listings(event_id, group, known_sources), group.keys, bound)
                new = hide(event, old, now) if ruling is not None else render(event, old, now)
            except Exception as error:  # noqa: BLE001 - one event never costs the others their publication
                result.faulty.append(f"{group.listings[0].key}: {type(error).__name__}: {error}")
                if ruling is None or old is None:
                    continue
                event = old.published.event
                new = hide(event, old, now)
            if new.series != series.get(event_id):
                new = replace(new, series=series.get(event_id))
            if new is not old:
                rendered.append(new)
            if ruling is not None:
                if old is None or not old.hidden:
                    result.hidden.append(event_id)
                    changes.append(history.no_longer_listed(event_id, now, f"hidden by ruling {ruling}"))
            elif old is None:
                result.new.append(event_id)
                changes.append(history.first_listed(event, now))
            elif old.is_struck_out:
                result.changed.append(event_id)
                changes.append(history.listed_again(event_id, now))
            elif new.published.sequence != old.published.sequence:
                result.changed.append(event_id)
            if old is not None and old.published.event != event:
                changes.extend(history.changed_fields(old.published.event, event, now))
        heirs = history.heirs(memberships, belongs)
        merged = {old: heirs[old] for old in set(published) - set(ids) if old in heirs}
        rendered += [strike_out(published[old], now, heir) for old, heir in sorted(merged.items())]
        stay = {event_id for event_id, each in published.items() if each.merged_into is not None}
        result.gone = sorted(set(published) - set(ids) - stay - set(merged))
        result.merged = sorted(set(merged) - stay)
        result.total = len(ids) - sum(any(key in bound.hidden for key in group.keys) for group in grouping.groups)
        result.doubtful = len(grouping.uncertain)
        events.save_events(db, rendered)
        events.delete_events(db, result.gone)
        changes += [history.no_longer_listed(event_id, now) for event_id in result.gone]
        changes += [history.no_longer_listed(each, now, f"part of {merged[each]}") for each in result.merged]
        change_log.save_changes(db, changes)
        listings.save_memberships(
            db,
            {key: member for key, member in belongs.items() if memberships.get(key) != member},
            gone=set(memberships) - set(belongs),
        )
        rulings.save_doubtful_pairs(db, [DoubtfulPair(*pair) for pair in grouping.uncertain])
        basis.save_made_of(db, "" if result.faulty or result.refused else made_of)
    return result


def _series(ids: Sequence[str], groups: Sequence[Group], published: Mapping[str, RenderedEvent]) -> dict[str, str]:
    """Return the series of each event that is in one; a series keeps its id as events do."""
    members: dict[int, list[str]] = {}
    for event_id, number in zip(ids, link_series(groups), strict=True):
        if number is not None:
            members.setdefault(number, []).append(event_id)
    known = {event_id: each.series for event_id, each in published.items() if each.series is not None}
    series_ids = assign_ids(list(members.values()), known)
    return {each: one for one, events_of in zip(series_ids, members.values(), strict=True) for each in events_of}


def _memberships(
    event_id: str, group: Group, before: Mapping[ListingKey, Membership], *, is_new: bool
) -> dict[ListingKey, Membership]:
    # What is split off gets an id of its own, and shall get that again if it is ever split off again.
    firsts = {} if is_new else {key: before[key].first_event_id for key in group.keys if key in before}
    return {
        listing.key: Membership(event_id, reason[:255], firsts.get(listing.key) or event_id)
        for listing, reason in group.members
    }
