"""What changed from one publication to the next: the history that people see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tracker.models.change import Change
from tracker.models.details import Details
from tracker.models.event import Event
from tracker.models.listing import ListingKey
from tracker.models.record import canonical_json
from tracker.store.listings import Membership


def first_listed(event: Event, now: datetime) -> Change:
    """Return the first entry of an event's history."""
    return Change(event_id=event.id, at=now, field="event", after=event.title, source=event.sources[0].source)


def listed_again(event_id: str, now: datetime) -> Change:
    """Return the entry of an event that is shown again, after it was hidden or taken for another."""
    return Change(event_id=event_id, at=now, field="event", before="not listed", after="listed again")


def no_longer_listed(event_id: str, now: datetime, instead: str = "") -> Change:
    """Return the entry of an event that is not shown any more, and what became of it."""
    return Change(event_id=event_id, at=now, field="event", before="listed", after=instead)


def changed_fields(old: Event, new: Event, now: datetime) -> Iterator[Change]:
    """Yield what changed field by field, with the source that says so now."""
    before, after = _values(old), _values(new)
    for name in Details.model_fields:
        if before.get(name) != after.get(name):
            sayer = new.provenance.get(name) or old.provenance.get(name)
            yield Change(
                event_id=new.id,
                at=now,
                field=name,
                before=canonical_json(before[name]) if name in before else "",
                after=canonical_json(after[name]) if name in after else "",
                source=sayer.source if sayer else "",
            )


def heirs(before: Mapping[ListingKey, Membership], after: Mapping[ListingKey, Membership]) -> dict[str, str]:
    """Return for each event the one that most of its listings belong to now."""
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for key, member in before.items():
        if key in after:
            moved[member.event_id][after[key].event_id] += 1
    return {old: min(counts, key=lambda each: (-counts[each], each)) for old, counts in moved.items()}


def _values(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_defaults=True)
