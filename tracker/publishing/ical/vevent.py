"""Renders what all calendar entries share: identity, version, escaped text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
from icalendar import vDatetime, vInt, vText
from icalendar.parser import Contentline

from tracker.models.event import Attribution
from tracker.models.text import clean_line
from tracker.models.vocabulary import Lifecycle

PRODID = "-//AI Safety Tracker//aisafety-tracker//EN"
UID_DOMAIN = "aisafety-tracker"
"""Part of every UID. Changing it would give every subscriber every event twice."""
RENDERING_VERSION = 5
"""Increase it when the rendering of entries changes: stored entries are then rendered again."""
_STATUS = {
    Lifecycle.TENTATIVE: "TENTATIVE",
    Lifecycle.POSTPONED: "TENTATIVE",
    Lifecycle.CANCELLED: "CANCELLED",
    Lifecycle.WITHDRAWN: "CANCELLED",
}
_TITLE_MARK = {
    Lifecycle.CANCELLED: "[CANCELLED] ",
    Lifecycle.WITHDRAWN: "[CANCELLED] ",
    Lifecycle.POSTPONED: "[POSTPONED] ",
}
_LONGEST_TEXT = 140
"""Maximum characters of a description: a calendar of 1,000 events stays below 700 kB; the entry links to the rest."""
_SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n")
_VERSION_LINES = re.compile(rb"^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE)[:;].*\r\n", re.MULTILINE)


class Text(vText):
    """Text escaped in one pass: icalendar 7.3 turns a literal ``\\N`` (``C:\\New``) into a line break."""

    def to_ical(self) -> bytes:
        """Return the escaped text (RFC 5545 section 3.3.11)."""
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n").encode()


def start_entry(
    uid: str, title: str, lifecycle: Lifecycle, *, sequence: int, first_seen: datetime, changed_at: datetime
) -> Any:
    """Return a VEVENT with identity, version and title; the state is marked in the title as well as in STATUS."""
    entry = icalendar.Event()
    entry["UID"] = Text(f"{uid}@{UID_DOMAIN}")
    entry["DTSTAMP"] = entry["LAST-MODIFIED"] = vDatetime(changed_at.astimezone(UTC))
    entry["CREATED"] = vDatetime(first_seen.astimezone(UTC))
    entry["SEQUENCE"] = vInt(sequence)
    entry["SUMMARY"] = Text(clean_line(_TITLE_MARK.get(lifecycle, "") + title))
    entry["STATUS"] = Text(_STATUS.get(lifecycle, "CONFIRMED"))
    return entry


def set_span(entry: Any, start: date | datetime, end: date | datetime) -> None:
    """Set start and exclusive end; always set an end, because some programs invent one otherwise."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        start, end = start.astimezone(UTC), end.astimezone(UTC)
    else:
        end += timedelta(days=1)
        # A whole-day entry must not mark its days as busy.
        entry["TRANSP"] = Text("TRANSPARENT")
    entry.add("DTSTART", start)
    entry.add("DTEND", end)


def to_bytes(entry: icalendar.Component) -> bytes:
    """Return what ``entry.to_ical()`` returns, which folds letter by letter: that took a tenth of a first build."""
    return b"".join(_folded(line) + b"\r\n" for line in entry.content_lines() if line)


_LONGEST_LINE = 74
"""Maximum octets of a line (RFC 5545 section 3.1 allows 75, icalendar writes one less)."""


def _folded(line: Contentline) -> bytes:
    if not line.isascii():
        return bytes(line.to_ical())  # type: ignore[no-untyped-call]
    parts, rest = [], str(line)
    while len(rest) > _LONGEST_LINE:
        # No program has to put an escape together again.
        end = _LONGEST_LINE - (rest[_LONGEST_LINE - 1] in "\\^")
        parts.append(rest[:end])
        rest = rest[end:]
    return "\r\n ".join([*parts, rest]).encode()


def without_version_lines(vevent: bytes) -> bytes:
    """Return the entry without the lines of its version: the content visible to a subscriber."""
    return _VERSION_LINES.sub(b"", vevent)


def with_version(vevent: bytes, sequence: int, changed_at: datetime) -> bytes:
    """Return the entry with another version."""
    stamp = f"{changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode()
    values = {b"DTSTAMP": stamp, b"LAST-MODIFIED": stamp, b"SEQUENCE": str(sequence).encode()}
    return _VERSION_LINES.sub(lambda line: (name := line[0].partition(b":")[0]) + b":" + values[name] + b"\r\n", vevent)


def shortened(text: str) -> str:
    """Return a long text cut at the end of a sentence; an entry begins with the link to the rest."""
    if len(text) <= _LONGEST_TEXT:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text[: _LONGEST_TEXT + 1])]
    if ends and ends[-1] > _LONGEST_TEXT // 3:
        return f"{text[: ends[-1]].rstrip()} …"
    return f"{text[:_LONGEST_TEXT].rsplit(' ', 1)[0]} …"


def credit_line(sources: tuple[Attribution, ...]) -> str:
    """Return the sources of an event, with the credit that they require."""
    said = (f"{each.attribution or each.name} ({each.homepage})" for each in sources)
    return "Source: " + "; ".join(dict.fromkeys(said))
