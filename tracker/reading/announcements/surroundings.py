"""The words around a date: the clause before and after it, the label above, the rest of its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from tracker.reading.announcements.cues import pattern

_GERMAN_MONTH = r"(?:Jan|J[äa]n|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
_TITLES = "".join(rf"(?<!\s{title}\.)" for title in ("Prof", "Dr", "Mr", "Mrs", "Ms", "Sr", "Sra", "St"))
_ENDS = "|".join(
    rf"{mark}{_TITLES}(?<!\s[A-ZÀ-Þ]{mark})(?:(?<!\d{mark})|(?=\s++(?!{_GERMAN_MONTH})))\s+(?=[^\s\da-z])"
    for mark in (r"\.", "!", r"\?")
)
SENTENCE_END = re.compile(rf"{_ENDS}|;|\||•|·|\n")
_HEADING = re.compile(
    r"(?:^|[.;:?!•|]\s)\W*([^\W\d](?:[^.;:?|\n\d]{2,30}(?=\.)|[^.;:?|\n\d]{2,80}\?|[^.;:?|\n\d]{2,60}(?=\|)))[.|]?\s*\Z",
    re.MULTILINE,
)
"""What heads the next sentence or cell: "1.4. Inscripción. Hasta el 2 de octubre", "Bis wann? Am 3. Mai"."""
_SAID_OF = re.compile(r"\s*(?:\([^()\n]*\)\s*)?[:–—-]\s+")
"""Between a date and what is said of it: "1 May (Saturday): last day to register"."""
_FULL_STOP = re.compile(r"(?:[^\W\d]{4}|\d|\))[.!?]\s+\Z")
_FULL_STOPS = frozenset(".!?")
LABEL = re.compile(r"\W*[^:\n]{2,60}(?:\([^():\n]{2,60}\)\s?)?(?::|\||\.{3,}|…)[\s.…]*\Z")
"""A label before a date."""
_REACH = 160
BRIEF = 60
"""Characters of a text or label that is hardly more than a date."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Position of a date in its text."""

    start: int
    end: int
    is_coarse: bool = False
    """True for a month, season or year: "Spring 2027" names a cohort more often than a deadline."""
    is_range: bool = False
    """True if it has an end."""
    month_and_day: tuple[int, int] = (0, 0)
    """Of its first day."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words around one date."""

    before: str
    """The clause before the date, on its own line."""
    after: str
    """The clause after it."""
    label: str
    """The line above, if the date begins its line."""
    sentence: str
    """Everything before the date in its sentence, other dates included."""
    rest: str
    """Everything after the date in its sentence, other dates included."""
    has_next: bool = False
    """True if another date follows ``after`` immediately."""
    is_answer: bool = False
    """True if ``label`` is a question, and the date begins the answer."""
    is_cell: bool = False
    """True if ``label`` is the cell before that of the date: "Conference | 27-29 October"."""


NOWHERE = Surroundings("", "", "", "", "")
"""Of a date that stands in no text."""


@lru_cache(maxsize=4)
def _sentence_ends(text: str) -> tuple[list[int], list[int]]:
    """Return where the sentences of a text end, and where the next ones begin."""
    found = [match.span() for match in SENTENCE_END.finditer(text)]
    return [start for start, _ in found], [end for _, end in found]


def surroundings_of(text: str, spot: TextSpan, earlier_end: int, later_start: int) -> Surroundings:
    """Return the words around a date; ``earlier_end`` and ``later_start`` are where its neighbours end and begin."""
    low = max(0, spot.start - _REACH)
    ends, begins = _sentence_ends(text)
    number = bisect_right(begins, spot.start)
    start_of_sentence = begins[number - 1] if number and ends[number - 1] >= low else low
    if text[low : spot.start].rstrip()[-1:] in _FULL_STOPS and _FULL_STOP.search(text, low, spot.start):
        start_of_sentence = spot.start
    is_headed = text[low:start_of_sentence].rstrip()[-1:] in {".", "?", "|"}
    heading = _HEADING.search(text, low, start_of_sentence) if is_headed else None
    sentence = text[start_of_sentence : spot.start]
    before = text[max(start_of_sentence, earlier_end) : spot.start]
    reach = min(later_start, spot.end + _REACH)
    end, stop = _sentence_end(text, spot.end, reach), _sentence_end(text, spot.end, spot.end + _REACH)
    label = ""
    line_start = text.rfind("\n", low, spot.start)
    leads_in = pattern("leads_in").fullmatch(before) is not None
    if line_start > earlier_end and (
        (leads_in and heading is None) or not says_something(text[line_start : spot.start])
    ):
        above = text[max(low, earlier_end) : line_start].rstrip()
        # A line with a date of its own is not a label of the next line.
        is_free = earlier_end == 0 or "\n" in above
        label = above.rsplit("\n", 1)[-1] if is_free else ""
        line_end = text.find("\n", spot.end)
        ends_line = not says_something(text[spot.end : line_end if line_end >= 0 else len(text)])
        is_heading = label.endswith("?") or (ends_line and len(label) <= BRIEF * 2 and not label.endswith((".", ",")))
        label = label if is_heading or not says_something(before) else ""
    if heading and earlier_end and _SAID_OF.fullmatch(text, earlier_end, heading.start(1)):
        heading = None  # "1 May: last day to register. 15 May: …" says it of the earlier date
    is_first = earlier_end <= start_of_sentence  # what heads a list is said of its other dates by the first
    label = label or (heading[1] if heading and is_first else "")
    is_answer = leads_in and label.endswith("?")
    after = text[spot.end : reach if end is None else end]
    if (opening := before.rfind("(")) >= 0 and ")" not in before[opening:] and says_something(before[opening:]):
        # In "Applications for the school (Tilburg, 3–14 August) are closed", what is outside is not about the date.
        label = label or before[:opening].rsplit("\n", 1)[-1][-BRIEF:]
        before, after = before[opening + 1 :], after.split(")")[0]
    rest = text[spot.end : spot.end + _REACH if stop is None else stop]
    has_next = end is None and later_start <= spot.end + _REACH and later_start < len(text)
    is_cell = heading is not None and text[low:start_of_sentence].rstrip().endswith("|")
    return Surroundings(before, after, label, sentence, rest, has_next, is_answer, is_cell)


def _sentence_end(text: str, start: int, reach: int) -> int | None:
    """Return where the sentence at ``start`` ends, if it does before ``reach``."""
    ends, begins = _sentence_ends(text)
    number = bisect_left(ends, start)
    is_within_end = number > 0 and begins[number - 1] > start  # "6 p.m.", where a line ends too
    if is_within_end or (number < len(ends) and begins[number] == reach):
        end = SENTENCE_END.search(text, start, reach)
        return end.start() if end else None
    return ends[number] if number < len(ends) and begins[number] <= reach else None


def says_something(text: str) -> bool:
    """Return whether a piece of text has letters."""
    return any(char.isalpha() for char in text)
