"""Renders an event's calendar entries. SEQUENCE and LAST-MODIFIED rise only if a subscriber would see a difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.models.event import Event, PublishedEvent
from tracker.models.record import record_hash, sha256_hex
from tracker.models.vocabulary import Lifecycle
from tracker.publishing.ical.deadline_entries import dated_items, render_deadline
from tracker.publishing.ical.event_entry import render_vevent
from tracker.publishing.ical.vevent import RENDERING_VERSION, without_version_lines
from tracker.store.events import DeadlineEntry, RenderedEvent

_RENDERING = f"{RENDERING_VERSION}:"
"""Prefix of each content hash, so that a raised version renders everything once."""


def render(event: Event, old: RenderedEvent | None, now: datetime) -> RenderedEvent:
    """Return the rendered event to publish; ``old`` itself if nothing changed."""
    revived = old is not None and old.is_unlisted
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
    deadlines = _deadlines(first, old, now)
    if old is None or (not revived and _same(content_hash, old.content_hash)):
        return RenderedEvent(first, vevent, content_hash, deadlines=deadlines)
    moved = first.model_copy(update={"sequence": first.sequence + 1, "changed_at": now})
    return RenderedEvent(moved, render_vevent(moved), content_hash, deadlines=deadlines)


def render_published(published: PublishedEvent) -> RenderedEvent:
    """Return an event that another tracker has published, under that tracker's sequence number and times."""
    vevent = render_vevent(published)
    deadlines = _deadlines(published, None, published.changed_at)
    return RenderedEvent(published, vevent, _content_hash(published.event, vevent), deadlines=deadlines)


def cancel(old: RenderedEvent, now: datetime, merged_into: str | None = None) -> RenderedEvent:
    """Return an unlisted event with cancelled calendar entries, because subscribers still have the old ones.

    Args:
        old: the event as it was published.
        now: when it is cancelled.
        merged_into: id of the event that it was merged into; None if a curator hides it.
    """
    if old.is_unlisted:
        return replace(old, merged_into=merged_into, hidden=merged_into is None)
    cancelled = old.published.event.model_copy(update={"lifecycle": Lifecycle.CANCELLED})
    published = old.published.model_copy(update={"sequence": old.published.sequence + 1, "changed_at": now})
    cancelled_event = published.model_copy(update={"event": cancelled})
    vevent = render_vevent(cancelled_event)
    return RenderedEvent(
        published,
        vevent,
        _content_hash(cancelled, vevent),
        merged_into,
        hidden=merged_into is None,
        deadlines=_deadlines(cancelled_event, old, now),
    )


def hide(event: Event, old: RenderedEvent | None, now: datetime) -> RenderedEvent:
    """Return an event that a curator hides; one that was never published gets no cancelled calendar entry."""
    if old is None:
        published = PublishedEvent(event=event, sequence=0, first_seen=now, changed_at=now)
        return RenderedEvent(published, None, _content_hash(event, None), hidden=True)
    cancelled_event = cancel(old, now)
    if cancelled_event.published.event == event:
        return old if cancelled_event == old else cancelled_event
    # The document is kept up to date for when the event is listed again; subscribers do not see it.
    return replace(cancelled_event, published=cancelled_event.published.model_copy(update={"event": event}))


def _content_hash(event: Event, vevent: bytes | None) -> str:
    if vevent is None:
        return _RENDERING + record_hash(event, "provenance", "sources", "disagreements")
    return _RENDERING + sha256_hex(without_version_lines(vevent))


def _deadlines(published: PublishedEvent, old: RenderedEvent | None, now: datetime) -> tuple[DeadlineEntry, ...]:
    """Render the deadlines' entries; each keeps its SEQUENCE until a subscriber would see a difference in it."""
    before = {each.part: each for each in old.deadlines} if old else {}
    event, first_seen = published.event, published.first_seen
    entries = []
    for item in dated_items(event):
        known = before.get(item.part)
        # A deadline that comes back needs a higher SEQUENCE than before; the event's own is at least that high.
        sequence, changed_at = (known.sequence, known.changed_at) if known else (published.sequence, now)
        vevent = render_deadline(event, item, sequence=sequence, first_seen=first_seen, changed_at=changed_at)
        content_hash = _RENDERING + sha256_hex(without_version_lines(vevent))
        if known is not None and not _same(content_hash, known.content_hash):
            sequence, changed_at = sequence + 1, now
            vevent = render_deadline(event, item, sequence=sequence, first_seen=first_seen, changed_at=changed_at)
        entries.append(DeadlineEntry(item.part, item.starts_at, vevent, sequence, changed_at, content_hash))
    return tuple(entries)


def _same(content_hash: str, other: str) -> bool:
    return content_hash.rpartition(":")[2] == other.rpartition(":")[2]
