"""Assigns a role to each date of a text (event, deadline, notification, …) from the nearest cue words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.cues import SENT_IN, cues, deadline_kind, kind_in, pattern, says_deadline
from tracker.reading.announcements.date_role import APPLYING, DateRole, Role
from tracker.reading.announcements.dated_rows import DatedRow, dated_rows
from tracker.reading.announcements.earlier_date import after_another, replaces_date_before
from tracker.reading.announcements.nearest_cue import (
    ADJACENT,
    NEAR,
    Cue,
    cue_after,
    is_about_something_else,
    nearest_cue,
    parts_from_date,
)
from tracker.reading.announcements.row_roles import has_deadline_row, is_clear, role_in_row, settle_rows
from tracker.reading.announcements.surroundings import (
    BRIEF,
    LABEL,
    Surroundings,
    TextSpan,
    says_something,
    surroundings_of,
)
from tracker.reading.announcements.table_headings import table_headings

_SECTION = re.compile(r"^[^\S\n]*(\d{1,2}\.\d{1,2}\.?)(?=\s+[^\W\d_])", re.MULTILINE)
"""The number of a section, as in rules of a contest: "2.1. Inscription". One alone may be a date."""
_EXTENDED = ("exten", "verläng", "verlaeng", "prolong", "ampl", "prorrog", "prorog", "verleng", "estend")
_TIMESTAMP = re.compile(r"\d:\d\d:\d\d")
"""A time with seconds is that of a machine: "Sun Sep 13 09:53:47 UTC 2009"."""


def date_roles(text: str, spans: Sequence[TextSpan]) -> list[DateRole]:
    """Return the role of each of the dates at ``spans``, which are in the order of the text."""
    rows = dated_rows(text, spans)
    found = _date_roles(text, spans, rows)
    if rows and not has_deadline_row(found, spans, rows):
        return _date_roles(text, spans, {})  # a programme, not a list of deadlines
    return settle_rows(found, spans, [start for start, row in rows.items() if not (row.is_label and row.may_be_event)])


def _date_roles(text: str, spans: Sequence[TextSpan], rows: Mapping[int, DatedRow]) -> list[DateRole]:
    """Return the roles; ``rows`` are the dates that come first in a list, or alone on their lines."""
    found: list[DateRole] = []
    sections = [match.span(1) for match in _SECTION.finditer(text)]
    headings = table_headings(text, spans)
    for number, spot in enumerate(spans):
        earlier_end = spans[number - 1].end if number else 0
        later_start = spans[number + 1].start if number + 1 < len(spans) else len(text)
        around = surroundings_of(text, spot, earlier_end, later_start)
        row = rows.get(spot.start)
        if heading := headings.get(spot.start):
            around = replace(around, before="", after="", label=heading)
        elif row is not None and not row.is_label:
            after = f": {row.said}"
            around = Surroundings(before=row.lead, after=after, label="", sentence=row.lead, rest=after)
        purpose = _purpose(around, spot, is_brief=len(text) <= BRIEF)
        if row is not None and spot.start not in headings and not (row.is_label and is_clear(purpose, row.said)):
            purpose = role_in_row(purpose, row.said, spot)
        if len(sections) > 1 and any(start <= spot.start and spot.end <= end for start, end in sections):
            purpose = DateRole(Role.OTHER)
        if len(text) > BRIEF and purpose.role is Role.UNSPECIFIED and _TIMESTAMP.search(text, spot.start, spot.end):
            purpose = replace(purpose, role=Role.PUBLISHED)
        if purpose.is_weak and _is_of_a_decision(around):
            purpose = replace(purpose, role=Role.PUBLISHED)
        if pattern("past_after").match(text[spot.end : spot.end + NEAR]):
            purpose = replace(purpose, is_past=True)
        between = text[earlier_end : spot.start]
        if number and (row is None or row.is_label or purpose.role is Role.UNSPECIFIED):
            is_replacement = replaces_date_before(text, spans[number - 1], spot)
            found[-1], purpose = after_another(found[-1], purpose, between, around, is_replacement=is_replacement)
        found.append(replace(purpose, around=around))
    return found


def _is_of_a_decision(around: Surroundings) -> bool:
    """Return whether it is the day on which something was decided or announced: "On 2 May, the board decided to …"."""
    return bool(pattern("before_decision").search(around.before) or pattern("after_decision").match(around.after))


def _purpose(around: Surroundings, spot: TextSpan, *, is_brief: bool) -> DateRole:
    """Return the role of a date: from the shape of its clause, else a cue, else a window, else a preposition."""
    clause = f"{around.before.strip()} … {around.after.strip()}"
    kind = deadline_kind(around.before, around.after, around.label)
    following = cue_after(around)
    cue = nearest_cue(around, following)
    if _is_said_of_an_event(around, following, cue):
        return DateRole(Role.EVENT, None, clause, is_weak=False)
    if kind is None and cue is None and _is_labelled_an_event(around):
        return DateRole(Role.EVENT, None, clause, is_weak=False)
    if cue is not None and not is_about_something_else(cue, around):
        return _by_cue(cue, around, spot, kind, clause)
    if spot.is_range and not spot.is_coarse and _is_window(around):
        return DateRole(Role.WINDOW, kind or deadline_kind(around.sentence, around.after, ""), clause, is_weak=False)
    is_sent_in = kind in SENT_IN and not pattern("kinds_of_event").search(f"{around.label} {around.before}")
    if kind is DeadlineKind.APPLICATION and LABEL.match(around.before) and not spot.is_range and not spot.is_coarse:
        is_sent_in = is_sent_in or pattern("kinds_of_event").search(around.before) is None
    if is_sent_in and (LABEL.match(around.before) or (around.label and not says_something(around.before))):
        return DateRole(Role.DEADLINE, kind, clause, is_weak=False)  # "Full papers: 3 March"
    if cue is None and not says_something(around.before) and kind_in(around.after[:NEAR]) in SENT_IN:
        return DateRole(Role.DEADLINE, kind, clause, is_weak=False)  # "3 March: full papers"
    return _by_preposition(around, kind, clause, is_brief=is_brief)


def _is_said_of_an_event(around: Surroundings, following: re.Match[str] | None, cue: Cue | None) -> bool:
    """Return whether the shape of the clause makes its date an event's, whatever words stand around it."""
    if pattern("event_in_brackets").search(around.before) or pattern("event_on").search(around.before):
        return True  # "our summer program (June 14 – August 20)"
    is_told = following is not None and following.lastgroup in {"event", "starts"}
    if is_told and pattern("relative").search(around.before):
        return True  # "für die Tagung einzureichen, die am 26. März stattfindet"
    title = pattern("title").search(around.before)
    if title is None or (cue is not None and cue.where != "before"):
        return False
    return deadline_kind(title[1], "", "") is None and not says_deadline(title[1])


