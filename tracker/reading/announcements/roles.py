"""Assigns a role to each date of a text (event, deadline, notification, …) from the nearest cue words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.cues import cues, deadline_kinds, pattern
from tracker.reading.announcements.surroundings import (
    BRIEF,
    SENTENCE_END,
    Surroundings,
    TextSpan,
    says_something,
    surroundings_of,
)

_NEAR = 40
_ADJACENT = 14
_SECTION = re.compile(r"^[^\S\n]*(\d{1,2}\.\d{1,2}\.?)(?=\s+[^\W\d_])", re.MULTILINE)
"""The number of a section, as in rules of a contest: "2.1. Inscription". One alone may be a date."""
_EXTENDED = ("exten", "verläng", "verlaeng", "prolong", "ampl", "prorrog", "prorog", "verleng", "estend")
_LISTED_DATE = re.compile(r"(?:\A|\n)\W*\Z")
_CONTINUES = re.compile(r"[^\n.]{0,30}?(?:,|\band\b|\bor\b|&|/)\s*(?:by |until )?")


class Role(StrEnum):
    """Role of a date."""

    EVENT = "event"
    STARTS = "starts"
    ENDS = "ends"
    DEADLINE = "deadline"
    WINDOW = "window"
    """Span from opening to deadline."""
    OPENS = "opens"
    NOTIFICATION = "notification"
    PUBLISHED = "published"
    SUPERSEDED = "former"
    """Date that no longer holds: "originally 5 October"."""
    OTHER = "other"
    """Interviews, phases, other years."""
    UNSPECIFIED = "unsaid"
    """No word gives the date a role."""


APPLYING = frozenset({Role.DEADLINE, Role.WINDOW, Role.OPENS, Role.NOTIFICATION})
"""Roles of dates that lie before the event."""


@dataclass(frozen=True, slots=True)
class DateRole:
    """Role of a date, and the words that assign it."""

    role: Role
    deadline: DeadlineKind | None = None
    """Kind of a deadline, opening or notification; None if no word names it."""
    clause: str = ""
    """Words around the date."""
    is_weak: bool = True
    """True if at most a weak cue such as "by" or "on" assigns the role."""
    replaces: bool = False
    """True if the date replaces an earlier one: "extended to", "moved to"."""
    is_past: bool = False
    """True if the words refer to the past: "opened on"."""


def date_roles(text: str, spans: Sequence[TextSpan]) -> list[DateRole]:
    """Return the role of each of the dates at ``spans``, which are in the order of the text."""
    found: list[DateRole] = []
    sections = [match.span(1) for match in _SECTION.finditer(text)]
    for number, spot in enumerate(spans):
        earlier_end = spans[number - 1].end if number else 0
        later_start = spans[number + 1].start if number + 1 < len(spans) else len(text)
        around = surroundings_of(text, spot, earlier_end, later_start)
        purpose = _purpose(around, spot, is_brief=len(text) <= BRIEF)
        if len(sections) > 1 and any(start <= spot.start and spot.end <= end for start, end in sections):
            purpose = DateRole(Role.OTHER)
        if pattern("past_after").match(text, spot.end):
            purpose = replace(purpose, is_past=True)
        between = text[earlier_end : spot.start]
        if number and purpose.replaces and found[-1].role in APPLYING:
            purpose = replace(purpose, role=Role.DEADLINE, deadline=found[-1].deadline)
        if number and found[-1].role is Role.OPENS and SENTENCE_END.search(between) is None:
            purpose = _closing(purpose, found[-1], between)
        if number and purpose.is_weak:
            purpose = _continued(purpose, found[-1], between, around.after)
        found.append(purpose)
    return found


def _closing(purpose: DateRole, opening: DateRole, between: str) -> DateRole:
    """Return the deadline after an opening in one sentence: "opens on 1 March and ends on 3 May", "… until 3 May"."""
    weak = _last(cues("weak"), between)
    is_until = weak is not None and weak.lastgroup == "deadline" and purpose.is_weak
    if purpose.role is not Role.ENDS and not is_until:
        return purpose
    return replace(purpose, role=Role.DEADLINE, deadline=purpose.deadline or opening.deadline, is_weak=False)


def _purpose(around: Surroundings, spot: TextSpan, *, is_brief: bool) -> DateRole:
    strong = cues("roles")
    last, following = _last(strong, around.before), strong.search(around.after)
    if _LISTED_DATE.search(around.before):  # "8 August: Paper acceptance notification"
        notes = (match for match in strong.finditer(around.after) if match.lastgroup == "notification")
        following = next(notes, following)
    if following is not None and around.has_next and not around.after[following.end() :].strip(" :("):
        following = None  # in "21 March (registration until 13 March", it is about the next date
    clause = f"{around.before.strip()} … {around.after.strip()}"
    if pattern("event_in_brackets").search(around.before) or pattern("event_on").search(around.before):
        return DateRole(Role.EVENT, None, clause, is_weak=False)  # "our summer program (June 14 – August 20)"
    kind = _deadline_kind(around.before, around.after, around.label)
    is_relative = pattern("relative").search(around.before) is not None
    if is_relative and following is not None and following.lastgroup in {"event", "starts"}:
        return DateRole(Role.EVENT, None, clause, is_weak=False)
    if not says_something(around.before):
        cue = following if following is not None and following.start() <= _NEAR else _last(strong, around.label)
        cue = cue or following
        gap = cue.start() if cue is not None and cue is following else 0
    else:
        gap_before = len(around.before) - last.end() if last is not None else 0
        is_nearer = following is not None and following.start() <= 30 < gap_before
        cue, gap = (following, following.start()) if is_nearer and following else (last or following, gap_before)
    title = pattern("title").search(around.before)
    if title is not None and cue is last and not _deadline_kind(title[1], "", "") and not says_deadline(title[1]):
        return DateRole(Role.EVENT, None, clause, is_weak=False)
    if cue is not None and cue is following and cue.lastgroup == "replacement":
        return DateRole(Role.SUPERSEDED, kind, clause, is_weak=False)  # "the talk on 8 October moves to …"
    if cue is not None and cue is last and gap > _ADJACENT and cue.lastgroup in {"event", "starts"}:
        faint = _last(cues("weak"), around.before)
        if faint is not None and faint.lastgroup == "deadline" and not _parts_from_date(around.before[faint.end() :]):
            cue = None  # in "rooms can be held for participants until 30 May", "held" says nothing about it
    if cue is not None and cue is last and cue.lastgroup == "other" and gap > _NEAR:
        cue = None  # "After last year's edition, we invite you on 18 March"
    if cue is not None:
        if spot.is_range and not spot.is_coarse and pattern("runs").search(around.before) and _is_window(around):
            return DateRole(Role.WINDOW, kind, clause, is_weak=False)  # "the call runs from 1 March to 3 May"
        found = _by_cue(cue, around, kind, clause)
        is_far = cue is following or gap > _ADJACENT
        if spot.is_coarse and is_far and found.role in APPLYING - {Role.NOTIFICATION}:
            return DateRole(Role.UNSPECIFIED, None, clause)
        return found
    if spot.is_range and not spot.is_coarse and _is_window(around):
        return DateRole(Role.WINDOW, kind or _deadline_kind(around.sentence, around.after, ""), clause, is_weak=False)
    if _LABEL.match(around.before) and kind in _SENT_IN and not pattern("kinds_of_event").search(around.before):
        return DateRole(Role.DEADLINE, kind, clause, is_weak=False)  # "Full papers: 3 March"
    weak = cues("weak").finditer(around.before)
    near = [match for match in weak if not _parts_from_date(around.before[match.end() :])]
    if near:
        # In "entro le ore 12 del 27 febbraio", the article says nothing.
        faint = next((match for match in near if match.lastgroup == "deadline"), near[-1])
        role = Role(faint.lastgroup or "unsaid")
        is_about_applying = (
            kind
            or _deadline_kind(around.sentence, around.rest, around.label)
            or _says_deadline(around)
            or cues("asking").search(f"{around.sentence} {around.rest}")
        )
        if role is Role.DEADLINE and not is_brief and not is_about_applying:
            role = Role.OTHER  # "valid until 1 June", "be 18 by 1 January"
        return DateRole(role, kind, clause)
    return DateRole(Role.UNSPECIFIED, None, clause)


_LABEL = re.compile(r"\W*[^:\n]{2,60}:\s*\Z")
_SENT_IN = frozenset({DeadlineKind.SUBMISSION, DeadlineKind.ABSTRACT, DeadlineKind.CAMERA_READY})


def _is_window(around: Surroundings) -> bool:
    """Return whether a span without a cue of its own is one of applying: its clause is about that, not about events."""
    if pattern("kinds_of_event").search(around.before):
        return False
    after = _deadline_kind("", around.after.split(",")[0], "") if pattern("from").search(around.before) else None
    return (_deadline_kind(around.before, "", "") or after) is not None


def _parts_from_date(text: str) -> bool:
    """Return whether the words between a preposition and a date separate them: a clock time does not."""
    return bool(text.strip()) and pattern("clock_between").fullmatch(text) is None


def _by_cue(cue: re.Match[str], around: Surroundings, kind: DeadlineKind | None, clause: str) -> DateRole:
    name = cue.lastgroup or "unsaid"
    past = bool(cues("past").search(around.before[-_NEAR:]))
    if name == "replacement":
        sentence_kind = _deadline_kind(around.sentence, "", "")
        if pattern("exhibition").search(around.sentence):
            return DateRole(Role.ENDS, None, clause, is_weak=False, replaces=True)
        is_extended = cue[0].lower().startswith(_EXTENDED)
        is_new_date = sentence_kind is not None and not _NEW_DATE.match(cue[0])
        is_due = is_new_date or _says_deadline(around) or is_extended
        return DateRole(
            Role.DEADLINE if is_due else Role.EVENT, sentence_kind or kind, clause, is_weak=False, replaces=True
        )
    role = _refined(Role(name), f"{around.label} {around.before}")
    is_show = kind is None and pattern("exhibition").search(f"{around.sentence} {around.after}") is not None
    if is_show and role in {Role.DEADLINE, Role.OPENS} and not _says_deadline(around):
        role = Role.ENDS if role is Role.DEADLINE else Role.STARTS  # an exhibition opens and closes
    is_past = past and role is not Role.NOTIFICATION  # "Winners announced December 18" looks ahead
    return DateRole(role, kind, clause, is_weak=False, is_past=is_past)


_NEW_DATE = re.compile(
    r"new date|neuer termin|nouvelle date|nueva fecha|nova data|nuova data|nieuwe datum", re.IGNORECASE
)


def _says_deadline(around: Surroundings) -> bool:
    return says_deadline(f"{around.sentence} {around.after} {around.label}")


def says_deadline(text: str) -> bool:
    """Return whether a text has a word for deadlines."""
    return pattern("says_deadline").search(text) is not None


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
    if previous.role is not Role.UNSPECIFIED and _CONTINUES.fullmatch(between):
        return replace(purpose, role=previous.role, deadline=previous.deadline)
    return purpose


def _refined(role: Role, before: str) -> Role:
    """Turn a start into an opening ("applications start on 3 May") and an end into a deadline ("ticket sales end")."""
    kind = _deadline_kind(before[-BRIEF:], "", "")
    is_about_applying = kind not in {None, DeadlineKind.SCHOLARSHIP} or "sale" in before[-_NEAR:]
    if role in {Role.STARTS, Role.ENDS} and is_about_applying:
        return Role.OPENS if role is Role.STARTS else Role.DEADLINE
    return role


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found


def _deadline_kind(before: str, after: str, label: str) -> DeadlineKind | None:
    """Return the kind of deadline named before the date, else after it, else in the line above."""
    for piece in (before, after, label):
        for kind, words in deadline_kinds():
            if words.search(piece):
                return kind
    return None
