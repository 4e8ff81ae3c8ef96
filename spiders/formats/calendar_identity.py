"""Decides which entries of a calendar are one event: several programs give one UID to different events.

RFC 5545 section 3.8.4.7 makes the UID unique; RFC 5546 section 2.1.5 lets the newest version of an entry win: by
SEQUENCE, then DTSTAMP.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from icalendar import Component, vText

from spiders.formats.calendar_properties import REPEATING, unreadable_rules


def separate_events(entries: Iterable[Component]) -> list[Component]:
    """Return one entry per event, in the order of the calendar; those that share a UID wrongly get one of their own.

    Entries with one UID are versions of one event if their SEQUENCE numbers all differ, or if they are two with one
    title or start and other LAST-MODIFIED stamps; the newest is returned. Otherwise only entries of the same title and
    start are one event: several dates of one title are several, for many programs write out a series so.
    """
    entries = list(entries)
    groups: dict[str, list[Component]] = defaultdict(list)
    changes: dict[str, list[Component]] = defaultdict(list)
    for entry in entries:
        if not text_of(entry, "UID") and (any(name in entry for name in REPEATING) or unreadable_rules(entry)):
            entry["UID"] = vText(text_of(entry, "SUMMARY"))  # the dates of a series need an id that lasts
        if uid := text_of(entry, "UID"):
            (changes if "RECURRENCE-ID" in entry else groups)[uid].append(entry)
    dropped: set[int] = set()
    for uid, members in groups.items():
        if len(members) == 1:
            continue
        kept = _newest(members)
        dropped |= {id(entry) for entry in members} - {id(entry) for entry in kept}
        if len(kept) > 1:
            _rename(uid, kept)
            _follow(changes[uid], kept)
    return [entry for entry in entries if id(entry) not in dropped]


def _newest(members: list[Component]) -> list[Component]:
    if _are_versions(members):
        return [max(members, key=_age)]
    found: dict[tuple[str, str], Component] = {}
    for entry in members:
        key = _title(entry), _start(entry)
        found[key] = max(found.get(key, entry), entry, key=_age)
    return list(found.values())


def _are_versions(members: list[Component]) -> bool:
    titles, starts = {_title(entry) for entry in members}, {_start(entry) for entry in members}
    if len({_sequence(entry) for entry in members}) == len(members):
        return len(members) == 2 or len(titles) == 1
    stamps = {_stamp(entry, "LAST-MODIFIED") for entry in members}
    return len(members) == 2 == len(stamps) and "" not in stamps and (len(titles) == 1 or len(starts) == 1)


def _age(entry: Component) -> tuple[int, str, str, bytes]:
    """Return what the newest version has the greatest of; the text, so that the order in the file decides nothing."""
    return _sequence(entry), _stamp(entry, "LAST-MODIFIED"), _stamp(entry, "DTSTAMP"), entry.to_ical()


def _rename(uid: str, members: list[Component]) -> None:
    """Append the title to the UIDs of different events; the day to those of one title, the time to those of one day."""
    titles = Counter(_title(entry) for entry in members)
    days = Counter((_title(entry), _start(entry)[:10]) for entry in members)
    for entry in members:
        title, start = _title(entry), _start(entry)
        parts = [uid, title]
        if titles[title] > 1:
            parts.append(start if days[title, start[:10]] > 1 else start[:10])
        entry["UID"] = vText(" ".join(parts))


def _follow(changes: list[Component], members: list[Component]) -> None:
    """Give the changed dates of a series the UID of the one series that begins at their hour."""
    series = [entry for entry in members if "RRULE" in entry]
    for change in changes:
        at = _stamp(change, "RECURRENCE-ID")[10:]
        fitting = [entry for entry in series if _start(entry)[10:] == at] or series
        if fitting:
            change["UID"] = fitting[0]["UID"]


def _title(entry: Component) -> str:
    return text_of(entry, "SUMMARY").casefold()


def _sequence(entry: Component) -> int:
    value = entry.get("SEQUENCE", 0)
    return value if isinstance(value, int) else 0


def _start(entry: Component) -> str:
    return _stamp(entry, "DTSTART") or text_of(entry, "X-DTSTART")


def _stamp(entry: Component, name: str) -> str:
    value: Any = entry.get(name)
    moment: Any = getattr(value, "dt", None)
    return str(moment.isoformat(" ") if isinstance(moment, datetime) else moment.isoformat()) if moment else ""


def text_of(entry: Component, name: str) -> str:
    """Return a property as text; empty if it is missing."""
    return str(entry.get(name, "")).strip()
