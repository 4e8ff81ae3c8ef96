"""Resolves what a person calls an event to the names of its listings, which stay valid when event ids change."""

from __future__ import annotations

from sqlalchemy import Connection

from tracker.errors import RulingError, UnknownEventError
from tracker.matching.links import canonical_link
from tracker.matching.rulings import ListingResolver, entry_named_by
from tracker.models.listing import ListingKey
from tracker.store import listings, queries


def names_of(db: Connection, called: str) -> tuple[str, ...]:
    """Return the names that a ruling stores for what a person typed.

    Args:
        db: the store.
        called: an event's id, a listing as ``tracker show`` prints it (``source its-id``), or an event's URL.

    Raises:
        RulingError: nothing in the store has that name, or several events have that URL.
    """
    called = called.strip()
    if "://" in called and " " not in called:
        return _names_of_address(db, called)
    if " " in called:
        if not ListingResolver(listings.load_listings(db)).find([called]):
            raise RulingError(f"There is no listing {called!r}. 'tracker show ID' names those behind an event.")
        return (called,)
    try:
        event = queries.find_event(db, called).event
    except UnknownEventError as error:
        raise RulingError(str(error)) from error
    memberships = listings.load_memberships(db)
    behind = [key for key, member in memberships.items() if member.event_id == event.id]
    # An id that was merged into another still means the listings that first had it.
    own = [key for key in behind if memberships[key].first_event_id == called]
    trusted_first = [ListingKey((each.source, each.source_id)) for each in event.sources]
    return tuple(str(key) for key in sorted(own or behind, key=trusted_first.index))


def _names_of_address(db: Connection, url: str) -> tuple[str, ...]:
    found = listings.load_listings(db)
    if entry := entry_named_by(url):
        if not ListingResolver(found).find([url]):
            raise RulingError(f"No listing has the address {url} ({entry}). 'tracker list' shows the ids of events.")
        return (url,)
    page = canonical_link(url)
    keys = [each.key for each in found if each.url and page and canonical_link(each.url) == page]
    memberships = listings.load_memberships(db)
    ids = sorted({memberships[key].event_id for key in keys if key in memberships})
    if len(ids) != 1:
        how_many = f"{len(ids)} events have" if ids else "No event has"
        more = f": {', '.join(ids[:5])}. Name one by its id" if ids else ". 'tracker list' shows the ids of events"
        raise RulingError(f"{how_many} the address {url}{more}.")
    return tuple(map(str, keys))


def events_at(db: Connection, url: str) -> list[str]:
    """Return the ids of the events that have a URL, in any spelling."""
    found = listings.load_listings(db)
    page = canonical_link(url)
    keys = {ListingKey(key) for key in ListingResolver(found).find([url])} if entry_named_by(url) else set()
    keys |= {each.key for each in found if each.url and page and canonical_link(each.url) == page}
    memberships = listings.load_memberships(db)
    return sorted({memberships[key].event_id for key in keys if key in memberships})
