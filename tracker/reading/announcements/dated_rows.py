"""Reads lists of dates: what stands beside, below or above each says what it is for ("15 April | Applications due")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.reading.announcements.cues import cues, deadline_kind, pattern
from tracker.reading.announcements.surroundings import BRIEF, TextSpan, says_something

_WEEKDAY = (
    r"(?:mo|di|mi|do|fr|sa|so|ma|wo|vr|za|zo|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mi[eé]|jue|vie|s[aá]b|dom"
    r"|seg|ter|qua|qui|sex|gio)"
)
_MOVED_TO = r"(?:(?:extended|moved|verl[äa]ngert|prolong[ée]e?s?|ampliado|prorrogado|prorogato)\s+)?"
_LEADS_IN = (
    r"(?:by|to|until|from|on|bis(?: zum)?|ab|am|vom|le|jusqu.au|el|hasta el|il|entro il|fino al|at[eé]|em|op|tot)"
)
_BEGINS_LINE = re.compile(
    rf"[^\w\n]*(?:(?:\d{{1,2}}[.)|]|[a-z]\))[^\w\n]*)?(?:{_WEEKDAY}[^\w\n]+)?(?P<lead>{_MOVED_TO}{_LEADS_IN}[^\w\n]+)?",
    re.IGNORECASE,
)
"""Before a date that comes first: marks, the number of an item, a weekday beside the date, a small word."""
_BESIDE = re.compile(
    r"\*{0,3}[\]).]?\*{0,3}[^\S\n]*(?:\([^()\n]{2,25}\)[^\S\n]*)?(?:[|:;,=>→–—-]+|\.{2,}|(?:\.\s){2,}\.?|…|\t|[^\S\n]{2,}|(?=[^\S\n]))"
    r"[^\S\n|]*(?P<said>[^\n|;·•\t]+)"
)
"""What follows a date on its line: a mark and the next cell."""
_BETWEEN_ITEMS = (r"//", r"\s/\s", r"[·•]", r"\|", r";", r"\),", r"\s+(?=\[)")
"""What may part the items of a list in one line; the first that leaves one date in each is taken."""
_BELOW = re.compile(r"[^\w\n]*(?P<gap>(?:\n[^\w\n]*){1,3})(?=\w)(?P<said>[^\n]+)")
"""A line without a date: it is looked for up to the next one, and has to end before."""
_ABOVE = re.compile(r"(?P<said>[^\n]*\w[^\w\n]*)(?P<gap>(?:\n[^\w\n]*){1,3})\Z")
_DATE_WORD = r"(?:key |important )?(?:dates?|datum|termine?|fechas?|datas?|when|wann)(?: importantes?)?"
_OTHER_WORDS = (
    r"(?:what|who|events?|activity|was|wer|ereignis|actividad|qui[eé]n|[eé]tapes?|objet|quoi|evento|atividade|cosa|chi|wat|wie"
    r"|onderdeel|hito)"
)
_DATES_FIRST = re.compile(rf"\W*{_DATE_WORD}(?:\s+{_OTHER_WORDS}){{0,3}}\W*", re.IGNORECASE)
_DATES_LAST = re.compile(rf"\W*(?:{_OTHER_WORDS}\s+){{1,3}}{_DATE_WORD}\W+", re.IGNORECASE)
"""The headings of a table that lost its marks: "Date Event 12 May 2027 Abstracts due …"."""
_SENTENCE_END = re.compile(r"[.!?]\s")
_OF_NEXT = re.compile(r"\s*[(;]|[.!?]\s|\s[–—-]\s")
_FEWEST, _FEWEST_ITEMS = 2, 3
"""Minimum number of rows of a list, and of items of one in a single line."""


@dataclass(frozen=True, slots=True)
class DatedRow:
    """What is said of a date in a list."""

    said: str
    lead: str = ""
    """The small word before the date: "by"."""
    is_label: bool = False
    """Whether it stands before the date or on the line above, as labels do in running text, too."""
    may_be_event: bool = False
    """Whether the date may be the event's although the words do not tell: "Webinar, 17 April"."""


@dataclass(frozen=True, slots=True)
class _Alone:
    """A date alone on its line."""

    start: int
    below: str
    above: str
    gap_below: int
    """Line breaks to the line below."""
    gap_above: int
    is_headed: bool
    """Whether the line above is the first of the text."""


def dated_rows(text: str, spans: Sequence[TextSpan]) -> dict[int, DatedRow]:
    """Return what is said of the dates of a list, by the start of the date."""
    beside: dict[int, DatedRow] = {}
    labelled: dict[int, DatedRow] = {}
    items: dict[int, DatedRow] = {}
    alone: list[_Alone] = []
    earlier_end = 0
    for number, span in enumerate(spans):
        line_start, line_end = _line_of(text, span)
        next_start = spans[number + 1].start if number + 1 < len(spans) else len(text)
        in_line = [other for other in spans if line_start <= other.start < line_end]
        if len(in_line) >= _FEWEST_ITEMS:
            if span is in_line[0]:
                items |= _items(text, in_line, line_start, line_end)
        elif (begins := _BEGINS_LINE.fullmatch(text, line_start, span.start)) is not None:
            found = _BESIDE.match(text, span.end, next_start)
            if found and says_something(found["said"]):
                # "13 April: outing (register by 30 March)": the last words are those of the other date.
                said = found["said"] if len(in_line) == 1 else _OF_NEXT.split(found["said"])[0]
                beside[span.start] = DatedRow(said.strip(), begins["lead"] or "")
            elif row := _alone(text, span, earlier_end, next_start):
                alone.append(row)
        elif len(in_line) == 1 and not says_something(text[span.end : line_end]):
            labelled[span.start] = DatedRow(text[line_start : span.start].strip(), is_label=True, may_be_event=True)
        earlier_end = span.end
    is_table = any(text.startswith(("|", " |"), span.end) for span in spans)
    rows = beside if len(beside) >= _FEWEST or is_table else {}
    rows = rows | (labelled if len(labelled) >= _FEWEST_ITEMS else {}) | items
    return rows | dict(_settled(alone) if len(alone) >= _FEWEST else ())


