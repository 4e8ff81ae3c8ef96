"""Listings → published events: match, merge, compare with what was published, render what changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tracker.matching.grouping import Group, group_listings
from tracker.matching.identity import assign_ids
from tracker.matching.merging import merge_listings
from tracker.models.change import Change
from tracker.models.details import Details
from tracker.models.event import Event, PublishedEvent
from tracker.models.listing import ListingKey
from tracker.models.record import canonical_json
from tracker.models.vocabulary import Lifecycle
from tracker.publishing.icalendar import RENDERING, render_vevent, visible_part
from tracker.store import Store, events, listings, sources
from tracker.store.events import RenderedEvent
from tracker.store.fingerprints import fingerprint, fingerprint_bytes
from tracker.store.listings import Membership

_RENDERING = f"{RENDERING}:"
"""Stands before each content hash, so that a new way of rendering renders everything once."""


@dataclass(slots=True)
class Refreshed:
    """What the refresh changed, as event ids."""

    total: int = 0
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    """Ids of events that turned out to be others."""
    faulty: list[str] = field(default_factory=list)
    """Events that could not be merged or rendered; they stay as they were published before."""


def refresh_events(store: Store, now: datetime) -> Refreshed:
    """Bring the published events up to date with the listings, in one transaction."""
    result = Refreshed()
    with store.writing() as db:
        known_sources = sources.load_sources(db)
        memberships = listings.load_memberships(db)
        published = events.load_rendered(db)
        groups = group_listings(listings.load_listings(db)).groups
        ids = assign_ids(
            groups,
            {key: member.event_id for key, member in memberships.items()},
            first={key: member.first_event_id for key, member in memberships.items() if member.first_event_id},
            ages={event_id: each.published.first_seen for event_id, each in published.items()},
        )
        rendered: list[RenderedEvent] = []
        changes: list[Change] = []
        belongs: dict[ListingKey, Membership] = {}
        for event_id, group in zip(ids, groups, strict=True):
            old = published.get(event_id)
            belongs |= _memberships(event_id, group, memberships)
            try:
                event = merge_listings(event_id, group, known_sources)
                new = _render(event, old, now)
            except Exception as error:  # noqa: BLE001 - one event never costs the others their publication
                result.faulty.append(f"{group.listings[0].key}: {type(error).__name__}: {error}")
                continue
            if old is None:
                result.new.append(event_id)
                changes.append(_first_listed(event, now))
            elif new.published.sequence != old.published.sequence:
                result.changed.append(event_id)
            if new is not old:
                rendered.append(new)
            if old is not None and old.published.event != event:
                changes.extend(_changes(old.published.event, event, now))
        heirs = _heirs(memberships, belongs)
        merged = {old: heirs[old] for old in set(published) - set(ids) if old in heirs}
        rendered += [_struck_out(published[old], heir, now) for old, heir in sorted(merged.items())]
        stay = {event_id for event_id, each in published.items() if each.merged_into is not None}
        result.gone = sorted(set(published) - set(ids) - stay - set(merged))
        result.merged = sorted(set(merged) - stay)
        result.total = len(ids)
        events.save_events(db, rendered)
        events.delete_events(db, result.gone)
        changes += [Change(event_id=event_id, at=now, field="event", before="listed") for event_id in result.gone]
        changes += [
            Change(event_id=event_id, at=now, field="event", before="listed", after=f"part of {merged[event_id]}")
            for event_id in result.merged
        ]
        events.save_changes(db, changes)
        listings.save_memberships(
            db,
            {key: member for key, member in belongs.items() if memberships.get(key) != member},
            gone=set(memberships) - set(belongs),
        )
    return result


def _render(event: Event, old: RenderedEvent | None, now: datetime) -> RenderedEvent:
    """Render an event; SEQUENCE and time of change move only if a subscriber would see a difference."""
    revived = old is not None and old.merged_into is not None
    if old is not None and not revived and old.published.event == event and old.content_hash.startswith(_RENDERING):
        return old
    first = PublishedEvent(
        event=event,
        sequence=old.published.sequence if old else 0,
        first_seen=old.published.first_seen if old else now,
        changed_at=old.published.changed_at if old else now,
    )
    vevent = render_vevent(first)
    content_hash = _content_hash(event, vevent)
    if old is None or (not revived and content_hash.removeprefix(_RENDERING) == old.content_hash.rpartition(":")[2]):
        return RenderedEvent(first, vevent, content_hash)
    moved = first.model_copy(update={"sequence": first.sequence + 1, "changed_at": now})
    return RenderedEvent(moved, render_vevent(moved), content_hash)


def _content_hash(event: Event, vevent: bytes | None) -> str:
    seen = fingerprint(event, "provenance", "sources") if vevent is None else fingerprint_bytes(visible_part(vevent))
    return _RENDERING + seen


def _struck_out(old: RenderedEvent, heir: str, now: datetime) -> RenderedEvent:
    """Return the entry of an event that turned out to be another, as cancelled: calendars would keep it for ever."""
    if old.merged_into is not None:
        return replace(old, merged_into=heir)
    cancelled = old.published.event.model_copy(update={"lifecycle": Lifecycle.CANCELLED})
    published = old.published.model_copy(update={"sequence": old.published.sequence + 1, "changed_at": now})
    vevent = render_vevent(published.model_copy(update={"event": cancelled}))
    return RenderedEvent(published, vevent, _content_hash(cancelled, vevent), heir)


def _heirs(before: Mapping[ListingKey, Membership], after: Mapping[ListingKey, Membership]) -> dict[str, str]:
    """Return for each event the one that most of its listings belong to now."""
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for key, member in before.items():
        if key in after:
            moved[member.event_id][after[key].event_id] += 1
    return {old: min(counts, key=lambda each: (-counts[each], each)) for old, counts in moved.items()}


def _memberships(event_id: str, group: Group, before: Mapping[ListingKey, Membership]) -> dict[ListingKey, Membership]:
    firsts = {listing.key: before[listing.key].first_event_id for listing in group.listings if listing.key in before}
    return {
        listing.key: Membership(event_id, reason[:255], firsts.get(listing.key) or event_id)
        for listing, reason in group.members
    }


def _first_listed(event: Event, now: datetime) -> Change:
    return Change(event_id=event.id, at=now, field="event", after=event.title, source=event.sources[0].source)


def _changes(old: Event, new: Event, now: datetime) -> list[Change]:
    """Return what changed field by field, with the source that says so now."""
    changes = []
    before, after = _values(old), _values(new)
    for name in Details.model_fields:
        if before.get(name) != after.get(name):
            sayer = new.provenance.get(name) or old.provenance.get(name)
            changes.append(
                Change(
                    event_id=new.id,
                    at=now,
                    field=name,
                    before=canonical_json(before[name]) if name in before else "",
                    after=canonical_json(after[name]) if name in after else "",
                    source=sayer.source if sayer else "",
                )
            )
    return changes


def _values(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_defaults=True)
