"""Defines a selection: one set of filters, shared by dashboard, feeds, JSON, CSV and command line.

Its canonical form is the query string: keys in a fixed order, several values as repeated keys, defaults left out.
Equal selections therefore share one URL, one ETag and one cache entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl, urlencode

from pydantic import AfterValidator, Field, PrivateAttr, ValidationError, model_validator

from tracker.errors import SelectionError
from tracker.models.fit import Fit
from tracker.models.record import Record
from tracker.models.selection_values import (
    AS_TUPLE,
    DEFAULT_DISTANCE,
    NO_PAST_LIMIT,
    SORTED_UNIQUE,
    Countries,
    Distance,
    Languages,
    Near,
    Past,
    RelativeDay,
    Span,
    coordinates,
    says_nothing,
    write,
    write_day,
    write_distance,
)
from tracker.models.text import PlainLine
from tracker.models.vocabulary import CostKind, EventType, Level, Scope, StatusFilter, Stipend, Topic

__all__ = ["NO_PAST_LIMIT", "Attendance", "Selection", "Sort"]


class Attendance(StrEnum):
    """How one can take part. A hybrid event with a free choice is found under ``in_person`` and ``online``, too."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Sort(StrEnum):
    """Sort order."""

    START = "start"
    DEADLINE = "deadline"
    NEW = "new"


_MAX_QUERY = 2_048
_MAX_VALUES = 20
_WRITERS: dict[str, Callable[[Any], str]] = {"from": write_day, "to": write_day, "within": write_distance}


def _canonical_fit(text: str) -> str:
    return Fit.parse(text).to_text() if text.strip() else ""


