"""Converts a selection to SQL conditions on the event table, for feeds, dashboard and command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from math import cos, pi, radians, sin
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from tracker.errors import SelectionError
from tracker.models.application_status import status_cases
from tracker.models.filters import FACETS
from tracker.models.moments import day_of
from tracker.models.place import EARTH_RADIUS
from tracker.models.selection import NO_PAST_LIMIT, Attendance, Selection, Sort
from tracker.models.text import fold
from tracker.models.vocabulary import ApplicationStatus
from tracker.store import schema
from tracker.store.full_text import contains_words
from tracker.store.status_history import had_deadline, had_status

FOLDED_CITY = "folded_city"
"""Facet that cities are filtered by: their names without accents and case."""
IS_LISTED = and_(schema.event.c.merged_into.is_(None), schema.event.c.hidden.is_(False))
"""Neither merged into another event nor hidden by a curator."""
_NO_DAY = "9999-12-31"
_PLACE_FACETS = ("country", "city")
_LATEST_ZONE, _EARLIEST_ZONE = timedelta(hours=-12), timedelta(hours=14)


def conditions(
    db: Connection, selection: Selection, now: datetime, *, once_found: bool = False
) -> Iterator[ColumnElement[bool]]:
    """Yield the SQL conditions of a selection. Ended events are included for as long as ``selection.past`` says.

    Args:
        db: the connection.
        selection: selects the events.
        now: the current time.
        once_found: whether ``status`` and ``deadline_within`` also hold for events that they found earlier, as in
            calendars: an event that closes must not vanish from the calendar of somebody who has applied.

    Raises:
        SelectionError: it names an unknown source or place, or one that has not been located.
    """
    event = schema.event
    _check_sources(db, selection)
    _check_places(db, selection)
    past = past_of(selection)
    if past is not None:
        yield event.c.ends_at > now - past
    # A window that starts today uses the zone where today ends last, and its end the zone where a day begins first:
    # so no event is missed because of a time zone.
    if (first := _day(selection.starts_from, now + _LATEST_ZONE)) is not None:
        yield event.c.last_day >= first.isoformat()
    if (last := _day(selection.starts_to, now + _EARLIEST_ZONE)) is not None:
        yield event.c.first_day <= last.isoformat()
    yield from _facets(selection)
    if selection.status:
        wanted = sorted(set().union(*(each.statuses for each in selection.status)))
        has_now = status_at(now).in_(wanted)
        yield or_(has_now, had_status(wanted, now)) if once_found else has_now
    if (within := selection.deadline_within) is not None:
        yield had_deadline(within, now) if once_found else _EventColumns().closes_between(now, now + within)
    if words := fold(selection.q).split():
        yield _says(db, words, selection.spellings)


def _says(db: Connection, words: list[str], spellings: dict[str, str]) -> ColumnElement[bool]:
    """Return the SQL condition that a text contains all words; a city also counts in another spelling of its name."""
    literally = [word for word in words if word not in spellings]
    said = [contains_words(db, literally)] if literally else []
    said += [
        or_(contains_words(db, [word]), has_facet("city", (spellings[word],))) for word in words if word in spellings
    ]
    whole = spellings.get(" ".join(words)) if len(words) > 1 else None
    return or_(and_(*said), has_facet("city", (whole,))) if whole else and_(*said)


def order_of(selection: Selection, now: datetime) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that a selection sorts by; the id breaks ties."""
    event = schema.event
    # By the day at the place, which is the day that lists show; then by the instant.
    by_start = (func.coalesce(event.c.first_day, _NO_DAY), event.c.starts_at, event.c.id)
    if selection.sort is Sort.NEW:
        return (event.c.first_seen.desc(), *by_start)
    if selection.sort is Sort.DEADLINE:
        closing = next_closing(now)
        return (closing.is_(None), closing, *by_start)
    return by_start


def past_of(selection: Selection) -> timedelta | None:
    """Return how long ended events are included; None: for ever, as in a window that has a first day."""
    if selection.past is None:
        return timedelta() if selection.starts_from is None else None
    return None if selection.past == NO_PAST_LIMIT else selection.past


