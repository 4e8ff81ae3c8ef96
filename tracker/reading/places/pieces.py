"""Cuts out the pieces of text around a place: its sentence, its line, what stands shortly before and after it."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from tracker.reading.word_patterns import lowered

_MONTH = r"(?:Jan|J[äa]n|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
_STOPS = "|".join(
    rf"{mark}(?:(?<=[^\W\d_]{{3}}{mark})|(?<=[\d)\"]{mark}))\s+(?!{_MONTH})(?=[^\s\da-z])"
    for mark in (r"\.", "!", r"\?")
)
SENTENCE_END = re.compile(rf"{_STOPS}|\n")
"""The end of a sentence; "3. März" goes on."""
_LETTERS_BEFORE_STOP, _MOST_STOPS = 3, 8
_POSTCODE = 20
"""Characters before a place that may be its postcode."""
_REACH = 140
_LINE = 160
"""Characters of a line to either side that are searched; some texts are one line."""


def pieces_around(text: str, start: int, end: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return the pieces of text around a place, and the same in lower case."""
    line_start = max(text.rfind("\n", 0, start) + 1, start - _LINE)
    line_end = min(end_of_line(text, end), end + _LINE)
    begins, ends = _sentence(text, start, end)
    spans = {
        "before": (max(0, start - _REACH), start),
        "shortly before": (max(0, start - 40), start),
        "just before": (max(0, start - _POSTCODE), start),
        "after": (end, end + 60),
        "after in sentence": (end, ends),
        "sentence": (begins, start),
        "end of sentence": (max(begins, start - 50), start),
        "line": (line_start, line_end),
        "line before": (line_start, start),
    }
    lowered_text = lowered(text)
    pieces = {name: text[first:last] for name, (first, last) in spans.items()}
    lower = {name: lowered_text[first:last] for name, (first, last) in spans.items()}
    for each in (pieces, lower):
        each["whole sentence"] = f"{each['sentence']} {each['after in sentence']}"
    return pieces, lower


@lru_cache(maxsize=4)
def _sentence_ends(text: str) -> tuple[list[int], list[int]]:
    """Return where the sentences of a text end, and where the next ones begin."""
    found = [match.span() for match in SENTENCE_END.finditer(text)]
    return [start for start, _ in found], [end for _, end in found]


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence of a place begins and ends, within reach.

    A full stop immediately before or after the place does not count: it may belong to an abbreviation.
    """
    ends, begins = _sentence_ends(text)
    low, high = max(0, start - 2 * _REACH), min(len(text), end + _REACH)
    number = bisect_left(begins, start + 1)
    while number and begins[number - 1] == start and text[start - 1] != "\n":
        number -= 1
    first = begins[number - 1] if number and ends[number - 1] >= low else low
    number = bisect_left(ends, end)
    for at, following in zip(ends[number : number + _MOST_STOPS], begins[number : number + _MOST_STOPS], strict=True):
        if at >= high:
            break
        if text[at] == "\n" or at >= end + _LETTERS_BEFORE_STOP or (at > end and not text[at - 1].isalpha()):
            return first, at
        if (newline := text.find("\n", at, following)) >= 0:
            return first, newline
    return first, high


@lru_cache(maxsize=4)
def line_breaks(text: str) -> tuple[int, int]:
    """Return where the first and the last line end that are not empty; -1 if a text has one line."""
    stripped = text.rstrip("\n")
    return stripped.find("\n", len(text) - len(text.lstrip("\n"))), stripped.rfind("\n")


def end_of_line(text: str, start: int) -> int:
    """Return where the line of ``start`` ends."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end
