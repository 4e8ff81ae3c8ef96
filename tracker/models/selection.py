"""One set of filters: the same object behind dashboard, feed, JSON, CSV and command line.

Its query string is its one written form: keys in a fixed order, several values as repeated keys, defaults
left out. Equal selections therefore share one address, one ETag and one cache entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl, urlencode

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from tracker.errors import SelectionError
from tracker.models.record import Record
from tracker.models.text import PlainLine
from tracker.models.vocabulary import CostKind, EventType, Level, Stipend, Topic


class Attendance(StrEnum):
    """How one can take part. A hybrid where one may choose is found under both."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


ALL_THE_PAST = timedelta.max
_COUNTRY = re.compile(r"[A-Z]{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = re.compile(r"(\d{1,5})d")
_MAX_QUERY = 2_048
_MAX_VALUES = 20


def _read_past(value: object) -> object:
    if isinstance(value, str):
        if value == "all":
            return ALL_THE_PAST
        if days := _DAYS.fullmatch(value):
            return timedelta(days=int(days[1]))
        raise ValueError("write a number of days such as '30d', or 'all'")
    return value


def _write_past(value: timedelta) -> str:
    return "all" if value == ALL_THE_PAST else f"{value.days}d"


def _read_day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("a day is written as 2026-12-31")
    return value


def _check_country(code: str) -> str:
    # "UK" is reserved in ISO 3166-1 but names nothing: silently finding nothing would be worst.
    if not _COUNTRY.fullmatch(code) or code == "UK":
        raise ValueError("a country is two letters of ISO 3166-1")
    return code


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _sorted_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sorted(set(values)))


def _upper(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return tuple(text.upper() if isinstance(text, str) else text for text in value)
    return value


_Country = Annotated[str, AfterValidator(_check_country)]
_Several = BeforeValidator(_as_tuple)
_Once = AfterValidator(_sorted_once)


class Selection(Record):
    """Which events. Values of one field are alternatives; different fields must all hold."""

    type: Annotated[tuple[EventType, ...], _Several, _Once] = ()
    """``hackathon``, ``course``…"""
    country: Annotated[tuple[_Country, ...], BeforeValidator(_upper), _Several, _Once] = ()
    """ISO 3166-1 alpha-2: ``DE``."""
    city: Annotated[tuple[PlainLine, ...], _Several, _Once] = ()
    """As shown: ``Berlin``."""
    mode: Annotated[tuple[Attendance, ...], _Several, _Once] = ()
    """``online``, ``in_person``, ``hybrid``"""
    starts_from: Annotated[date | None, Field(alias="from"), BeforeValidator(_read_day)] = None
    """First day of the window: events that end before it are left out."""
    starts_to: Annotated[date | None, Field(alias="to"), BeforeValidator(_read_day)] = None
    """Last day of the window: events that start after it are left out."""
    q: PlainLine = ""
    """Words that must all occur, accents and case ignored."""
    topic: Annotated[tuple[Topic, ...], _Several, _Once] = ()
    """``technical``, ``governance``, ``general``"""
    level: Annotated[tuple[Level, ...], _Several, _Once] = ()
    """``low``, ``mid``, ``high``"""
    cost: Annotated[tuple[CostKind, ...], _Several, _Once] = ()
    """``free``, ``paid``"""
    stipend: Annotated[tuple[Stipend, ...], _Several, _Once] = ()
    """``stipend``, ``expenses``, ``none``"""
    source: Annotated[tuple[str, ...], _Several, _Once] = ()
    """Ids of sources."""
    past: Annotated[timedelta | None, BeforeValidator(_read_past)] = None
    """How long ended events stay: ``30d`` or ``all``. None: as long as the surface keeps them."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts_from and self.starts_to and self.starts_to < self.starts_from:
            raise ValueError(f"from={self.starts_from} lies after to={self.starts_to}")
        return self

    @classmethod
    def names(cls) -> list[str]:
        """Return the names that a query string may use."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def from_query(cls, query: str) -> Self:
        """Read a query string such as ``type=hackathon&country=DE``.

        Raises:
            SelectionError: unknown name or value, or too long. The message lists what is allowed.
        """
        if len(query) > _MAX_QUERY:
            raise SelectionError(f"The filters are too long: at most {_MAX_QUERY} characters.")
        return cls.from_pairs(parse_qsl(query, keep_blank_values=True))

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """Read filters given as (name, value) pairs. Empty values are left out.

        Raises:
            SelectionError: unknown name or value. The message lists what is allowed.
        """
        known = {field.alias or name: field for name, field in cls.model_fields.items()}
        values: dict[str, Any] = {}
        for name, value in pairs:
            if name not in known:
                raise SelectionError(f"There is no filter called {name!r}. Filters: {', '.join(known)}.")
            if not value and known[name].default == "":
                continue
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
            values = value if isinstance(value, tuple) else (value,)
            for each in values:
                text = _write_past(each) if isinstance(each, timedelta) else str(each)
                pairs.append((field.alias or name, text))
        return pairs

    def to_query(self) -> str:
        """Return the normalised query string, without ``?``; empty where nothing is filtered."""
        return urlencode(self.to_pairs())


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
        return f"{name}={first['input']} is not a day. Write it as {name}=2026-12-31."
    return f"{name}={first['input']} cannot be read: {first['msg'].removeprefix('Value error, ')}."
