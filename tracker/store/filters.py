"""A selection → SQL conditions on the event table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from tracker.errors import SelectionError
from tracker.models.application_status import CLOSING_SOON
from tracker.models.moments import day_of
from tracker.models.selection import ALL_THE_PAST, Attendance, Selection, Sort
from tracker.models.text import fold
from tracker.models.vocabulary import ApplicationStatus
from tracker.store import schema
from tracker.store.full_text import contains_words
from tracker.store.geo import events_within

FACETS = ("type", "country", "city", "mode", "topic", "level", "cost", "stipend", "language", "source", "scope")
"""The fields of a selection that are looked up as facets of an event."""
PLACES = ("country", "city")
FOLDED_CITY = "folded_city"
"""Cities are looked up without accents and case."""

IS_LISTED = and_(schema.event.c.merged_into.is_(None), schema.event.c.hidden.is_(False))
"""Neither part of another event nor hidden by a person."""

_LATEST_ZONE, _EARLIEST_ZONE = timedelta(hours=-12), timedelta(hours=14)
APPLICABLE = (ApplicationStatus.OPEN, ApplicationStatus.CLOSING_SOON, ApplicationStatus.ROLLING)


def past_of(selection: Selection) -> timedelta | None:
    """Return how long ended events stay, or None for ever: who asks from a day on wants what ended since, too."""
    if selection.past is None:
        return timedelta() if selection.starts_from is None else None
    return None if selection.past == ALL_THE_PAST else selection.past


def conditions(db: Connection, selection: Selection, now: datetime) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold of an event; ended events are kept as long as ``selection.past`` says.

    Raises:
        SelectionError: it names a source or a place that we do not know.
    """
    event = schema.event
    check_sources(db, selection)
    past = past_of(selection)
    if past is not None:
        yield event.c.over_at > now - past
    if (first := first_day_asked(selection, now)) is not None:
        yield event.c.last_day >= first.isoformat()
    if (last := last_day_asked(selection, now)) is not None:
        yield event.c.first_day <= last.isoformat()
    yield from _facets(selection)
    if selection.status:
        wanted = set(selection.status)
        if ApplicationStatus.OPEN in wanted:
            wanted |= set(APPLICABLE)
        yield status_at(now).in_(sorted(wanted))
    if selection.deadline_within is not None:
        yield _closes_between(now, now + selection.deadline_within)
    if words := fold(selection.q).split():
        yield contains_words(db, words)


def order_of(selection: Selection, now: datetime) -> tuple[ColumnElement[Any], ...]:
    """Return what the events of a selection are sorted by; the id decides between equals."""
    event = schema.event
    by_start = (event.c.begins_at, event.c.id)
    if selection.sort is Sort.NEW:
        return (event.c.first_seen.desc(), *by_start)
    if selection.sort is Sort.DEADLINE:
        closing = _next_closing(now)
        return (closing.is_(None), closing, *by_start)
    return by_start


def status_at(now: datetime) -> ColumnElement[str]:
    """Return the application status as SQL; ``tracker.models.application_status`` says the same of a record."""
    event = schema.event
    never = datetime.max.replace(tzinfo=now.tzinfo)
    return case(
        (event.c.over_at <= now, ApplicationStatus.ENDED.value),
        (or_(event.c.opens_at > now, event.c.not_yet_open), ApplicationStatus.NOT_YET_OPEN.value),
        (_closes_between(now, now + CLOSING_SOON), ApplicationStatus.CLOSING_SOON.value),
        (_closes_between(now, never), ApplicationStatus.OPEN.value),
        (event.c.rolling, ApplicationStatus.ROLLING.value),
        (event.c.has_closing, ApplicationStatus.CLOSED.value),
        else_=ApplicationStatus.UNKNOWN.value,
    )


def first_day_asked(selection: Selection, now: datetime) -> date | None:
    """Return the first day of its window. One from today on is counted where it is latest: nobody misses an evening
    by a time zone."""
    return _day(selection.starts_from, now + _LATEST_ZONE)


def last_day_asked(selection: Selection, now: datetime) -> date | None:
    """Return the last day of its window; one from today on is counted where it is earliest."""
    return _day(selection.starts_to, now + _EARLIEST_ZONE)


def _day(asked: date | timedelta | None, now: datetime) -> date | None:
    return day_of(now, None) + asked if isinstance(asked, timedelta) else asked


def _facets(selection: Selection) -> Iterator[ColumnElement[bool]]:
    where = [_has(facet, values) for facet in PLACES if (values := getattr(selection, facet))]
    if selection.near:
        where.append(schema.event.c.id.in_(events_within(selection.near, selection.within)))
    if where:
        can_choose = Attendance.ONLINE in selection.mode and len(selection.mode) > 1
        # "In Berlin or online": what is online needs no place.
        yield or_(_has("mode", (Attendance.ONLINE,)), and_(*where)) if can_choose else and_(*where)
    for facet in FACETS:
        if facet not in PLACES and (values := getattr(selection, facet)):
            yield _has(facet, values)


def _has(facet: str, values: tuple[str, ...]) -> ColumnElement[bool]:
    facets = schema.event_facet
    if facet == "city":
        facet, values = FOLDED_CITY, tuple(fold(city) for city in values)
    having = select(facets.c.event_id).where(facets.c.facet == facet, facets.c.value.in_(values))
    return schema.event.c.id.in_(having)


def _closes_between(after: datetime, until: datetime) -> ColumnElement[bool]:
    closing = schema.event_closing
    return schema.event.c.id.in_(
        select(closing.c.event_id).where(closing.c.closes_at > after, closing.c.closes_at <= until)
    )


def _next_closing(now: datetime) -> ColumnElement[Any]:
    closing = schema.event_closing
    ahead = (closing.c.event_id == schema.event.c.id, closing.c.closes_at > now)
    return select(func.min(closing.c.closes_at)).where(*ahead).scalar_subquery()


def check_sources(db: Connection, selection: Selection) -> None:
    """Check that the sources of a selection are known.

    Raises:
        SelectionError: one is not.
    """
    if selection.source:
        known = set(db.execute(select(schema.source.c.id)).scalars())
        if unknown := set(selection.source) - known:
            raise SelectionError(f"source={min(unknown)} is not known. Sources: {', '.join(sorted(known))}.")
