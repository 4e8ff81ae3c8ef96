"""Finds the column heading above each date in a table: "Round | Opens | Closes" says what the dates below are for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.reading.announcements.cues import cues
from tracker.reading.announcements.surroundings import TextSpan

_CELL_END = re.compile(r"[^\S\n]*\|[^\S\n]*|\t+|[^\S\n]{2,}")
_FEWEST_CELLS = 3
_OF_DATES = re.compile(r"\W*(?:dates?|datum|fechas?|datas?|when|wann|quand|termine?|days?|tag)\W*", re.IGNORECASE)
"""The heading of the dates themselves says nothing of what they are for."""
_DIGIT = re.compile(r"\d")
Cells = list[tuple[int, int]]
"""Start and end of each cell of a row in the text."""


def table_headings(text: str, spans: Sequence[TextSpan]) -> dict[int, str]:
    """Return the headings of the dates that stand below one, by the start of the date.

    A table has cells separated by bars, tabs or two blanks, at least three in each row; its headings have no digits.
    A heading counts if it says what a date is for: "Closes", but not "Track A".
    """
    found: dict[int, str] = {}
    if len(spans) < 2 or _CELL_END.search(text) is None:
        return found
    headings: list[str] = []
    for cells in (_cells(text, start, end) for start, end in _lines(text)):
        row = [text[start:end] for start, end in cells]
        if _are_headings(row):
            headings = row
        elif len(row) != len(headings):
            headings = []
        for (start, end), heading in zip(cells, headings, strict=False):
            if cues("roles").search(heading) and not _OF_DATES.fullmatch(heading):
                found |= {span.start: heading for span in spans if start <= span.start and span.end <= end}
    return found


def _are_headings(row: Sequence[str]) -> bool:
    is_wide = len(row) >= _FEWEST_CELLS and not any(map(_DIGIT.search, row))
    return is_wide and any(cues("roles").search(each) for each in row)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _cells(text: str, start: int, end: int) -> Cells:
    while start < end and (text[start].isspace() or text[start] == "|"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] == "|"):
        end -= 1
    ends = [match.span() for match in _CELL_END.finditer(text, start, end)]
    return list(zip([start, *(after for _, after in ends)], [*(before for before, _ in ends), end], strict=True))
