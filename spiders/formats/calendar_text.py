"""Splits an iCalendar file into the content lines of its entries, as far as a broken file allows.

RFC 5545 section 3.1: lines are folded, possibly inside a UTF-8 letter, so bytes are unfolded before they are decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from spiders.formats.documents import text_of
from tracker.sources.platform import Page

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile(rb"\r+\n?")
_FOLD = re.compile(rb"(?<!\n)\n++[ \t]")
_EDGE = re.compile(r"\s*(BEGIN|END)\s*:\s*([\w-]+)\s*$", re.IGNORECASE)


@dataclass(slots=True)
class CalendarText:
    """The unfolded lines of a calendar, by component."""

    head: list[str] = field(default_factory=list)
    """Lines outside entries and time zones."""
    events: list[list[str]] = field(default_factory=list)
    """Lines of each complete VEVENT, without its alarms and other inner components."""
    zones: list[list[str]] = field(default_factory=list)
    """Lines of each VTIMEZONE, with ``BEGIN`` and ``END``."""
    cut: list[str] | None = None
    """Lines of the last entry, if the file ends within it."""
    unclosed: int = 0
    """Number of complete entries whose END:VEVENT is missing."""
    is_closed: bool = False
    """True if END:VCALENDAR is there."""


def unfolded_text(page: Page) -> str:
    """Return the text of a calendar with one line per property; lines may end with CR LF, LF or CR."""
    body = page.body
    if body[:2] in _UTF_16:
        body = body.decode("utf-16", "replace").encode()
    body = _FOLD.sub(b"", _LINE_END.sub(b"\n", body))
    return text_of(replace(page, body=body)).replace("\0", "")


def split_calendar(text: str) -> CalendarText:
    """Return the parts of a calendar. One pass, without recursion: a calendar may be 10 MB."""
    found = CalendarText()
    lines: list[str] | None = None
    inner = 0
    zone: list[str] | None = None
    for line in _lines(text):
        edge = _EDGE.match(line) if ":" in line[:12] else None
        begins, name = (edge[1].upper() == "BEGIN", edge[2].upper()) if edge else (False, "")
        if zone is not None and name not in {"VEVENT", "VCALENDAR"}:
            zone.append(line)
            if edge and name == "VTIMEZONE":
                zone = None
        elif edge and name in {"VEVENT", "VCALENDAR"}:
            zone = None  # where END:VTIMEZONE is missing
            is_unclosed = begins or name == "VCALENDAR"
            if lines is not None and (lines or not is_unclosed):
                found.events.append(lines)
                found.unclosed += is_unclosed
            lines, inner = ([], 0) if begins and name == "VEVENT" else (None, 0)
            found.is_closed |= not begins and name == "VCALENDAR"
        elif edge and lines is not None:
            inner = max(0, inner + (1 if begins else -1))
        elif edge and begins and name == "VTIMEZONE":
            zone = [line]
            found.zones.append(zone)
        elif lines is None:
            found.head.append(line)
        elif not inner:
            lines.append(line)
    found.cut = lines
    return found


def _lines(text: str) -> Iterator[str]:
    # Not splitlines(): it splits at characters such as U+2028 that titles may contain.
    return (line for each in text.split("\n") if (line := each.strip()))