def _line_of(text: str, span: TextSpan) -> tuple[int, int]:
    line_end = text.find("\n", span.end)
    return text.rfind("\n", 0, span.start) + 1, line_end if line_end >= 0 else len(text)


def _items(text: str, spans: Sequence[TextSpan], start: int, end: int) -> dict[int, DatedRow]:
    """Return what is said of the dates of a list in one line: "1 May (registration opens), 3 June (it closes)"."""
    for mark in _BETWEEN_ITEMS:
        ends = [*(found.span() for found in re.finditer(mark, text[start:end])), (end - start, end - start)]
        begin, rows = start, {}
        for before, after in ends:
            inside = [span for span in spans if begin <= span.start and span.end <= start + before]
            if len(inside) == 1:
                span = inside[0]
                after_it = _SENTENCE_END.split(text[span.end : start + before])[0]
                said = f"{text[begin : span.start]} {after_it}".strip(" ()[]:.,-–—=\t")
                before_it = text[begin : span.start]
                if span is spans[0]:  # "Key dates: …"
                    said, before_it = said.rpartition(": ")[2], before_it.rpartition(":")[2]
                names_event = pattern("kinds_of_event").search(said) is not None
                rows[span.start] = DatedRow(said, is_label=says_something(before_it), may_be_event=names_event)
            begin = start + after
        if len(rows) == len(spans) and all(
            says_something(row.said) and len(row.said) <= BRIEF for row in rows.values()
        ):
            return rows
    head = text[start : spans[0].start]
    rows = {}
    if _DATES_FIRST.fullmatch(head):  # a table without any marks
        ends_of = [*(span.start for span in spans[1:]), end]
        rows = {span.start: DatedRow(text[span.end : to].strip()) for span, to in zip(spans, ends_of, strict=True)}
    elif (heads := _DATES_LAST.match(head)) is not None:
        begins = [start + heads.end(), *(span.end for span in spans[:-1])]
        rows = {span.start: DatedRow(text[at : span.start].strip()) for span, at in zip(spans, begins, strict=True)}
    return rows if all(len(row.said) <= 2 * BRIEF for row in rows.values()) else {}


def _alone(text: str, span: TextSpan, earlier_end: int, next_start: int) -> _Alone | None:
    if says_something(text[span.end : _line_of(text, span)[1]]):
        return None
    below = _BELOW.match(text, span.end, next_start)
    is_free = below is not None and (
        below.end() == len(text) or text[below.end()] == "\n" or len(below["said"].split()) > _FEWEST
    )
    above = _ABOVE.search(text, max(earlier_end, span.start - 2 * BRIEF), span.start)
    return _Alone(
        span.start,
        below["said"].strip() if below and is_free else "",
        above["said"].strip() if above else "",
        below["gap"].count("\n") if below else _FEWEST,
        above["gap"].count("\n") if above else _FEWEST,
        above is not None and not says_something(text[: above.start("said")]),
    )


def _settled(rows: Sequence[_Alone]) -> Iterator[tuple[int, DatedRow]]:
    """Yield what is said of dates that stand alone on their lines: below all of them, or above all of them."""
    nearer_below = sum(row.gap_below < row.gap_above for row in rows[1:])
    nearer_above = sum(row.gap_below > row.gap_above for row in rows[1:])
    first, last = rows[0], rows[-1]
    if nearer_below != nearer_above:
        is_below = nearer_below > nearer_above
    elif not last.below or first.above.endswith(":"):
        is_below = False
    elif not first.above or first.above.endswith((".", "!")) or pattern("heads_dates").search(first.above):
        is_below = True
    else:
        is_below = _says_what_for(last.below) and (first.is_headed or cues("roles").search(first.above) is None)
    if is_below and 2 * sum(bool(row.below) for row in rows) > len(rows):
        yield from ((row.start, DatedRow(row.below)) for row in rows if row.below)
    elif not is_below and sum(bool(row.above) for row in rows) >= _FEWEST:
        labels = (DatedRow(row.above, is_label=True) for row in rows)
        yield from ((row.start, label) for row, label in zip(rows, labels, strict=True) if _is_label(row.above))


def _is_label(line: str) -> bool:
    """Return whether a line above a date is more than the title of the event."""
    if cues("roles").search(line) or deadline_kind(line, "", ""):
        return True
    return any(pattern(name).search(line) for name in ("opens_in_row", "closes_in_row", "told_in_row", "pays_in_row"))


def _says_what_for(line: str) -> bool:
    is_label = len(line) <= BRIEF and not line.endswith((".", "?", "!"))
    return is_label and (cues("roles").search(line) or pattern("kinds_of_event").search(line)) is not None
