"""The calendar of all events after one of them has changed: ours beside libraries that write it anew."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as IcalEvent

from benchmarks.feeds.events import NOW
from tracker.models.selection import Selection
from tracker.pipeline.rendering import render
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import build_calendar
from tracker.store import Store, events
from tracker.store.events import RenderedEvent


def building(store: Store, rendered: list[RenderedEvent], rounds: int = 5) -> dict[str, float]:
    """Return the best milliseconds of each way."""
    number = iter(range(1_000_000))

    def ours() -> bytes:
        one = rendered[0]
        title = f"Changed {next(number)}"
        changed = render(one.published.event.model_copy(update={"title": title}), one, NOW + timedelta(hours=1))
        with store.writing() as db:
            events.save_events(db, [changed])
        with store.reading() as db:
            body = build_calendar(db, FeedRequest(Selection(), NOW)).body
        hashlib.sha256(body).hexdigest()
        return body

    def with_icalendar() -> bytes:
        calendar = icalendar.Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//benchmark//EN")
        for each in rendered:
            calendar.add_component(_icalendar_event(each))
        body: bytes = calendar.to_ical()
        return body

    def with_ical() -> bytes:
        calendar = Calendar()
        calendar.events.extend(_ical_event(each) for each in rendered)
        return IcsCalendarStream.calendar_to_ics(calendar).encode()

    return {
        "ours": _best(ours, rounds),
        "icalendar": _best(with_icalendar, 1),
        "ical": _best(with_ical, 1),
    }


def sizes(store: Store) -> dict[str, int]:
    """Return the bytes of the whole feed, plain and compressed."""
    with store.reading() as db:
        body = build_calendar(db, FeedRequest(Selection(), NOW)).body
    return {"plain": len(body), "gzip": len(gzip.compress(body, 5, mtime=0)), "entries": body.count(b"BEGIN:VEVENT")}


def _best(work: Callable[[], bytes], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best * 1_000


def _icalendar_event(rendered: RenderedEvent) -> icalendar.Event:
    event = rendered.published.event
    entry = icalendar.Event()
    values: dict[str, Any] = {
        "uid": event.id, "dtstamp": NOW, "summary": event.title, "dtstart": event.when.start, "dtend": event.when.end,
        "description": event.description, "url": event.link, "sequence": rendered.published.sequence,
    }  # fmt: skip
    for name, value in values.items():
        entry.add(name, value)
    return entry


def _ical_event(rendered: RenderedEvent) -> IcalEvent:
    event = rendered.published.event
    values: dict[str, Any] = {
        "uid": event.id, "dtstamp": NOW, "summary": event.title, "dtstart": event.when.start, "dtend": event.when.end,
        "description": event.description, "url": event.link, "sequence": rendered.published.sequence,
    }  # fmt: skip
    return IcalEvent(**values)
