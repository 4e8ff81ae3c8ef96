"""Makes the entries of an event's change history from what a build did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tracker.models.details import Details
from tracker.models.event import Change, Event
from tracker.models.record import canonical_json


def first_listed(event: Event, now: datetime) -> Change:
    """Return the first entry of an event's history."""
    return Change(event_id=event.id, at=now, field="event", after=event.title, source=event.sources[0].source)


def listed_again(event_id: str, now: datetime) -> Change:
    """Return the entry of an event that is listed again after it was hidden or merged into another."""
    return Change(event_id=event_id, at=now, field="event", before="not listed", after="listed again")


def no_longer_listed(event_id: str, now: datetime, reason: str = "") -> Change:
    """Return the entry of an event that is no longer listed."""
    return Change(event_id=event_id, at=now, field="event", before="listed", after=reason)


_FACTS = [name for name in Details.model_fields if name not in {"description", "summary"}]
"""The fields with a history. Running text has none: some sources change it at each fetch, which is news to nobody."""


def changed_fields(old: Event, new: Event, now: datetime) -> Iterator[Change]:
    """Yield one entry for each fact that has changed, with the source of its new value."""
    before, after = _values(old), _values(new)
    for name in _FACTS:
        if before.get(name) != after.get(name):
            provenance = new.provenance.get(name) or old.provenance.get(name)
            yield Change(
                event_id=new.id,
                at=now,
                field=name,
                before=canonical_json(before[name]) if name in before else "",
                after=canonical_json(after[name]) if name in after else "",
                source=provenance.source if provenance else "",
            )


def _values(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_defaults=True)