def status_at(now: datetime) -> ColumnElement[str]:
    """Return the application status as an SQL expression."""
    cases = [(condition, status.value) for condition, status in status_cases(_EventColumns(), now)]
    return case(*cases, else_=ApplicationStatus.UNKNOWN.value)


def next_closing(now: datetime) -> ColumnElement[Any]:
    """Return the next deadline after ``now`` as an SQL expression; NULL without one."""
    closing = schema.event_closing
    ahead = (closing.c.event_id == schema.event.c.id, closing.c.closes_at > now)
    return select(func.min(closing.c.closes_at)).where(*ahead).scalar_subquery()


def has_facet(facet: str, values: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the SQL condition that an event has one of the values of a facet."""
    facets = schema.event_facet
    if facet == "city":
        facet, values = FOLDED_CITY, tuple(fold(city) for city in values)
    having = select(facets.c.event_id).where(facets.c.facet == facet, facets.c.value.in_(values))
    return schema.event.c.id.in_(having)


def unit_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Return the point of the unit sphere at a latitude and longitude in degrees."""
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


class _EventColumns:
    """The facts that decide the application status, as SQL conditions on the event table."""

    def is_over(self, now: datetime) -> ColumnElement[bool]:
        return schema.event.c.ends_at <= now

    def opens_later(self, now: datetime) -> ColumnElement[bool]:
        return or_(schema.event.c.opens_at > now, schema.event.c.not_yet_open)

    def closes_between(self, after: datetime, until: datetime) -> ColumnElement[bool]:
        closing = schema.event_closing
        between = (closing.c.closes_at > after, closing.c.closes_at <= until)
        return schema.event.c.id.in_(select(closing.c.event_id).where(*between))

    def is_rolling(self) -> ColumnElement[bool]:
        return schema.event.c.rolling

    def had_deadline(self) -> ColumnElement[bool]:
        return schema.event.c.has_closing


def _facets(selection: Selection) -> Iterator[ColumnElement[bool]]:
    where = [has_facet(facet, values) for facet in _PLACE_FACETS if (values := getattr(selection, facet))]
    if (center := selection.center) is not None:
        where.append(_is_near(center, selection.within))
    if where:
        can_choose = Attendance.ONLINE in selection.mode and len(selection.mode) > 1
        # "In Berlin or online": an online event needs no place.
        yield or_(has_facet("mode", (Attendance.ONLINE,)), and_(*where)) if can_choose else and_(*where)
    for facet in FACETS:
        if facet not in _PLACE_FACETS and (values := getattr(selection, facet)):
            yield has_facet(facet, values)


def _is_near(center: tuple[float, float], radius: float) -> ColumnElement[bool]:
    """Return the SQL condition that an event takes place within ``radius`` km (great-circle distance)."""
    x, y, z = unit_vector(*center)
    min_dot_product = cos(min(radius / EARTH_RADIUS, pi))
    location = schema.event_location
    is_close = location.c.x * x + location.c.y * y + location.c.z * z >= min_dot_product
    return schema.event.c.id.in_(select(location.c.event_id).where(is_close))


def _day(asked: date | timedelta | None, now: datetime) -> date | None:
    return day_of(now, None) + asked if isinstance(asked, timedelta) else asked


def _check_sources(db: Connection, selection: Selection) -> None:
    if selection.source:
        known = set(db.execute(select(schema.source.c.id)).scalars())
        if unknown := set(selection.source) - known:
            raise SelectionError(f"source={min(unknown)} is not known. Sources: {', '.join(sorted(known))}.")


def _check_places(db: Connection, selection: Selection) -> None:
    """Let a place pass that the gazetteer does not know, if an event is there."""
    facets = schema.event_facet
    for facet, value in selection.unknown:
        if db.execute(select(schema.event.c.id).where(has_facet(facet, (value,))).limit(1)).first():
            continue
        if facet == "country":
            raise SelectionError(f"country={value} is no country we know. Write two letters, such as country=DE.")
        cities = db.execute(select(facets.c.value).where(facets.c.facet == facet).distinct()).scalars()
        near = get_close_matches(value, list(cities), n=3)
        meant = f" Did you mean {', '.join(near)}?" if near else ""
        raise SelectionError(f"city={value} is no city we know, and no event is there.{meant}")
