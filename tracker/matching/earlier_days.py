"""Finds the days on which an event was to be before it moved, as its text says: other sources still name them."""

from __future__ import annotations

from datetime import timedelta

from tracker.models.listing import Listing
from tracker.reading.announcements.announcement import read_announcement
from tracker.reading.announcements.date_role import Role

MOST_EARLIER_DAYS = 2
_MOVED = (
    "original", "(was", "moved", "postponed", "rescheduled", "new date", "instead of",
    "statt", "urspr", "verschoben", "verlegt", "neuer termin", "initialement", "report", "au lieu",
    "inicialmente", "aplazad", "pospuest", "nueva fecha", "en lugar", "adiad", "nova data", "em vez",
    "inizialmente", "rinviat", "spostat", "nuova data", "anzich", "verplaatst", "oorspronkelijk", "in plaats",
    "nieuwe datum",
)  # fmt: skip
"""Fast pre-filter: most texts have none of these words."""
_READ_OF_TEXT = 400
_LOOKS_BACK = timedelta(days=200)
"""A date without a year lies in the year that begins so long before the event."""


def earlier_days(listing: Listing) -> tuple[int, ...]:
    """Return up to ``MOST_EARLIER_DAYS`` ordinals of days."""
    day = listing.when.first_day
    text = f"{listing.summary}\n{listing.description}"[:_READ_OF_TEXT]
    if day is None or not any(map(text.casefold().__contains__, _MOVED)):
        return ()
    read = read_announcement(text, day - _LOOKS_BACK)
    former = [each.dated.first for each in read.mentions if each.role is Role.SUPERSEDED and each.dated is not None]
    return tuple(dict.fromkeys(each.toordinal() for each in former if each != day))[:MOST_EARLIER_DAYS]
