"""Finds what is said of dates that come first: "15 April | Application deadline", or the deadline on the line below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.reading.announcements.cues import cues, deadline_kind, pattern
from tracker.reading.announcements.surroundings import BRIEF, TextSpan, says_something

_NEXT_CELL = re.compile(r"[^\S\n]*\|[^\S\n]*(?!\|)([^\n|]+)")
_LINE_BELOW = re.compile(r"[^\S\n]*(?:\n[^\S\n]*){1,2}(?=\S)([^\n]+)")
"""A line without a date: it is looked for up to the next one, and has to end before."""
_LINE_ABOVE = re.compile(r"([^\n]*\S)[^\S\n]*(?:\n[^\S\n]*){1,2}\Z")
_HEADING = re.compile(r"\b(?:dates|timeline|termine|fristen|fechas|datas|data|date importanti)\b\W*\Z", re.IGNORECASE)
"""What stands above such a list."""
_LIST_MARKS = re.compile(r"[\s|•·*–-]*")


def dated_rows(text: str, spans: Sequence[TextSpan]) -> dict[int, str]:
    """Return what stands beside or below the dates that come first, by the start of the date.

    Below counts only in a list of at least two such dates in which the last line, not the first, says what a date is
    for: elsewhere the line above does.
    """
    found: dict[int, str] = {}
    below: list[tuple[TextSpan, str]] = []
    for number, span in enumerate(spans):
        line_start = text.rfind("\n", 0, span.start) + 1
        if _LIST_MARKS.fullmatch(text, line_start, span.start) is None:
            continue
        next_start = spans[number + 1].start if number + 1 < len(spans) else len(text)
        if (cell := _NEXT_CELL.match(text, span.end, next_start)) and says_something(cell[1]):
            found[span.start] = cell[1].strip()
        elif (line := _LINE_BELOW.match(text, span.end, next_start)) and _ends_line(text, line.end()):
            below.append((span, line[1].strip()))
    if len(below) > 1 and _says_what_for(below[-1][1]) and not _is_labelled_above(text, below[0][0]):
        found |= {span.start: line for span, line in below}
    return found


def _ends_line(text: str, at: int) -> bool:
    return at == len(text) or text[at] == "\n"


def _is_labelled_above(text: str, first: TextSpan) -> bool:
    above = _LINE_ABOVE.search(text, max(0, first.start - 2 * BRIEF), first.start)
    if above is None or _HEADING.search(above[1]):
        return False
    return (cues("roles").search(above[1]) or deadline_kind(above[1], "", "")) is not None


def _says_what_for(line: str) -> bool:
    is_label = len(line) <= BRIEF and not line.endswith((".", "?", "!"))
    return is_label and (cues("roles").search(line) or pattern("kinds_of_event").search(line)) is not None