def _is_labelled_an_event(around: Surroundings) -> bool:
    """Return whether a date that begins its line is followed by what takes place: "27-29 October: Main Conference"."""
    label = around.label if around.is_cell else ""
    if label and pattern("kinds_of_event").search(label) and not says_deadline(label):
        return pattern("not_the_event").search(label) is None  # "Conference | 27-29 October"
    is_list = not says_something(around.before) and _LABELLED_AFTER.match(around.after) is not None
    is_event = pattern("kinds_of_event").search(around.after) and not pattern("not_the_event").search(around.after)
    return is_list and bool(is_event) and not says_deadline(around.after)


def _by_preposition(around: Surroundings, kind: DeadlineKind | None, clause: str, *, is_brief: bool) -> DateRole:
    """Return the role that a word such as "by" or "on" gives, if it stands right before the date."""
    if pattern("side_event").search(around.before):
        return DateRole(Role.OTHER, None, clause)  # "Die Auswahlgespräche finden am 3. Mai statt"
    weak = cues("weak").finditer(around.before)
    near = [match for match in weak if not parts_from_date(around.before[match.end() :])]
    if not near:
        return DateRole(Role.UNSPECIFIED, None, clause)
    # In "entro le ore 12 del 27 febbraio", the article says nothing.
    faint = next((match for match in near if match.lastgroup == "deadline"), near[-1])
    role = Role(faint.lastgroup or "unsaid")
    is_about_applying = (
        kind
        or deadline_kind(around.sentence, around.rest, around.label)
        or _says_deadline(around)
        or cues("asking").search(f"{around.sentence} {around.rest}")
    )
    if role is Role.DEADLINE and not is_brief and not is_about_applying:
        role = Role.OTHER  # "valid until 1 June", "be 18 by 1 January"
    is_past = role is Role.EVENT and cues("past").search(around.before[-NEAR:]) is not None
    return DateRole(role, kind, clause, is_past=is_past)


_LABELLED_AFTER = re.compile(r"\s*(?:\([^()\n]{2,20}\)\s*)?[:–—-]\s+[^\n]{3,60}(?:\n|$)")


def _is_window(around: Surroundings) -> bool:
    """Return whether a span without a cue of its own is one of applying: its clause is about that, not about events."""
    if pattern("kinds_of_event").search(around.before):
        return False
    after = (
        deadline_kind("", around.after.lstrip(" ,").split(",")[0], "")
        if pattern("from").search(around.before)
        else None
    )
    return (deadline_kind(around.before, "", "") or after) is not None


