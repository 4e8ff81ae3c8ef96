"""Tells what a date of a list is for, of which few words are said: "1 May – abstracts", "4 September – first day"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.cues import SENT_IN, cues, deadline_kind, pattern, says_deadline
from tracker.reading.announcements.date_role import APPLYING, DateRole, Role
from tracker.reading.announcements.surroundings import TextSpan


def role_in_row(purpose: DateRole, said: str, span: TextSpan) -> DateRole:
    """Return the role of a date in such a list, which is told by few words: "1 May – abstracts", "4 Sep – first day".

    Args:
        purpose: the role that the words have in running text.
        said: the words.
        span: the date.
    """
    kind = deadline_kind("", said, "")
    role, is_window = purpose.role, span.is_range and not span.is_coarse
    is_day_of_window = role is Role.WINDOW and not span.is_range
    may_be_event = role in {Role.UNSPECIFIED, Role.OTHER, Role.EVENT}
    if pattern("not_due_in_row").search(said):
        role = Role.OTHER
    elif (may_be_event or role is Role.DEADLINE or is_day_of_window) and pattern("opens_in_row").search(said):
        role = Role.OPENS
    elif may_be_event and pattern("closes_in_row").search(said):
        role = Role.DEADLINE
    elif (may_be_event or (role is Role.DEADLINE and not says_deadline(said))) and pattern("told_in_row").search(said):
        role = Role.NOTIFICATION
    elif (may_be_event or role is Role.DEADLINE) and pattern("pays_in_row").search(said):
        role = Role.OTHER
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
    elif role is Role.ENDS and kind in _APPLIED_FOR:
        role = Role.DEADLINE  # "30 April – end of early-bird registration"
    return purpose if role is purpose.role else replace(purpose, role=role, deadline=kind, is_weak=False)


def is_clear(purpose: DateRole, label: str) -> bool:
    """Return whether the label before a date gives it a role as in running text; "Entries open … 1 May" does not."""
    if pattern("not_due_in_row").search(label):
        return False
    if purpose.role is Role.DEADLINE and pattern("told_first_in_row").search(label) and not says_deadline(label):
        return False  # "Notification of acceptance of the abstracts"
    is_limit = any(
        match.lastgroup == "deadline" for group in ("roles", "weak") for match in cues(group).finditer(label)
    )
    only_opens = (
        purpose.role in {Role.DEADLINE, Role.WINDOW}
        and pattern("opens_in_row").search(label) is not None
        and not is_limit
    )
    is_known = purpose.role is not Role.UNSPECIFIED and not (purpose.role is Role.EVENT and purpose.is_weak)
    return is_known and not only_opens


def has_deadline_row(purposes: Sequence[DateRole], spans: Sequence[TextSpan], rows: Collection[int]) -> bool:
    """Return whether dates of such a list have to do with applying: one by its words, or two."""
    # One "closing" alone may end a day.
    found = [each for each, span in zip(purposes, spans, strict=True) if span.start in rows and each.role in APPLYING]
    return len(found) > 1 or any(each.deadline is not None for each in found)


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
    is_short = len(said.partition("(")[0].split()) <= _FEW_WORDS  # more may be the title of a talk
    return (role is Role.UNSPECIFIED and is_short) or (role is Role.DEADLINE and is_window)


_APPLIED_FOR = {DeadlineKind.APPLICATION, DeadlineKind.REGISTRATION, DeadlineKind.EARLY_BIRD, DeadlineKind.SUBMISSION}
_FEW_WORDS = 4
_SENT_IN = SENT_IN | {DeadlineKind.APPLICATION}
