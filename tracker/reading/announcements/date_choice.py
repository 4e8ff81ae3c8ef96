"""Chooses the dates of the event and the deadlines among the dates of an announcement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tracker.models.vocabulary import DatePrecision, DeadlineKind, ZoneSource
from tracker.reading.announcements.cues import find_statements, pattern
from tracker.reading.announcements.parts import EVENT_ROLES, Mention, ParsedDeadline
from tracker.reading.announcements.roles import Role
from tracker.reading.dates.resolution import ResolvedDate
from tracker.reading.dates.years import MAX_AGE

_LONGEST_EVENT = timedelta(days=400)


def event_dates(mentions: Sequence[Mention], published: date | None) -> tuple[ResolvedDate | None, list[str]]:
    """Return the dates of the event, and doubts about dates that contradict them.

    Dates that a word marks as the event's come first; among these, dates that replace others, dates that lie ahead of
    the day of publication, and the most precise dates.
    """
    known = [mention for mention in mentions if mention.dated is not None]
    cued = [mention for mention in known if mention.role in {Role.EVENT, Role.STARTS} and not mention.purpose.is_weak]
    loose = [
        mention
        for mention in known
        if mention.role in EVENT_ROLES
        and mention not in cued
        # The day of publication, in a byline, is no event.
        and not (published is not None and _is_byline(mention, published))
    ]
    if any(not _is_bare_weekday(mention) for mention in (*cued, *loose)):
        # "kick-off Friday" beside "4–6 September" is one of these days, and not the next Friday.
        cued, loose = ([each for each in group if not _is_bare_weekday(each)] for group in (cued, loose))
    years = {mention.dated.first.year for mention in known if mention.dated and not mention.dated.year_inferred}
    phases = [
        mention
        for mention in known
        if mention.role is Role.OTHER and mention.dated and mention.dated.last and _is_phase(mention)
    ]
    groups = [cued, phases if len(phases) > 1 else [], loose, phases]
    if published is not None and not any(_is_ahead(mention, published) for mention in cued):
        ahead = [mention for mention in loose if _is_ahead(mention, published) and first_day(mention) != published]
        groups = [ahead, *groups]
    for group in groups:
        if group:
            # Of dates that replace others, the last counts: "postponed to May, and once more to October".
            ordered = [*reversed(group)] if any(mention.purpose.replaces for mention in group) else group
            chosen = _finer(min(ordered, key=lambda mention: _preference(mention, published, years)), loose)
            compared = [mention for mention in cued if published is None or _is_ahead(mention, published)]
            doubts = [] if chosen.purpose.replaces else _disagreements(chosen, compared)
            return _with_phases(_with_end(chosen, known), known), doubts
    return None, []


def _is_byline(mention: Mention, published: date) -> bool:
    is_written_day = any(char.isdigit() for char in mention.words) and mention.dated is not None
    is_untimed = mention.dated is not None and mention.dated.starts is None and mention.dated.last is None
    return mention.role is Role.UNSPECIFIED and is_written_day and is_untimed and first_day(mention) == published


def _is_bare_weekday(mention: Mention) -> bool:
    return pattern("bare_weekday").fullmatch(mention.words) is not None


def _finer(chosen: Mention, loose: Sequence[Mention]) -> Mention:
    """Return the days within the months that a text also gives: "April through July" beside "April 27 – July 17"."""
    dated = chosen.dated
    if dated is None or dated.precision.is_exact_to_the_day:
        return chosen
    first, last = dated.first, dated.last or dated.first
    for mention in loose:
        other = mention.dated
        if other is None or other.last is None or not other.precision.is_exact_to_the_day:
            continue
        if first <= other.first and other.last <= last and other.last - other.first >= (last - first) / 2:
            return mention
    return chosen


def _is_phase(mention: Mention) -> bool:
    return pattern("phase").search(mention.purpose.clause) is not None


_BETWEEN_PHASES = timedelta(days=21)


def _with_phases(dated: ResolvedDate | None, known: Sequence[Mention]) -> ResolvedDate | None:
    """Return the span of all phases of a programme, if each has its own span and they follow each other."""
    if dated is None or dated.last is None or not dated.precision.is_exact_to_the_day:
        return dated
    for mention in known:
        other = mention.dated
        if other is None or other.last is None or not _is_phase(mention):
            continue
        is_next = dated.last < other.first <= dated.last + _BETWEEN_PHASES and other.precision is dated.precision
        if is_next and mention.role in {*EVENT_ROLES, Role.OTHER}:
            dated = replace(dated, last=other.last, text=f"{dated.text} – {other.text}")
    return dated


def _preference(
    mention: Mention, published: date | None, years: Collection[int]
) -> tuple[bool, bool, bool, tuple[int, bool]]:
    is_past = published is not None and not _is_ahead(mention, published)
    return (not mention.purpose.replaces, is_past, first_day(mention) == published, _rank(mention.dated, years))


def first_day(mention: Mention) -> date | None:
    """Return the first day of a mention; None if its year is not known."""
    return mention.dated.first if mention.dated else None


def _is_ahead(mention: Mention, published: date) -> bool:
    dated = mention.dated
    return dated is not None and (dated.last or dated.first) >= published - MAX_AGE


def _rank(dated: ResolvedDate | None, years: Collection[int] = ()) -> tuple[int, bool]:
    assert dated is not None
    coarse = list(DatePrecision).index(dated.precision)
    # An exact time ranks no higher than a day; a written year ranks above an inferred one.
    # In "Bolzano (1 ottobre), Verona (2 ottobre 2026)", the year of the second is that of the first.
    is_inferred = dated.year_inferred and dated.first.year not in years
    return max(coarse, 1), is_inferred and coarse <= 1


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


def _disagreements(chosen: Mention, cued: Sequence[Mention]) -> list[str]:
    mine = chosen.dated
    doubts = []
    for mention in cued:
        other = mention.dated
        if mention is chosen or other is None or mine is None or mention.role is Role.STARTS:
            continue
        if not _agree(mine, other):
            doubts.append(f"two sets of dates are given: {mine.text!r} and {other.text!r}")
    return doubts


def _agree(one: ResolvedDate, other: ResolvedDate) -> bool:
    """Return whether two dates agree: a month with a day in it, a day with a span around it, equal spans of days."""
    first, last = one.last or one.first, other.last or other.first
    if one.precision.is_exact_to_the_day and other.precision.is_exact_to_the_day:
        if one.last is None or other.last is None:
            return one.first <= last and other.first <= first
        return one.first == other.first and first == last
    return one.first <= last and other.first <= first and _cover(one, other)


def _cover(one: ResolvedDate, other: ResolvedDate) -> bool:
    """Return whether the coarser span contains the start of the finer one."""
    coarse, fine = (one, other) if _rank(one) > _rank(other) else (other, one)
    return coarse.first <= fine.first <= (coarse.last or coarse.first)


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
    # "5 October 9am – 9 November 5pm" closes at its end.
    is_timed = dated.starts is not None and dated.ends is not None
    return replace(
        dated,
        first=dated.last,
        last=None,
        starts=dated.ends if is_timed else None,
        ends=None,
        precision=DatePrecision.EXACT if is_timed else DatePrecision.DAY,
    )


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


def _is_same(one: ParsedDeadline, other: ParsedDeadline) -> bool:
    if one.kind is not other.kind or one.at is None or other.at is None:
        return False
    return one.at.first == other.at.first or (
        abs((one.at.first - other.at.first).days) <= 1 and (one.at.is_midnight or other.at.is_midnight)
    )


def _exactness(due: ParsedDeadline) -> tuple[bool, bool]:
    at = due.at
    return (at is not None and at.starts is not None, at is not None and at.zone is not None)