def _by_cue(cue: Cue, around: Surroundings, spot: TextSpan, kind: DeadlineKind | None, clause: str) -> DateRole:
    if cue.name == "replacement":
        return _replacing(cue, around, kind, clause)
    if spot.is_range and not spot.is_coarse and pattern("runs").search(around.before) and _is_window(around):
        return DateRole(Role.WINDOW, kind, clause, is_weak=False)  # "the call runs from 1 March to 3 May"
    subject = around.before if cue.where == "after" else around.before[: cue.match.start()]
    role = _refined(Role(cue.name), f"{around.label} {around.before}")
    if role in {Role.OPENS, Role.DEADLINE} and kind is None and _is_said_of_event(cue, around):
        role = Role.STARTS if role is Role.OPENS else Role.ENDS  # "the conference opens on 12 March"
    if role is Role.DEADLINE and spot.is_range and not spot.is_coarse and pattern("from").search(around.before):
        role = Role.WINDOW  # "applications are accepted from 6 January until 14 February"
    if role is Role.EVENT and cue.where != "above" and pattern("side_event").search(subject):
        role = Role.OTHER  # "Interviews will take place on 3 May"
    if role is Role.ENDS and (says_deadline(around.after[:NEAR]) or says_deadline(subject)):
        role = Role.DEADLINE  # "Termina na sexta-feira o prazo de inscrição"
    is_show = kind is None and pattern("exhibition").search(f"{around.sentence} {around.after}") is not None
    if is_show and role in {Role.DEADLINE, Role.OPENS} and not _says_deadline(around):
        role = Role.ENDS if role is Role.DEADLINE else Role.STARTS  # an exhibition opens and closes
    is_far = cue.where == "after" or cue.gap > ADJACENT
    if spot.is_coarse and is_far and role in APPLYING - {Role.NOTIFICATION}:
        return DateRole(Role.UNSPECIFIED, None, clause)
    past = bool(cues("past").search(around.before[-NEAR:]))
    is_past = past and role is not Role.NOTIFICATION  # "Winners announced December 18" looks ahead
    return DateRole(role, kind, clause, is_weak=False, is_past=is_past)


def _is_said_of_event(cue: Cue, around: Surroundings) -> bool:
    """Return whether what opens or closes is an event, and nothing in the sentence is about applying."""
    sentence = around.sentence
    return (
        cue.where == "before"
        and pattern("opens_or_closes").match(cue.match[0]) is not None
        and pattern("kinds_of_event").search(sentence) is not None
        and kind_in(sentence) is None
        and kind_in(sentence, "said_kinds") is None
        and not says_deadline(sentence)
    )


def _replacing(cue: Cue, around: Surroundings, kind: DeadlineKind | None, clause: str) -> DateRole:
    """Return the role of a date that replaces another one, or is replaced: "the talk on 8 October moves to …"."""
    if cue.where == "after" and not pattern("leads_to").search(around.before):
        return DateRole(Role.SUPERSEDED, kind, clause, is_weak=False)
    if pattern("exhibition").search(around.sentence):
        return DateRole(Role.ENDS, None, clause, is_weak=False, replaces=True)
    of_sentence = deadline_kind(around.sentence, "", "")
    is_due = (
        _says_deadline(around)
        or says_deadline(around.rest)
        or any(stem in cue.match[0].lower() for stem in _EXTENDED)
        or (of_sentence is not None and not pattern("new_date").match(cue.match[0]))
    )
    role = Role.DEADLINE if is_due else Role.EVENT
    return DateRole(role, of_sentence or kind, clause, is_weak=False, replaces=True)


def _says_deadline(around: Surroundings) -> bool:
    return says_deadline(f"{around.sentence} {around.after} {around.label}")


def _refined(role: Role, before: str) -> Role:
    """Turn a start into an opening ("applications start on 3 May") and an end into a deadline ("ticket sales end")."""
    kind = deadline_kind(before[-BRIEF:], "", "")
    # "El plazo de presentación comenzará el 1 de febrero", not "after the deadline, the course starts on 5 May"
    is_period = role is Role.STARTS and says_deadline(before[-BRIEF:].rpartition(",")[2])
    is_about_applying = kind not in {None, DeadlineKind.SCHOLARSHIP} or "sale" in before[-NEAR:] or is_period
    if role in {Role.STARTS, Role.ENDS} and is_about_applying:
        return Role.OPENS if role is Role.STARTS else Role.DEADLINE
    return role
