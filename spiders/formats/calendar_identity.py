"""Decides which entries of a calendar are one event: several programs give one UID to different events.

RFC 5545 section 3.8.4.7 makes the UID unique; RFC 5546 section 2.1.5 lets the newest version of an entry win.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from icalendar import Component, vText


def separate_events(entries: Iterable[Component]) -> list[Component]:
    """Return one entry per event, in the order of the calendar; those that share a UID wrongly get one of their own.

    Of entries with one UID, the highest SEQUENCE wins wherever it stands. With equal numbers the latest LAST-MODIFIED
    wins if title or start are the same. Other entries are different events; equal ones are listed once.
    """
    groups: dict[str, list[Component]] = defaultdict(list)
    entries = list(entries)
    for entry in entries:
        if entry.get("UID") and "RECURRENCE-ID" not in entry:
            groups[_text(entry, "UID")].append(entry)
    dropped: set[int] = set()
    for uid, members in groups.items():
        if len(members) == 1:
            continue
        kept = _newest(members)
        dropped |= {id(entry) for entry in members} - {id(entry) for entry in kept}
        if len(kept) > 1:
            _rename(uid, kept)
    return [entry for entry in entries if id(entry) not in dropped]


def _newest(members: list[Component]) -> list[Component]:
    top = max(_sequence(entry) for entry in members)
    kept: list[Component] = []
    for entry in (each for each in members if _sequence(each) == top):
        twin = next((each for each in kept if _is_version_of(each, entry)), None)
        if twin is None:
            kept.append(entry)
        elif _modified(entry) > _modified(twin):
            kept[kept.index(twin)] = entry
    return kept


def _is_version_of(one: Component, other: Component) -> bool:
    same_title = _text(one, "SUMMARY").casefold() == _text(other, "SUMMARY").casefold()
    same_start = _start(one) == _start(other)
    if same_title and same_start:
        return True
    has_dates = bool(_modified(one) and _modified(other)) and _modified(one) != _modified(other)
    return has_dates and (same_title or same_start)


def _rename(uid: str, members: list[Component]) -> None:
    """Append the title to the UIDs of different events, and the day to those of one title."""
    titles = [_text(entry, "SUMMARY").casefold() for entry in members]
    for entry, title in zip(members, titles, strict=True):
        start = _start(entry)
        shared = [_start(each) for each, its in zip(members, titles, strict=True) if its == title]
        days = [each[:10] for each in shared]
        parts = [title]
        if len(shared) > 1:
            parts.append(start[:10] if len(set(days)) == len(days) else start)
        entry["UID"] = vText(" ".join([uid, *parts]))


def _sequence(entry: Component) -> int:
    value = entry.get("SEQUENCE", 0)
    return value if isinstance(value, int) else 0


def _modified(entry: Component) -> str:
    return _moment(entry, "LAST-MODIFIED")


def _start(entry: Component) -> str:
    return _moment(entry, "DTSTART") or _text(entry, "X-DTSTART")


def _moment(entry: Component, name: str) -> str:
    value: Any = entry.get(name)
    value = value[0] if isinstance(value, list) else value
    return value.dt.isoformat() if hasattr(value, "dt") else ""


def _text(entry: Component, name: str) -> str:
    value = entry.get(name, "")
    return str(value[0] if isinstance(value, list) else value).strip()
