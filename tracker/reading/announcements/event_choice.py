"""Chooses the date of the event among the dates of a text, by rules of precedence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from tracker.models.vocabulary import DatePrecision
from tracker.reading.announcements.cues import pattern
from tracker.reading.announcements.date_role import Role
from tracker.reading.announcements.parts import EVENT_ROLES, Mention
from tracker.reading.dates.resolution import ResolvedDate
from tracker.reading.dates.years import MAX_AGE


def choose_event(mentions: Sequence[Mention], published: date | None) -> tuple[Mention | None, list[str]]:
    """Return the date of the event, and doubts about dates that contradict it.

    Dates that a word marks as the event's come first; among these, dates that replace others, dates that lie ahead of
    the day of publication, and the most precise dates.
    """
    known = [mention for mention in mentions if mention.dated is not None]
    cued = [mention for mention in known if _is_cued(mention)]
    loose = [
        mention
        for mention in known
        if mention.role in EVENT_ROLES
        and not _is_cued(mention)
        # The day of publication, in a byline, is no event.
        and not is_byline(mention, published)
    ]
    if any(not _is_bare_weekday(mention) for mention in (*cued, *loose)):
        # "kick-off Friday" beside "4–6 September" is one of these days, and not the next Friday.
        cued, loose = ([each for each in group if not _is_bare_weekday(each)] for group in (cued, loose))
    phases = [
        mention
        for mention in known
        if mention.role is Role.OTHER and mention.dated and mention.dated.last and is_phase(mention)
    ]
    groups = [cued, phases if len(phases) > 1 else [], loose, phases]
    if published is not None and not any(_is_ahead(mention, published) for mention in cued):
        ahead = [mention for mention in loose if _is_ahead(mention, published) and first_day(mention) != published]
        groups = [ahead, *groups]
    for group in groups:
        if group:
            chosen = finer(preferred(group, known, published), loose)
            compared = [mention for mention in cued if published is None or _is_ahead(mention, published)]
            return chosen, [] if chosen.purpose.replaces else _disagreements(chosen, compared)
    return None, []


def _is_cued(mention: Mention) -> bool:
    return mention.role in {Role.EVENT, Role.STARTS} and not mention.purpose.is_weak


def preferred(group: Sequence[Mention], known: Sequence[Mention], published: date | None) -> Mention:
    """Return the first of the dates that may be the event's which replaces others, lies ahead, is precise."""
    years = {mention.dated.first.year for mention in known if mention.dated and not mention.dated.year_inferred}
    # Of dates that replace others, the last counts: "postponed to May, and once more to October".
    ordered = [*reversed(group)] if any(mention.purpose.replaces for mention in group) else group
    return min(ordered, key=lambda mention: _preference(mention, published, years))


def is_byline(mention: Mention, published: date | None) -> bool:
    """Return whether it is the day of publication, as in a byline."""
    is_written_day = any(char.isdigit() for char in mention.words) and mention.dated is not None
    is_untimed = mention.dated is not None and mention.dated.starts is None and mention.dated.last is None
    return (
        mention.role is Role.UNSPECIFIED
        and is_written_day
        and is_untimed
        and first_day(mention) == published
        and published is not None
    )


def _is_bare_weekday(mention: Mention) -> bool:
    return pattern("bare_weekday").fullmatch(mention.words) is not None


def finer(chosen: Mention, loose: Sequence[Mention]) -> Mention:
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


def is_phase(mention: Mention) -> bool:
    """Return whether it is that of a part of a programme."""
    return pattern("phase").search(mention.purpose.clause) is not None


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
