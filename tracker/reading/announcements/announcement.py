"""Parses a whole announcement into event dates, deadlines, recurrence, statements and doubts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tracker.models.moments import ANYWHERE_ON_EARTH
from tracker.models.vocabulary import DatePrecision, DeadlineKind
from tracker.reading.announcements.cancellation import find_cancellation, find_postponement
from tracker.reading.announcements.clock_choice import add_clock
from tracker.reading.announcements.cues import find_statements
from tracker.reading.announcements.date_choice import event_dates, extract_deadlines
from tracker.reading.announcements.date_evidence import evidence_of
from tracker.reading.announcements.date_judgement import LONG, judge_dates
from tracker.reading.announcements.date_role import DateRole, Role
from tracker.reading.announcements.event_choice import choose_event
from tracker.reading.announcements.parts import (
    Announcement,
    Mention,
    ParsedDeadline,
    is_vague,
    resolve_again,
    resolve_years,
    stated_publication,
)
from tracker.reading.announcements.roles import date_roles
from tracker.reading.announcements.surroundings import TextSpan
from tracker.reading.dates.first_sight import FirstSight
from tracker.reading.dates.mentions import Scan, scan
from tracker.reading.dates.resolution import EMPTY_CONTEXT, NO_ZONE, DateContext, ResolvedDate
from tracker.reading.dates.spans import DateExpression
from tracker.reading.dates.years import Span
from tracker.reading.places.languages import countries_of_language
from tracker.reading.time_zones import read_zone, zone_on, zone_phrases

_MONTHS = 12
_MONTH_FIRST = frozenset({"US", "PH"})
_STATED_ZONE = re.compile(
    r"(?:\btimes?|\btime ?zone|\bzone|defined by|uhrzeiten|zeitzone)\b[\s:]*"
    r"(?:(?:are|is|all|given|listed|shown|stated|in|by|sind)[\s:]+){0,4}"
    rf"\(?({'|'.join(re.escape(phrase) for phrase in zone_phrases())})(?!\w)"
)
"""Matches a statement of the zone of all times in a text: "all times are in CET"."""
_ZONE_WORDS = ("time", "zone", "defined by", "uhrzeiten")
"""Words one of which such a statement has."""


def read_announcement(
    text: str,
    published: date | None = None,
    around: DateContext = EMPTY_CONTEXT,
    *,
    event: Span | None = None,
    due: DeadlineKind | None = None,
    counts_from: date | None = None,
) -> Announcement:
    """Parse every date of ``text`` and assign its role: event, deadline, notification and so on.

    Args:
        text: running text, or a single date as written.
        published: day of publication; dates without a year are resolved to after it.
        around: context from outside the text: country and zones.
        event: first and last day of the event, if known; deadlines without a year lie before it.
        due: kind of deadline, for a text known to give one; a date without another role is then a deadline.
        counts_from: day that bare weekdays and "tomorrow" count from; ``published`` if None.
    """
    month_first = (around.country in _MONTH_FIRST) if around.country else _order_of_dates(text)
    found = scan(text, counts_from or published, month_first=month_first)
    if counts_from is None and around.seen is not None and published is not None:
        since = _since(found, around.seen, published)
        found = found if since == published else scan(text, since, month_first=month_first)
    spans = [_spot(found, written) for written in found.found]
    said = date_roles(found.text, spans)
    said = [_as_deadline(written, purpose, due) for written, purpose in zip(found.found, said, strict=True)]
    published = published or stated_publication(found, said)
    if any(word in found.text for word in _ZONE_WORDS) and (match := _STATED_ZONE.search(found.text)):
        around = replace(around, stated_zone=match[1])
    mentions = resolve_years(found, said, published, around, event)
    latest = around.seen.latest(published) if around.seen is not None and published is not None else published
    chosen, doubts = choose_event(mentions, latest)
    if due is None and latest is not None and len(found.text) > LONG:
        evidence = evidence_of(found.text, spans, mentions, chosen, latest)
        judged = judge_dates(mentions, evidence, latest)
        is_same = judged.event is not None and mentions[judged.event] is chosen
        mentions = resolve_again(mentions, found, judged.roles, published, around, event)
        chosen = None if judged.event is None else mentions[judged.event]
        doubts = [*judged.doubts, *(doubts if is_same else [])]
    cancelled, of_days = find_cancellation(found.text, spans)
    named = [mention for mention, span in zip(mentions, spans, strict=True) if span in of_days]
    if cancelled and (chosen is None or _is_coarse(chosen)):  # "planned for 24 April, is cancelled. Back in 2028!"
        former = [mention for mention in mentions if mention.role is Role.SUPERSEDED]
        former += [mention for mention in named if mention.role is Role.OTHER]
        chosen = next((mention for mention in former if mention.dated), chosen)
    if cancelled and (_are_of_another(named, chosen) or (named and found.repeats)):
        cancelled = ""  # "The talk on 5 March is cancelled. The next one is on 12 March."
    published = latest
    when = event_dates(chosen, mentions)
    when = add_clock(when, found, mentions, around)
    deadlines = extract_deadlines(mentions, due or DeadlineKind.APPLICATION)
    doubts += _doubts(found, mentions, when, deadlines, around)
    is_tba = bool(find_statements(found.text, "tba")) and when is None
    return Announcement(
        when=when,
        deadlines=deadlines,
        repeats=() if _is_timetable(when, found) else tuple(found.repeats),
        mentions=tuple(mentions),
        rolling=find_statements(found.text, "rolling"),
        not_yet_open="" if find_statements(found.text, "open_now") else find_statements(found.text, "not_yet_open"),
        closed=find_statements(found.text, "closed"),
        cancelled=cancelled,
        postponed=find_postponement(found.text),
        tba=find_statements(found.text, "tba") if is_tba else "",
        published=published,
        doubts=tuple(dict.fromkeys(doubts)),
    )


_IN_DIGITS = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2(?:20)?\d\d(?![\d/-])")


def _order_of_dates(text: str) -> bool | None:
    """Return whether 03/12 is 12 March; None if it is not known.

    The other dates of the text may tell it ("13/01/2027" has no month 13), else its language.
    """
    written = [(int(found[1]), int(found[3])) for found in _IN_DIGITS.finditer(text)]
    if any(first > _MONTHS for first, _ in written) != any(second > _MONTHS for _, second in written):
        return any(second > _MONTHS for _, second in written)
    if "/" not in text:
        return None
    countries = countries_of_language(text)
    return False if countries and "US" not in countries else None


def weighed_dates(text: str, published: date, around: DateContext) -> tuple[list[Mention], list[frozenset[str]]]:
    """Return the dates of a text with the roles that the rules give them, and the evidence for what each is for."""
    found = scan(text, published, month_first=None)
    spans = [_spot(found, written) for written in found.found]
    mentions = resolve_years(found, date_roles(found.text, spans), published, around, None)
    chosen, _ = choose_event(mentions, published)
    return mentions, evidence_of(found.text, spans, mentions, chosen, published)


def _since(found: Scan, seen: FirstSight, published: date) -> date:
    """Return the day from which "tomorrow" and the like count."""
    relative = [
        written
        for written in found.found
        if written.first.is_relative or (written.last is not None and written.last.is_relative)
    ]
    return min(
        (seen.of_sentence(found.text, *found.position(written), published) for written in relative), default=published
    )


def _is_timetable(when: ResolvedDate | None, found: Scan) -> bool:
    """Return whether what repeats daily is only the timetable of an event of some days: "each day from 9 to 5"."""
    is_daily = all(repeats.rule.startswith("FREQ=DAILY") for repeats in found.repeats)
    return when is not None and when.last is not None and is_daily and when.last - when.first < timedelta(days=21)


def _is_coarse(mention: Mention) -> bool:
    return mention.dated is not None and not mention.dated.precision.is_exact_to_the_day


def _are_of_another(named: Sequence[Mention], chosen: Mention | None) -> bool:
    """Return whether a sentence names days, and none of them is the first of the event."""
    event = chosen.dated if chosen is not None else None
    dated = [mention.dated for mention in named if mention.dated is not None]
    if event is None or not dated:
        return False
    return all(each.first > event.first or (each.last or each.first) < event.first for each in dated)


def _spot(found: Scan, written: DateExpression) -> TextSpan:
    start, end = found.position(written)
    end -= found.text[end - 1] == "."  # of "9 p.m.", which may end a sentence
    items = [written.first] if written.last is None else [written.first, written.last]
    is_coarse = all(item.precision is not DatePrecision.DAY for item in items)
    is_range = written.last is not None or written.first.first != written.first.last
    return TextSpan(start, end, is_coarse, is_range, month_and_day=written.first.first)


def _as_deadline(written: DateExpression, purpose: DateRole, due: DeadlineKind | None) -> DateRole:
    """Make a date a deadline if its zone is AoE, which only deadlines use, or if the text is known to give one."""
    if purpose.role not in {Role.UNSPECIFIED, Role.EVENT}:
        return purpose
    word = (written.at.zone if written.at else "") or written.zone
    is_aoe = read_zone(word) == ANYWHERE_ON_EARTH
    return replace(purpose, role=Role.DEADLINE) if is_aoe or due is not None else purpose


def _doubts(
    found: Scan,
    mentions: Sequence[Mention],
    when: ResolvedDate | None,
    dues: Sequence[ParsedDeadline],
    around: DateContext,
) -> list[str]:
    doubts = [doubt for mention in mentions if mention.dated for doubt in mention.dated.doubts]
    if when is not None and (when.starts is None or when.zone is not None or when.offset is not None):
        doubts = [doubt for doubt in doubts if doubt != NO_ZONE]
    for written, mention in zip(found.found, mentions, strict=True):
        if mention.dated is None and not is_vague(written):
            unplaced = "a date without a year cannot be placed: the day of publication is not known"
            doubts.append(written.first.doubt or unplaced)
    if when is not None:
        doubts += _late_deadlines(when, dues)
        for clock in found.clocks:
            if clock.zone:
                doubts += zone_on(clock.zone, when.first, around.country, around.near)[1]
    return doubts


def _late_deadlines(when: ResolvedDate, dues: Sequence[ParsedDeadline]) -> list[str]:
    over = when.last or when.first
    entering = {DeadlineKind.APPLICATION, DeadlineKind.REGISTRATION, DeadlineKind.EARLY_BIRD}
    return [
        f"the deadline {due.words!r} lies after the event"
        for due in dues
        if due.at is not None and due.kind in entering and due.at.first > over + timedelta(days=1)
    ]
