"""Defines what somebody can and wants, as written in an address: ``level:low;near:Berlin;months:2027-02..2027-09``."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from tracker.models.moments import EARLIEST_YEAR, LATEST_YEAR
from tracker.models.record import Record
from tracker.models.selection_values import DEFAULT_DISTANCE, Distance, Near, write_distance
from tracker.models.vocabulary import Level, Topic


class Online(StrEnum):
    """Whether taking part online suits."""

    YES = "yes"
    NO = "no"
    ONLY = "only"


class Money(StrEnum):
    """What somebody needs to be able to take part."""

    FREE = "free"
    EXPENSES = "expenses"
    STIPEND = "stipend"


_MONTH_OR_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_FORMS = {
    "level": "level:low, mid or high",
    "near": "near:Berlin or near:52.52,13.41",
    "within": "within:300km",
    "online": "online:yes, no or only",
    "months": "months:2027-02..2027-09, or days, or only one side",
    "hours": "hours:10 (a week)",
    "money": "money:free, expenses or stipend",
    "topics": "topics:technical,governance",
}


def _read_level(value: object) -> object:
    if value not in {Level.LOW, Level.MID, Level.HIGH, None}:
        raise ValueError(f"{value} is not known")
    return value


def _read_hours(value: object) -> object:
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("write a number of hours a week, such as 10")
    return value


def _split(value: object) -> object:
    return tuple(each.strip() for each in value.split(",")) if isinstance(value, str) else value


class Fit(Record):
    """What somebody can and wants; what is not given does not count."""

    level: Annotated[Level | None, BeforeValidator(_read_level)] = None
    """The highest entry bar that they meet."""
    near: Near = ""
    """Where they are."""
    within: Distance = DEFAULT_DISTANCE
    """How far they would travel, in kilometres."""
    online: Online | None = None
    """Whether they would take part online."""
    first_day: date | None = None
    """When they have time, from."""
    last_day: date | None = None
    """When they have time, until."""
    hours: Annotated[int | None, BeforeValidator(_read_hours), Field(ge=1, le=80)] = None
    """Hours a week that they have."""
    money: Money | None = None
    """What they need."""
    topics: Annotated[tuple[Topic, ...], BeforeValidator(_split)] = ()
    """What they want to do."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("the last of months lies before the first")
        if self.within != DEFAULT_DISTANCE and not self.near:
            raise ValueError("within needs near")
        if not self.to_text():
            raise ValueError("it says nothing")
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the text of an address.

        Raises:
            ValueError: it cannot be read; the message says how each part is written.
        """
        given: dict[str, Any] = {}
        for part in filter(None, (each.strip() for each in text.split(";"))):
            name, colon, value = (each.strip() for each in part.partition(":"))
            if name not in _FORMS or not colon or not value:
                raise ValueError(f"{part[:60]!r} is no part of it. Parts, with ; between: {'; '.join(_FORMS.values())}")
            if name in given:
                raise ValueError(f"{name} stands twice")
            given[name] = value
        try:
            days = _read_months(given.pop("months", ""))
            return cls.model_validate({**given, **days})
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]) if first["loc"] else ""
            said = first["msg"].removeprefix("Value error, ")
            raise ValueError(f"{name}: {said}. Write {_FORMS[name]}" if name in _FORMS else said) from error

    def to_text(self) -> str:
        """Return the canonical text: parts in a fixed order, defaults left out."""
        days = "..".join(each.isoformat() if each else "" for each in (self.first_day, self.last_day))
        parts: Mapping[str, object] = {
            "level": self.level,
            "near": self.near,
            "within": write_distance(self.within) if self.within != DEFAULT_DISTANCE else "",
            "online": self.online,
            "months": days if days != ".." else "",
            "hours": self.hours,
            "money": self.money,
            "topics": ",".join(sorted(set(self.topics))),
        }
        return ";".join(f"{name}:{value}" for name, value in parts.items() if value)


def _read_months(written: str) -> dict[str, date | None]:
    if not written:
        return {}
    first, dots, last = written.partition("..")
    if not dots:
        last = first
    try:
        return {"first_day": _day(first, is_last=False), "last_day": _day(last, is_last=True)}
    except ValueError as error:
        raise ValueError(f"months: {written[:40]!r} is no time. Write {_FORMS['months']}") from error


def _day(written: str, *, is_last: bool) -> date | None:
    if not written:
        return None
    found = _MONTH_OR_DAY.fullmatch(written)
    if found is None:
        raise ValueError(written)
    year, month = int(found[1]), int(found[2])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(written)
    if found[3]:
        return date(year, month, int(found[3]))
    return date(year, month, monthrange(year, month)[1] if is_last else 1)
