"""Finds the days on which an event was to be before it moved, as its text says: other sources still name them."""

from __future__ import annotations

import re
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
SAYS_MOVED = re.compile(
    r"\b(?:new date|postponed|rescheduled|verschoben|neuer termin|report[ée]e?|nouvelle date|nueva fecha|aplazad[oa]"
    r"|nova data|adiad[oa]|nuova data|rinviat[oa]|nieuwe datum|verplaatst)\b",
    re.IGNORECASE,
)
"""In a title, that its event has another day than before."""
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
    if found := _FROM.search(text):
        when = read_announcement(found[1], day - _LOOKS_BACK).when
        former += [when.first] if when is not None else []
    return tuple(dict.fromkeys(each.toordinal() for each in former if each != day))[:MOST_EARLIER_DAYS]


_FROM = re.compile(
    r"\b(?:(?:moved|rescheduled|postponed|shifted) from|(?:verlegt|verschoben) vom|du|del|van)\s([^.\n]{4,30}?)\s"
    r"(?:to|auf den|au|al|naar)\s",
    re.IGNORECASE,
)
"""What moved "from June 15 to June 8"; running text is read for the new day only."""
