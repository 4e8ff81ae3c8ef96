"""Chooses the dates of the event and the deadlines among the dates of an announcement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from tracker.models.vocabulary import DatePrecision, DeadlineKind, ZoneSource
from tracker.reading.announcements.cues import find_statements, pattern
from tracker.reading.announcements.date_role import Role
from tracker.reading.announcements.event_choice import is_phase
from tracker.reading.announcements.parts import EVENT_ROLES, Mention, ParsedDeadline
from tracker.reading.dates.resolution import ResolvedDate

_LONGEST_EVENT = timedelta(days=400)


def event_dates(chosen: Mention | None, mentions: Sequence[Mention]) -> ResolvedDate | None:
    """Return the dates of the event: the chosen one, with its end and its phases, which may stand elsewhere."""
    known = [mention for mention in mentions if mention.dated is not None]
    return None if chosen is None else _with_phases(_with_end(chosen, known), known)


_BETWEEN_PHASES = timedelta(days=21)


def _with_phases(dated: ResolvedDate | None, known: Sequence[Mention]) -> ResolvedDate | None:
    """Return the span of all phases of a programme, if each has its own span and they follow each other."""
    if dated is None or dated.last is None or not dated.precision.is_exact_to_the_day:
        return dated
    for mention in known:
        other = mention.dated
        if other is None or other.last is None or not is_phase(mention):
            continue
        is_next = dated.last < other.first <= dated.last + _BETWEEN_PHASES and other.precision is dated.precision
        if is_next and mention.role in {*EVENT_ROLES, Role.OTHER}:
            dated = replace(dated, last=other.last, text=f"{dated.text} – {other.text}")
    return dated


def _with_end(chosen: Mention, known: Sequence[Mention]) -> ResolvedDate | None:
    """Return the chosen date with the end that another mention gives: "starts 5 May" and "ends 6 June"."""
    dated = chosen.dated
    if dated is None or dated.last is not None or dated.ends is not None:
        return dated
    for mention in known:
        end = mention.dated
        if mention.role is Role.ENDS and end is not None and end.precision is dated.precision:
            last = end.last or end.first
            if dated.first < last <= dated.first + _LONGEST_EVENT:
                joined = replace(dated, last=last, ends=end.ends or end.starts, text=f"{dated.text} – {end.text}")
                is_zoned = dated.zone_source is ZoneSource.STATED
                return (
                    joined
                    if is_zoned
                    else replace(joined, zone=end.zone, zone_source=end.zone_source, offset=end.offset)
                )
    return dated


_MONTHS = frozenset({DatePrecision.SEASON, DatePrecision.MONTH})


def extract_deadlines(mentions: Sequence[Mention], usual: DeadlineKind) -> tuple[ParsedDeadline, ...]:
    """Return the deadlines among ``mentions``; ``usual`` is the kind of a deadline that no word names."""
    dues: list[ParsedDeadline] = []
    for mention in mentions:
        # In "Registration opens on 1 December and closes on 15 February", the closing has the kind of the opening.
        opened = dues[-1].kind if dues and dues[-1].at is None and dues[-1].opens else None
        kind = mention.purpose.deadline or opened or usual
        is_window = mention.role in {Role.WINDOW, Role.OPENS}
        dated = mention.dated
        if is_window and dated is not None and dated.last is not None and dated.precision.is_exact_to_the_day:
            opens = replace(dated, last=None, ends=None)
            if dated.ends is None and _closes_with_clock(dated):
                opens = replace(opens, starts=None, precision=DatePrecision.DAY)
            dues.append(ParsedDeadline(kind, _closing(dated), opens, mention.words))
        elif mention.role in {Role.DEADLINE, Role.WINDOW}:
            if mention.purpose.replaces:
                dues = [due for due in dues if due.kind is not kind]
            dues.append(ParsedDeadline(kind, _closing(mention.dated), None, mention.words))
        elif mention.role is Role.NOTIFICATION and mention.dated is not None:
            dues.append(ParsedDeadline(DeadlineKind.NOTIFICATION, _closing(mention.dated), None, mention.words))
        elif mention.role is Role.OPENS:
            dues.append(ParsedDeadline(kind, None, mention.dated, mention.words))
    return tuple(_once(_joined(dues)))


def _closing(dated: ResolvedDate | None) -> ResolvedDate | None:
    """Return the closing date: the end of a span; None for a month, unless its words say that it closes at its end."""
    if dated is None or not (dated.precision.is_exact_to_the_day or dated.precision in _MONTHS):
        return None
    if dated.precision in _MONTHS:
        ends = find_statements(dated.text, "time_ends_the_day")
        return replace(dated, first=dated.last or dated.first, last=None, precision=DatePrecision.DAY) if ends else None
    if dated.last is None:
        return dated
    # "5 October 9am – 9 November 5pm" and "5 October – 9 November, 5pm" close at 5pm.
    closes = dated.ends if dated.starts is not None else dated.closes
    if dated.ends is None and _closes_with_clock(dated):
        closes = dated.starts
    precision = DatePrecision.DAY if closes is None else DatePrecision.EXACT
    is_midnight = dated.is_midnight and closes == time(0)
    return replace(
        dated, first=dated.last, last=None, starts=closes, ends=None, precision=precision, is_midnight=is_midnight
    ).until_end_of_day()


def _closes_with_clock(dated: ResolvedDate) -> bool:
    """Return whether the clock time of a span stands after its last day."""
    return dated.starts is not None and pattern("clock_at_end").search(dated.text) is not None


def _joined(dues: Sequence[ParsedDeadline]) -> list[ParsedDeadline]:
    """Join an opening and a closing of one kind, "open on 14 September" and "close on 3 May", into one deadline."""
    joined: list[ParsedDeadline] = []
    for due in dues:
        previous = joined[-1] if joined else None
        opens = previous.opens if previous is not None and previous.at is None else None
        closes = due.at if due.opens is None else None
        if opens and previous and closes and previous.kind is due.kind and opens.first <= closes.first:
            joined[-1] = replace(due, opens=opens)
        else:
            joined.append(due)
    return joined


def _once(dues: Sequence[ParsedDeadline]) -> list[ParsedDeadline]:
    """Keep only the most precise of several statements of the same deadline."""
    kept: list[ParsedDeadline] = []
    for due in dues:
        same = next((index for index, other in enumerate(kept) if _is_same(due, other)), None)
        if same is None:
            kept.append(due)
        elif _exactness(due) > _exactness(kept[same]):
            kept[same] = replace(due, opens=due.opens or kept[same].opens)
        elif due.opens and not kept[same].opens:
            kept[same] = replace(kept[same], opens=due.opens)
    return kept


_ENTERING = {DeadlineKind.APPLICATION, DeadlineKind.SUBMISSION}
"""Kinds of which a text may say one and mean the other: "Submissions are due … Applications are due …"."""


def _is_same(one: ParsedDeadline, other: ParsedDeadline) -> bool:
    if one.at is None or other.at is None or not (one.kind is other.kind or {one.kind, other.kind} <= _ENTERING):
        return False
    return one.at.first == other.at.first or (
        abs((one.at.first - other.at.first).days) <= 1 and (one.at.is_midnight or other.at.is_midnight)
    )


def _exactness(due: ParsedDeadline) -> tuple[bool, bool]:
    at = due.at
    return (at is not None and at.starts is not None, at is not None and at.zone is not None)
