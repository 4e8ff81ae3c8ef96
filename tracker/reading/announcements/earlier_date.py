"""Tells what a date takes from the one before: the role of a list, the end of a window, a new date for an old one."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.cues import SENT_IN, cues, deadline_kind, kind_in, pattern, says_deadline
from tracker.reading.announcements.date_role import APPLYING, DateRole, Role
from tracker.reading.announcements.nearest_cue import ADJACENT, last_match
from tracker.reading.announcements.surroundings import LABEL, SENTENCE_END, Surroundings, TextSpan, says_something

_LISTED = re.compile(
    r"\s*(?:,|\b(?:and|or|und|oder|sowie|et|ou|y|o|e|ed|en)\b|&)"
    r"(?:\s*(?:and|or|und|oder|et|ou|y|e|en))?\s*(?:(?:the|der|den|am|op|on|le|les|el|il|l['’]|em|os?)\s*)?"
)
_CONTINUES = re.compile(
    r"[^\n.]{0,30}?(?:,|\b(?:and|or|und|oder|sowie|et|ou|y|o|e|ed|en|of)\b|&|/)\s*"
    r"(?:(?:by|until|bis(?: zum)?|le|el|il|em|op|am|den|os?) )?"
)
_AND_OTHERS = re.compile(
    r"\s*,?\s*(?:and|und|et|y|e|en)\s([^,.;\n\d]{3,40}?)\s(?:by|on|le|am|bis(?: zum)?|el|il|op|em|at[eé])\s"
)
_NEXT_CELL = re.compile(r"[^\S\n]*(?:\n|\||[^\S\n]{2})[^\S\n]*[|•*-]?[^\S\n]*")
"""Between two dates of a list or of one row of a table: "Submission | 2 May | 9 May"."""
_SIDE_BY_SIDE = re.compile(r" ?(?:\*\*)? (?:\*\*)?")
_LEAST_LATER, _MOST_LATER = 3, 50
"""Number of days by which an extended deadline, or an event that was moved, is later."""
_IS_DUE = frozenset({Role.DEADLINE, Role.NOTIFICATION})


def after_another(
    previous: DateRole, purpose: DateRole, between: str, around: Surroundings, *, is_replacement: bool
) -> tuple[DateRole, DateRole]:
    """Return the roles of a date and the one after it, each with what the other says about it.

    Args:
        previous: role of the date before.
        purpose: role of the date, by its own words.
        between: the text between them.
        around: the words around the later date.
        is_replacement: whether the date stands right behind an old one, see ``replaces_date_before``.
    """
    if _is_moved(previous.around.before, between):
        purpose = _replacing(purpose, previous, around)
        previous = replace(previous, role=Role.SUPERSEDED, is_weak=False)
    if is_replacement and previous.role is Role.EVENT and LABEL.match(previous.around.before):
        return replace(previous, role=Role.SUPERSEDED), replace(previous, replaces=True)
    is_due = previous.role in _IS_DUE and (previous.deadline is not None or not previous.is_weak)
    if is_replacement and purpose.is_weak and is_due:
        purpose = replace(previous, is_weak=False, replaces=True)
        previous = replace(previous, role=Role.SUPERSEDED)
    if purpose.replaces and previous.role in APPLYING:
        purpose = replace(purpose, role=Role.DEADLINE, deadline=previous.deadline)
    if previous.role is Role.OPENS and (purpose.role is Role.ENDS or SENTENCE_END.search(between) is None):
        purpose = _closing(purpose, previous, between)
    is_listed = _LISTED.fullmatch(between) is not None
    if purpose.is_weak or (is_listed and cues("roles").search(around.after[:ADJACENT]) is None):
        purpose = replace(_continued(purpose, previous, between, around.after), is_listed=is_listed)
    return previous, purpose


def replaces_date_before(text: str, old: TextSpan, new: TextSpan) -> bool:
    """Return whether a date stands right behind a somewhat earlier one and ends its cell: "28 March 2027 8 April 2027".

    The earlier one was struck through.
    """
    later = [(each.month_and_day[0] * _MONTH + each.month_and_day[1]) for each in (old, new)]
    apart = (later[1] - later[0]) % (12 * _MONTH)
    return (
        _SIDE_BY_SIDE.fullmatch(text, old.end, new.start) is not None
        and old.is_range == new.is_range
        and not (old.is_coarse or new.is_coarse)
        and _LEAST_LATER <= apart <= _MOST_LATER
        and _ENDS_CELL.match(text, new.end) is not None
    )


_ENDS_CELL = re.compile(r"[^\S\n]*[*.;]*[^\S\n]*(?:$|[|(\[])|(?=[^\S\n]\d)", re.MULTILINE)
_MONTH = 31


def _is_moved(before: str, between: str) -> bool:
    """Return whether a date replaces the one before it: "not on 1 March but on 5 May", "vom 1. März auf den 5. Mai"."""
    is_put_right = pattern("but_rather").fullmatch(between) and pattern("negation").search(before)
    return bool(is_put_right or (pattern("moved_to").fullmatch(between) and pattern("moved_from").search(before)))


def _replacing(purpose: DateRole, previous: DateRole, around: Surroundings) -> DateRole:
    """Return the role of a date that replaces the one before it."""
    kind = deadline_kind(around.sentence, "", "")
    is_due = (
        kind is not None
        or previous.role in APPLYING
        or says_deadline(f"{around.sentence} {around.after} {around.label}")
    )
    role = Role.DEADLINE if is_due else Role.EVENT
    return replace(purpose, role=role, deadline=kind, is_weak=False, replaces=True)


def _closing(purpose: DateRole, opening: DateRole, between: str) -> DateRole:
    """Return the deadline after an opening in one sentence: "opens on 1 March and ends on 3 May", "… until 3 May"."""
    weak = last_match(cues("weak"), between)
    is_until = weak is not None and weak.lastgroup == "deadline" and purpose.is_weak
    if purpose.role is not Role.ENDS and not is_until:
        return purpose
    return replace(purpose, role=Role.DEADLINE, deadline=purpose.deadline or opening.deadline, is_weak=False)


def _continued(purpose: DateRole, previous: DateRole, between: str, after: str) -> DateRole:
    """Carry over the role of the previous date: "by 5 October for priority, 25 October at the latest".

    A date in parentheses after a deadline only repeats it: "(4:59am PT on the 19th)".
    """
    is_for_others = (
        pattern("for_others").search(between) is not None or pattern("for_others").match(after.lstrip()) is not None
    )
    is_repeated = between.strip(" ,–—-")[:1] in {"(", "="} and not is_for_others
    if previous.role is Role.DEADLINE and is_repeated:
        return replace(purpose, role=Role.OTHER)
    is_alternative = previous.role is Role.DEADLINE and is_for_others
    if is_alternative and between.lstrip().startswith("("):
        return replace(purpose, role=Role.DEADLINE, deadline=previous.deadline)
    joined = _AND_OTHERS.fullmatch(between)
    if previous.role is Role.DEADLINE and joined is not None and kind_in(joined[1]) in SENT_IN:
        return replace(purpose, role=Role.DEADLINE, deadline=kind_in(joined[1]))  # "… and full papers on 3 May"
    is_labelled = previous.role is Role.DEADLINE and not previous.is_weak and LABEL.match(between.lstrip(" ;,.\n"))
    if is_labelled and kind_in(between) is DeadlineKind.REGISTRATION:
        return replace(purpose, role=Role.DEADLINE, deadline=DeadlineKind.REGISTRATION)
    is_next = (
        _CONTINUES.fullmatch(between)
        or pattern("the_next").fullmatch(between)
        or (_NEXT_CELL.fullmatch(between) and not says_something(after) and _is_in_column(previous, between))
    )
    if previous.role is not Role.UNSPECIFIED and is_next:
        return replace(purpose, role=previous.role, deadline=previous.deadline)
    return purpose


def _is_in_column(previous: DateRole, between: str) -> bool:
    """Return whether a date in the next line belongs to a list: the one above it has no words on its line, either."""
    return "\n" not in between or not says_something(previous.around.before)
