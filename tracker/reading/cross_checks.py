"""Compares the fields of a listing with its own text; each disagreement is a named doubt and changes no value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from tracker.models.deadline import Deadline
from tracker.models.moments import When, zone_of
from tracker.models.vocabulary import OPPORTUNITY_TYPES, TRAINING_TYPES, DeadlineKind, EventType
from tracker.reading.announcements import Announcement, Mention
from tracker.reading.announcements.date_role import Role

LONGEST_EVENT = timedelta(days=45)
"""Maximum length of a meetup or conference; a longer one is something else: an application window, a whole series."""
_YEAR = re.compile(r"(?<![\d.,/-])(20[1-4]\d)(?![\d.,-]|/\d{3})")
_YEAR_IN_PATH = re.compile(r"(?<!\d)(20[1-4]\d)(?!\d|[/-]\d\d(?!\d))")
"""Does not match the year of /2026/10/, which is the day a page was published."""
_YEAR_PAIR = re.compile(r"(20[1-4]\d)\s?[/–-]\s?(?:20)?(\d\d)(?!\d)")
_ABOUT_EVENT = frozenset({Role.EVENT, Role.STARTS, Role.UNSPECIFIED})
_ENTERING = frozenset({DeadlineKind.APPLICATION, DeadlineKind.REGISTRATION, DeadlineKind.EARLY_BIRD})
_SHOWN = 3


def cross_check(
    when: When,
    types: Sequence[EventType],
    deadlines: Sequence[Deadline],
    title: str,
    url: str | None,
    said: Announcement,
) -> tuple[str, ...]:
    """Return the doubts about a listing, each with the name of its check first.

    Args:
        when: start and end from the listing's fields.
        types: event types; programmes may last for months.
        deadlines: deadlines of the listing.
        title: its title; a year in it must be that of the date.
        url: link to its page; a year in its path must be that of the date.
        said: announcement parsed from its title and description.
    """
    if when.start is None:
        return ()
    path = urlsplit(url).path if url else ""
    checks = (
        _year(when, "title", _YEAR.findall(title), title),
        _year(when, "address", _YEAR_IN_PATH.findall(path), path),
        _span(when, types),
        _deadlines(when, deadlines),
        _times(when, said),
        _days(when, said),
        _weekdays(when, said),
    )
    return tuple(dict.fromkeys(doubt for check in checks for doubt in list(check)[:_SHOWN]))


def _year(when: When, where: str, found: Sequence[str], text: str) -> Iterator[str]:
    years = {int(year) for year in found}
    for first, second in _YEAR_PAIR.findall(text):
        years |= {int(first), int(first) // 100 * 100 + int(second)}
    spanned = {day.year for day in (when.first_day, when.last_day) if day is not None}
    if years and not any(min(spanned) <= year <= max(spanned) for year in years):
        yield f"year: the {where} says {min(years)}, the date is {when.first_day}"


def _span(when: When, types: Sequence[EventType]) -> Iterator[str]:
    if when.first_day is None or when.last_day is None or not when.is_exact_to_the_day:
        return
    length = when.last_day - when.first_day
    if length > LONGEST_EVENT and not (TRAINING_TYPES | OPPORTUNITY_TYPES) & set(types):
        yield f"span: {length.days + 1} days are long for an event; this may be the time to apply"


def _deadlines(when: When, deadlines: Sequence[Deadline]) -> Iterator[str]:
    for deadline in deadlines:
        if (
            deadline.kind in _ENTERING
            and deadline.closes_at is not None
            and deadline.closes_at - timedelta(days=1) > when.ends_at
        ):
            yield f"deadline: {deadline.kind.value} closes after the end"


def _times(when: When, said: Announcement) -> Iterator[str]:
    """Check clock times: if the data says 18:00+00:00 and the text 6pm PT, the digits agree but the instants differ."""
    if not isinstance(when.start, datetime):
        return
    for mention in _about_event(said):
        dated = mention.dated
        instant = dated.instant(dated.first, dated.starts) if dated and dated.starts else None
        if dated is None or instant is None or instant == when.start or dated.starts is None:
            continue
        utc, local = when.start.astimezone(UTC), when.start.astimezone(zone_of(when.timezone))
        if (dated.first, dated.starts) in {(utc.date(), utc.time()), (local.date(), local.time())}:
            yield f"zone: the data says {when.start:%H:%M} UTC, the text {mention.words!r}"
        elif dated.first == local.date() and abs(instant - when.start) < timedelta(hours=14):
            yield f"time: the data says {local:%H:%M}, the text {mention.words!r}"


def _days(when: When, said: Announcement) -> Iterator[str]:
    """Check whether the text gives other days for the event than the data."""
    first, last = when.first_day, when.last_day
    if first is None or last is None or not when.is_exact_to_the_day:
        return
    for mention in _about_event(said):
        dated = mention.dated
        if dated is None or mention.purpose.is_weak or not dated.precision.is_exact_to_the_day:
            continue
        begins, ends = dated.first, dated.last or dated.first
        if begins > last + timedelta(days=1) or ends < first - timedelta(days=1):
            yield f"dates: the data says {_shown(first, last)}, the text {mention.words!r}"


def _weekdays(when: When, said: Announcement) -> Iterator[str]:
    for mention in _about_event(said):
        if mention.dated is None:
            continue
        near = when.first_day is not None and abs((mention.dated.first - when.first_day).days) <= 400
        yield from (f"weekday: {doubt}" for doubt in mention.dated.doubts if near and doubt.startswith("the weekday"))


def _about_event(said: Announcement) -> list[Mention]:
    return [mention for mention in said.mentions if mention.role in _ABOUT_EVENT]


def _shown(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} to {last}"
