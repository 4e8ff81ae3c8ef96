"""Renders the deadlines of an event as separate VEVENTs: few programs show or keep VTODOs."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.moments import start_of_day
from tracker.models.vocabulary import DeadlineKind
from tracker.publishing.ical.vevent import UID_DOMAIN, Text, set_span, start_entry, to_bytes
from tracker.publishing.phrases import deadline_line, deadline_name

OPENING = "deadline-opening"
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_SHOWN = timedelta(minutes=15)
"""Duration of an entry for an instant: an entry without duration is illegal."""


@dataclass(frozen=True, slots=True)
class DatedItem:
    """A day or an instant with a calendar entry of its own."""

    part: str
    """Identifies the item within its event: its kind and the source's own name for it, numbered if these repeat."""
    name: str
    """``Apply by``"""
    at: date | datetime
    deadline: Deadline

    @property
    def starts_at(self) -> datetime:
        """The instant to sort by."""
        return self.at if isinstance(self.at, datetime) else start_of_day(self.at, None)


def dated_items(event: Event) -> Iterator[DatedItem]:
    """Yield the deadlines of an event that have a date, and the days on which applications open."""
    seen: Counter[str] = Counter()
    for deadline in event.deadlines:
        own = f"deadline-{deadline.kind.value}{_slug(deadline.label)}"
        for part, name, at in (
            (own, deadline_name(deadline), deadline.day if deadline.zone_is_assumed else deadline.at),
            (OPENING, "Applications open", deadline.opens),
        ):
            if at is None or (part == own and deadline.kind is DeadlineKind.NOTIFICATION):
                continue
            seen[part] += 1
            yield DatedItem(f"{part}-{seen[part]}" if seen[part] > 1 else part, name, at, deadline)


def _slug(label: str) -> str:
    """Return what distinguishes deadlines of one kind: if one is dropped, the others keep their identity."""
    if not label:
        return ""
    plain = _NO_LETTERS.sub("-", label.casefold()).strip("-")[:24].rstrip("-")
    return f"-{plain}" if len(plain) > 2 else f"-{hashlib.sha256(label.encode()).hexdigest()[:8]}"


def render_deadline(
    event: Event, item: DatedItem, *, sequence: int, first_seen: datetime, changed_at: datetime
) -> bytes:
    """Return the VEVENT bytes of a deadline. A day without a time ends at local midnight everywhere.

    So does one whose zone is not stated, at whatever time: the description has its words.
    """
    entry = start_entry(
        f"{event.id}-{item.part}",
        f"{item.name}: {event.title}",
        event.lifecycle,
        sequence=sequence,
        first_seen=first_seen,
        changed_at=changed_at,
    )
    set_span(entry, item.at, item.at + _SHOWN if isinstance(item.at, datetime) else item.at)
    entry["TRANSP"] = Text("TRANSPARENT")
    link = event.apply_url or event.link
    # Without date and place of the event: a change of these is no change of the deadline.
    credit = ", ".join(dict.fromkeys(each.attribution or each.name for each in event.sources))
    entry["DESCRIPTION"] = Text(f"{link}\n{deadline_line(item.deadline)}\n\nSource: {credit}")
    entry.add("URL", link)
    entry["RELATED-TO"] = Text(f"{event.id}@{UID_DOMAIN}")
    entry.add("CATEGORIES", ["Deadline"])
    return to_bytes(entry)


def alarms(before: Iterable[timedelta]) -> bytes:
    """Return VALARM bytes that remind the given times before an entry begins."""
    return b"".join(
        f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Deadline in {each.days} day{'s' * (each.days != 1)}\r\n"
        f"TRIGGER:-P{each.days}D\r\nEND:VALARM\r\n".encode()
        for each in before
    )


def with_alarms(vevent: bytes, reminders: bytes) -> bytes:
    """Return an entry with reminders."""
    head, end, _ = vevent.rpartition(b"END:VEVENT\r\n")
    return head + reminders + end
