"""What the page's head says of one event, for search engines and link previews."""

from __future__ import annotations

from urllib.parse import parse_qs

from dashboard.loading import reading
from tracker.clock import current_time
from tracker.errors import StoreError, UnknownEventError
from tracker.publishing.pages import EventPage
from tracker.store import queries


def find_event_page(query: str, base_url: str) -> EventPage | None:
    """Return what is known of the event that a query string names; None if it names none that is published."""
    event_id = (parse_qs(query).get("id") or [""])[-1]
    try:
        with reading() as db:
            published = queries.find_event(db, event_id)
            if queries.is_hidden(db, published.event.id):
                return None
    except (UnknownEventError, StoreError):
        return None
    return EventPage(published, current_time(), base_url)
