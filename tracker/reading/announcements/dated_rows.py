"""Reads lists of dates: what stands beside, below or above each says what it is for ("15 April | Applications due")."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.cues import SENT_IN, cues, deadline_kind, pattern, says_deadline
from tracker.reading.announcements.date_role import APPLYING, DateRole, Role
from tracker.reading.announcements.surroundings import BRIEF, TextSpan, says_something

_WEEKDAY = (
    r"(?:mo|di|mi|do|fr|sa|so|ma|wo|vr|za|zo|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mi[eé]|jue|vie|s[aá]b|dom"
    r"|seg|ter|qua|qui|sex|gio)"
)
_BEGINS_LINE = re.compile(rf"[^\w\n]*(?:\d{{1,2}}[.)|][^\w\n]*)?(?:{_WEEKDAY}[^\w\n]+)?", re.IGNORECASE)
"""Before a date that comes first: marks, the number of an item, and a weekday that is not read as part of the date."""
_BEGINS_ITEM = re.compile(rf"(?:[·•|;]|\s/|[.:!?])\s+[^\w\n.]*(?:{_WEEKDAY}[^\w\n]+)?\Z", re.IGNORECASE)
"""The same in a list that stands in one line."""
_BESIDE = re.compile(
    r"[\]).]?[^\S\n]*(?:\([^()\n]{2,25}\)[^\S\n]*)?(?P<mark>[|:;,=>→–—-]+|\.{2,}|…|\t|[^\S\n]{2,}|(?=[^\S\n]))"
    r"[^\S\n|]*(?P<said>[^\n|;·•\t]+)"
)
"""What follows a date on its line: a mark and the next cell."""
_ITEM_END = re.compile(r"\s/\s|[.!?](?=\s)")
_BELOW = re.compile(r"[^\S\n]*(?P<gap>(?:\n[^\S\n]*){1,2})(?=\S)(?P<said>[^\n]+)")
"""A line without a date: it is looked for up to the next one, and has to end before."""
_ABOVE = re.compile(r"(?P<said>[^\n]*\S)[^\S\n]*(?P<gap>(?:\n[^\S\n]*){1,2})\W*\Z")
_HEADING = re.compile(
    r"\b(?:dates|timeline|milestones?|calendar|termine|fristen|fechas?|hito|datas?|date importanti|wat|was)\b\W*\Z",
    re.IGNORECASE,
)
"""What stands above such a list."""
_FEWEST, _FEWEST_ITEMS = 2, 3
"""Minimum number of rows of a list, and of items of one in a single line."""


@dataclass(frozen=True, slots=True)
class DatedRow:
    """What is said of a date in a list."""

    said: str
    is_above: bool = False
    """Whether it stands on the line above, as a label does in running text, too."""


@dataclass(frozen=True, slots=True)
class _Alone:
    """A date alone on its line."""

    start: int
    below: str
    above: str
    gap_below: int
    """Line breaks to the line below."""
    gap_above: int


def dated_rows(text: str, spans: Sequence[TextSpan]) -> dict[int, DatedRow]:
    """Return what is said of the dates that come first in a list, or alone on their lines, by the start of the date."""
    ends = [*(span.start for span in spans[1:]), len(text)] if spans else []
    beside: dict[int, DatedRow] = {}
    items: dict[int, DatedRow] = {}
    alone: list[_Alone] = []
    earlier_end = 0
    for span, next_start in zip(spans, ends, strict=True):
        line_start = text.rfind("\n", 0, span.start) + 1
        begins_line = _BEGINS_LINE.fullmatch(text, line_start, span.start) is not None
        found = _BESIDE.match(text, span.end, next_start)
        said = found["said"].strip() if found and says_something(found["said"]) else ""
        if begins_line and said:
            beside[span.start] = DatedRow(said)
        elif begins_line and (row := _alone(text, span, earlier_end, next_start)) is not None:
            alone.append(row)
        earlier_end = span.end
        if found and said and found["mark"] and (begins_line or _BEGINS_ITEM.search(text, line_start, span.start)):
            items[span.start] = DatedRow(_ITEM_END.split(said)[0])
    if len(items) >= _FEWEST_ITEMS and len(items) > len(beside):
        return items
    is_table = any(text.startswith("|", span.end) or text.startswith(" |", span.end) for span in spans)
    rows = beside if len(beside) >= _FEWEST or is_table else {}
    return rows | dict(_settled(alone) if len(alone) >= _FEWEST else ())


def _alone(text: str, span: TextSpan, earlier_end: int, next_start: int) -> _Alone | None:
    line_end = text.find("\n", span.end)
    if says_something(text[span.end : line_end if line_end >= 0 else len(text)]):
        return None
    below = _BELOW.match(text, span.end, next_start)
    is_free = below is not None and (below.end() == len(text) or text[below.end()] == "\n")
    above = _ABOVE.search(text, max(earlier_end, span.start - 2 * BRIEF), span.start)
    return _Alone(
        span.start,
        below["said"].strip() if below and is_free else "",
        above["said"].strip() if above else "",
        below["gap"].count("\n") if below else _FEWEST,
        above["gap"].count("\n") if above else _FEWEST,
    )


def _settled(rows: Sequence[_Alone]) -> Iterator[tuple[int, DatedRow]]:
    """Yield what is said of dates that stand alone on their lines: below all of them, or above all of them."""
    nearer_below = sum(row.gap_below < row.gap_above for row in rows[1:])
    nearer_above = sum(row.gap_below > row.gap_above for row in rows[1:])
    first, last = rows[0], rows[-1]
    is_labelled = (cues("roles").search(first.above) or deadline_kind(first.above, "", "")) is not None
    if nearer_below != nearer_above:
        is_below = nearer_below > nearer_above
    elif not first.above or _HEADING.search(first.above):
        is_below = True
    else:
        is_below = not is_labelled and _says_what_for(last.below)
    if is_below:
        yield from ((row.start, DatedRow(row.below)) for row in rows if row.below)
    elif is_labelled:
        yield from ((row.start, DatedRow(row.above, is_above=True)) for row in rows if row.above)


def _says_what_for(line: str) -> bool:
    is_label = len(line) <= BRIEF and not line.endswith((".", "?", "!"))
    return is_label and (cues("roles").search(line) or pattern("kinds_of_event").search(line)) is not None


def role_in_row(purpose: DateRole, said: str, span: TextSpan) -> DateRole:
    """Return the role of a date in such a list, which is told by few words: "1 May – abstracts", "4 Sep – first day".

    Args:
        purpose: the role that the words have in running text.
        said: the words.
        span: the date.
    """
    kind = deadline_kind("", said, "")
    role, is_window = purpose.role, span.is_range and not span.is_coarse
    may_be_event = role in {Role.UNSPECIFIED, Role.OTHER, Role.EVENT}
    if (may_be_event or role is Role.DEADLINE) and pattern("opens_in_row").search(said):
        role = Role.OPENS
    elif may_be_event and pattern("closes_in_row").search(said):
        role = Role.DEADLINE
    elif (may_be_event or (role is Role.DEADLINE and not says_deadline(said))) and pattern("told_in_row").search(said):
        role = Role.NOTIFICATION
    elif kind in _SENT_IN and _is_sent_in(role, said, is_window=is_window):
        role = Role.WINDOW if is_window else Role.DEADLINE
    elif (may_be_event or (role is Role.DEADLINE and kind is None)) and pattern("ends_in_row").search(said):
        role = Role.ENDS
    elif may_be_event and pattern("starts_in_row").search(said):
        role = Role.STARTS
    elif role is Role.STARTS and kind in _APPLIED_FOR and pattern("kinds_of_event").search(said) is None:
        role = Role.OPENS  # "26 May – early registration begins"
    elif role is Role.OPENS and kind is None and pattern("call_in_row").search(said) is None:
        role = Role.STARTS  # "23 October – opening of the symposium"
    return purpose if role is purpose.role else replace(purpose, role=role, deadline=kind, is_weak=False)


def has_deadline_row(purposes: Sequence[DateRole], spans: Sequence[TextSpan], rows: Collection[int]) -> bool:
    """Return whether any date of such a list has to do with applying."""
    return any(purpose.role in APPLYING and span.start in rows for purpose, span in zip(purposes, spans, strict=True))


def settle_rows(purposes: Sequence[DateRole], spans: Sequence[TextSpan], rows: Collection[int]) -> list[DateRole]:
    """Return the roles, with dates of such a list of which nothing is said as other ones: "3 May: panel meets".

    The last may be that of the event: "20 May – the day itself".
    """
    last = max(rows, default=-1)
    return [
        replace(purpose, role=Role.OTHER)
        if span.start in rows and span.start < last and purpose.role is Role.UNSPECIFIED
        else purpose
        for purpose, span in zip(purposes, spans, strict=True)
    ]


def _is_sent_in(role: Role, said: str, *, is_window: bool) -> bool:
    return (role is Role.UNSPECIFIED and len(said) <= _FEW_WORDS) or (role is Role.DEADLINE and is_window)


_APPLIED_FOR = {DeadlineKind.APPLICATION, DeadlineKind.REGISTRATION, DeadlineKind.EARLY_BIRD, DeadlineKind.SUBMISSION}
_FEW_WORDS = 40
_SENT_IN = SENT_IN | {DeadlineKind.APPLICATION, DeadlineKind.SUBMISSION} - {DeadlineKind.CAMERA_READY}
