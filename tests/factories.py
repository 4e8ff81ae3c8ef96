"""Short ways to write the records that tests need."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tracker.models.event import Attribution, Event, PublishedEvent
from tracker.models.listing import Listing
from tracker.models.moments import When
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.models.vocabulary import DatePrecision, Tier

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""When tests happen: a Monday."""
FETCHED = NOW


def a_source(**changes: Any) -> Source:
    """Return a source of a city group."""
    values: dict[str, Any] = {
        "id": "berlin",
        "tier": Tier.COMMUNITIES,
        "name": "AI Safety Berlin",
        "homepage": "https://berlin.example/",
        "platform": "ical",
    }
    return Source(**values | changes)


def a_raw(**changes: Any) -> RawListing:
    """Return a raw listing with a title and a date."""
    values: dict[str, Any] = {
        "source": "berlin",
        "source_id": "evt-1",
        "page_url": "https://berlin.example/calendar.ics",
        "fetched_at": FETCHED,
        "title": "Winter Social",
        "starts": "2026-12-03T19:00:00+01:00",
    }
    return RawListing(**values | changes)


def a_when(day: date | datetime, end: date | datetime | None = None, **changes: Any) -> When:
    """Return a span that starts on a day or at an instant."""
    precision = DatePrecision.EXACT if isinstance(day, datetime) else DatePrecision.DAY
    return When(start=day, end=end, precision=precision, **changes)


def a_listing(**changes: Any) -> Listing:
    """Return a listing of a whole day."""
    values: dict[str, Any] = {
        "source": "berlin",
        "source_id": "evt-1",
        "page_url": "https://berlin.example/calendar.ics",
        "fetched_at": FETCHED,
        "title": "Winter Social",
        "url": "https://berlin.example/social",
        "when": a_when(date(2026, 12, 3)),
    }
    return Listing(**values | changes)


def an_event(**changes: Any) -> Event:
    """Return an event of a whole day."""
    values: dict[str, Any] = {
        "id": "k3v9q2m8xa01",
        "title": "Winter Social",
        "url": "https://berlin.example/social",
        "when": a_when(date(2026, 12, 3)),
        "sources": (
            Attribution(
                source="berlin", source_id="evt-1", name="AI Safety Berlin", homepage="https://berlin.example/"
            ),
        ),
    }
    return Event(**values | changes)


def published(event: Event | None = None, **changes: Any) -> PublishedEvent:
    """Return a published event."""
    values: dict[str, Any] = {"event": event or an_event(), "first_seen": FETCHED, "changed_at": FETCHED}
    return PublishedEvent(**values | changes)