class Selection(Record):
    """Filters of events. Values of one field are combined with OR, different fields with AND."""

    type: Annotated[tuple[EventType, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """``hackathon``, ``course``…"""
    country: Countries = ()
    """ISO 3166-1 alpha-2: ``DE``."""
    city: Annotated[tuple[PlainLine, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """As shown: ``Berlin``."""
    near: Near = ""
    """Centre of a circle: a city (``Berlin``, ``Cambridge, GB``) or ``latitude,longitude`` in degrees."""
    within: Distance = DEFAULT_DISTANCE
    """Radius of the circle, in kilometres: ``300km``."""
    mode: Annotated[tuple[Attendance, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """``online``, ``in_person``, ``hybrid``. If ``online`` is one of several, places do not exclude online events."""
    starts_from: Annotated[RelativeDay, Field(alias="from")] = None
    """First day of the window: events that end before it are left out. ``2026-12-01``, ``today``, ``+30d``."""
    starts_to: Annotated[RelativeDay, Field(alias="to")] = None
    """Last day of the window: events that start after it are left out."""
    q: PlainLine = ""
    """Words that must all occur; accents, case and other spellings of cities are ignored."""
    topic: Annotated[tuple[Topic, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """``technical``, ``governance``, ``general``"""
    level: Annotated[tuple[Level, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """``low``, ``mid``, ``high``"""
    cost: Annotated[tuple[CostKind, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """``free``, ``paid``"""
    stipend: Annotated[tuple[Stipend, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """``stipend``, ``expenses``, ``none``"""
    language: Languages = ()
    """ISO 639-1: ``en``."""
    source: Annotated[tuple[str, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """Ids of sources."""
    status: Annotated[tuple[StatusFilter, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """Application status. ``open`` includes ``closing_soon`` and ``rolling``: everything one can apply to now;
    ``not_closed`` includes what does not say."""
    deadline_within: Span = None
    """Number of days within which a deadline closes: ``14d``."""
    past: Past = None
    """How long ended events stay: ``30d`` or ``all``. None: the default of the feed or page."""
    scope: Annotated[tuple[Scope, ...], AS_TUPLE, SORTED_UNIQUE] = ()
    """``xrisk``, ``ea_general``, ``rationalist``, ``adjacent``"""
    sort: Sort = Sort.START
    """``start``: earliest start first; ``deadline``: earliest deadline first; ``new``: newly listed first."""
    fit: Annotated[str, AfterValidator(_canonical_fit)] = ""
    """What somebody can and wants: best first, nothing is left out. See ``Fit``."""

    _center: tuple[float, float] | None = PrivateAttr(default=None)
    _unknown: tuple[tuple[str, str], ...] = PrivateAttr(default=())
    _spellings: tuple[tuple[str, str], ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        start, end = self.starts_from, self.starts_to
        are_alike = isinstance(start, date) == isinstance(end, date)
        if start is not None and end is not None and are_alike and end < start:  # type: ignore[operator]
            raise ValueError(f"from={write_day(start)} lies after to={write_day(end)}")
        if self.within != DEFAULT_DISTANCE and not self.near:
            raise ValueError("within needs near: near=Berlin&within=300km")
        return self

    @property
    def center(self) -> tuple[float, float] | None:
        """Latitude and longitude of ``near`` in degrees; None without it.

        Raises:
            SelectionError: ``near`` is a name without coordinates: see ``with_center``.
        """
        if not self.near:
            return None
        center = coordinates(self.near) or self._center
        if center is None:
            raise SelectionError(f"near={self.near} is not located. Write coordinates such as near=52.52,13.41.")
        return center

    def with_center(self, latitude: float, longitude: float) -> Self:
        """Return the same selection with the coordinates of the place that ``near`` names."""
        located = self.model_copy()
        located._center = (latitude, longitude)
        return located

    @property
    def unknown(self) -> tuple[tuple[str, str], ...]:
        """(Filter, value) of cities and countries that only an event could know: see ``with_unknown``."""
        return self._unknown

    def with_unknown(self, places: Iterable[tuple[str, str]]) -> Self:
        """Return the same selection with the cities and countries that the gazetteer does not know."""
        looked_up = self.model_copy()
        looked_up._unknown = tuple(places)
        return looked_up

    @property
    def spellings(self) -> dict[str, str]:
        """Words of ``q``, folded, that are other spellings of a city, with its name: see ``with_spellings``."""
        return dict(self._spellings)

    def with_spellings(self, spellings: Iterable[tuple[str, str]]) -> Self:
        """Return the same selection with the cities that words of ``q`` also name: ``wien``, ``Vienna``."""
        spelled = self.model_copy()
        spelled._spellings = tuple(spellings)
        return spelled

    @property
    def depends_on_time(self) -> bool:
        """True if its events change from day to day although no event changes, apart from events that end."""
        days = (self.starts_from, self.starts_to)
        return bool(self.status) or self.deadline_within is not None or any(isinstance(day, timedelta) for day in days)

    @classmethod
    def names(cls) -> list[str]:
        """Return the names that a query string may use."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def from_query(cls, query: str) -> Self:
        """Parse a query string such as ``type=hackathon&country=DE``.

        Raises:
            SelectionError: unknown name or value, or too long. The message lists what is allowed.
        """
        check_length(query)
        return cls.from_pairs(parse_qsl(query, keep_blank_values=True))

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """Parse filters given as (name, value) pairs.

        Empty values of ``q`` and ``near`` are ignored, and what mail programs and caches append to a URL.

        Raises:
            SelectionError: unknown name or value. The message lists what is allowed.
        """
        known = {field.alias or name: field for name, field in cls.model_fields.items()}
        values: dict[str, Any] = {}
        for name, value in pairs:
            if name not in known and says_nothing(name):
                continue
            if name not in known:
                raise SelectionError(f"There is no filter called {name!r}. Filters: {', '.join(known)}.")
            if not value and known[name].default == "":
                continue
            if not value and name in {"city", "source"}:
                raise SelectionError(f"{name}= is empty. Leave it out, or write a value.")
            if known[name].default == ():
                values.setdefault(name, []).append(value)
                if len(values[name]) > _MAX_VALUES:
                    raise SelectionError(f"{name!r} takes at most {_MAX_VALUES} values.")
            elif name in values:
                raise SelectionError(f"{name!r} takes one value, not several.")
            else:
                values[name] = value
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise SelectionError(_explain(error)) from error

    def to_pairs(self) -> list[tuple[str, str]]:
        """Return the filters as (name, value) pairs, in a fixed order, defaults left out."""
        pairs: list[tuple[str, str]] = []
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if value == field.default:
                continue
            written = _WRITERS.get(field.alias or name, write)
            pairs += [
                (field.alias or name, written(each)) for each in (value if isinstance(value, tuple) else (value,))
            ]
        return pairs

    def to_query(self) -> str:
        """Return the canonical query string, without ``?``; empty if no filter is set."""
        return urlencode(self.to_pairs())


def check_length(query: str) -> None:
    """Check the length of a query string.

    Raises:
        SelectionError: the query string is too long.
    """
    if len(query) > _MAX_QUERY:
        raise SelectionError(f"The filters are too long: at most {_MAX_QUERY} characters.")


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    if not first["loc"]:
        return f"{first['msg'].removeprefix('Value error, ')}."
    name = first["loc"][0]
    allowed = first.get("ctx", {}).get("expected", "")
    if first["type"] == "enum":
        return f"{name}={first['input']} is not known. Allowed: {allowed}."
    if name == "country" and first["input"] == "UK":
        return "country=UK is not known. The code of the United Kingdom is country=GB."
    if name == "country":
        return f"country={first['input']} is not known. Write two letters, such as country=DE."
    if name in {"from", "to"}:
        return f"{name}={first['input']} is not a day. Write it as {name}=2026-12-31, {name}=today or {name}=+30d."
    return f"{name}={first['input']} cannot be read: {first['msg'].removeprefix('Value error, ')}."
