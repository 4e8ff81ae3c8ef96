"""A subscriber's calendar program: it keeps what it has seen, and takes only updates of a higher version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import icalendar

from tests.life.truths import Moment, instant

_VEVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_VERSION = re.compile(rb"^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE|CREATED)[:;].*\r\n(?: .*\r\n)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry as a calendar program reads it."""

    uid: str
    title: str
    start: Moment
    end: Moment
    """Exclusive."""
    status: str
    sequence: int
    modified: datetime
    content: bytes
    """All that a person sees: without the lines of the version."""

    @property
    def event(self) -> str:
        """Id of the event; a deadline's entry has the id of its event."""
        return self.uid.partition("@")[0].partition("-")[0]

    @property
    def is_deadline(self) -> bool:
        """Whether it is the entry of a deadline."""
        return "-" in self.uid.partition("@")[0]

    @property
    def is_live(self) -> bool:
        """Whether it stands in the calendar as taking place."""
        return self.status != "CANCELLED"

    @property
    def starts_at(self) -> datetime:
        """When it starts."""
        return instant(self.start)


class Subscriber:
    """Keeps every entry that was ever in the feed."""

    def __init__(self) -> None:
        self.feed: dict[str, CalendarEntry] = {}
        """The entries of the last feed, by UID."""
        self.last_feed: frozenset[str] = frozenset()
        """The UIDs of the feed before the last."""
        self.before: dict[str, CalendarEntry] = {}
        """The last version of each entry in any feed before the last."""
        self.calendar: dict[str, CalendarEntry] = {}
        """What the program shows."""
        self._parsed: dict[bytes, CalendarEntry] = {}

    def take(self, feed: bytes) -> None:
        """Take a feed."""
        self.before |= self.feed
        self.last_feed = frozenset(self.feed)
        blocks = _VEVENT.findall(feed)
        self._parsed = {block: self._parsed.get(block) or _parse(block) for block in blocks}
        self.feed = {each.uid: each for each in self._parsed.values()}
        for uid, entry in self.feed.items():
            known = self.calendar.get(uid)
            if known is None or (entry.sequence, entry.modified) > (known.sequence, known.modified):
                self.calendar[uid] = entry


def _parse(block: bytes) -> CalendarEntry:
    entry: Any = icalendar.Event.from_ical(block)
    start, end = entry["DTSTART"].dt, entry["DTEND"].dt
    modified = entry["LAST-MODIFIED"].dt
    assert isinstance(start, date)
    assert isinstance(end, date)
    assert isinstance(modified, datetime)
    return CalendarEntry(
        uid=str(entry["UID"]),
        title=str(entry["SUMMARY"]),
        start=start,
        end=end,
        status=str(entry["STATUS"]),
        sequence=int(entry["SEQUENCE"]),
        modified=modified,
        content=_VERSION.sub(b"", block),
    )
