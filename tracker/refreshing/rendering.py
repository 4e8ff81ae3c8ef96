"""An event → its calendar entries. SEQUENCE and time of change move only if a subscriber would see a difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.models.event import Event, PublishedEvent
from tracker.models.vocabulary import Lifecycle
from tracker.publishing.ical.deadlines import dated, render_deadline
from tracker.publishing.ical.dialect import RENDERING, visible_part
from tracker.publishing.ical.entries import render_vevent
from tracker.store.events import DeadlineEntry, RenderedEvent
from tracker.store.fingerprints import fingerprint, fingerprint_bytes

_RENDERING = f"{RENDERING}:"
"""Stands before each content hash, so that a new way of rendering renders everything once."""


def render(event: Event, old: RenderedEvent | None, now: datetime) -> RenderedEvent:
    """Return an event as it is published now; ``old`` itself if nothing changed."""
    revived = old is not None and old.is_struck_out
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


def strike_out(old: RenderedEvent, now: datetime, heir: str | None = None) -> RenderedEvent:
    """Return an event that is not shown any more: its calendar entries as cancelled, for calendars keep what they have.

    Args:
        old: the event as it was published.
        now: when it is struck out.
        heir: the event that it turned out to be; None if a person hides it.
    """
    if old.is_struck_out:
        return replace(old, merged_into=heir, hidden=heir is None)
    cancelled = old.published.event.model_copy(update={"lifecycle": Lifecycle.CANCELLED})
    published = old.published.model_copy(update={"sequence": old.published.sequence + 1, "changed_at": now})
    struck = published.model_copy(update={"event": cancelled})
    vevent = render_vevent(struck)
    return RenderedEvent(
        published,
        vevent,
        _content_hash(cancelled, vevent),
        heir,
        hidden=heir is None,
        deadlines=_deadlines(struck, old, now),
    )


def hide(event: Event, old: RenderedEvent | None, now: datetime) -> RenderedEvent:
    """Return an event that a person hides; what never was in a calendar need not be struck out there."""
    if old is None:
        published = PublishedEvent(event=event, sequence=0, first_seen=now, changed_at=now)
        return RenderedEvent(published, None, _content_hash(event, None), hidden=True)
    struck = strike_out(old, now)
    if struck.published.event == event:
        return old if struck == old else struck
    # Kept up to date for the day it is shown again; subscribers see none of that.
    return replace(struck, published=struck.published.model_copy(update={"event": event}))


def _content_hash(event: Event, vevent: bytes | None) -> str:
    if vevent is None:
        return _RENDERING + fingerprint(event, "provenance", "sources", "disagreements")
    return _RENDERING + fingerprint_bytes(visible_part(vevent))


def _deadlines(published: PublishedEvent, old: RenderedEvent | None, now: datetime) -> tuple[DeadlineEntry, ...]:
    """Render the deadlines' entries; each keeps its version until a subscriber would see a difference in it."""
    before = {each.part: each for each in old.deadlines} if old else {}
    event, first_seen = published.event, published.first_seen
    entries = []
    for item in dated(event):
        known = before.get(item.part)
        # One that comes back has to be newer than it ever was; the event has changed more often than any part of it.
        sequence, changed_at = (known.sequence, known.changed_at) if known else (published.sequence, now)
        vevent = render_deadline(event, item, sequence=sequence, first_seen=first_seen, changed_at=changed_at)
        content_hash = _RENDERING + fingerprint_bytes(visible_part(vevent))
        if known is not None and not _same(content_hash, known.content_hash):
            sequence, changed_at = sequence + 1, now
            vevent = render_deadline(event, item, sequence=sequence, first_seen=first_seen, changed_at=changed_at)
        entries.append(DeadlineEntry(item.part, item.begins_at, vevent, sequence, changed_at, content_hash))
    return tuple(entries)


def _same(content_hash: str, other: str) -> bool:
    return content_hash.rpartition(":")[2] == other.rpartition(":")[2]
