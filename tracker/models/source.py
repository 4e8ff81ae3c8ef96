"""A place on the web that lists events."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from tracker.models.moments import ZoneName
from tracker.models.record import Record
from tracker.models.text import PlainLine, WebLink
from tracker.models.vocabulary import EventType, Mode, Tier, Topic


class Expectation(Record):
    """How many listings a healthy run of a source yields."""

    at_least: int = Field(default=1, ge=0)
    """Fewer is suspect. 0: the source may be empty."""
    at_most: int = Field(default=2_000, ge=1)
    """More is suspect."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError(f"at_most = {self.at_most} is less than at_least = {self.at_least}")
        return self


class Defaults(Record):
    """What is true of every listing of a source that does not say otherwise."""

    types: tuple[EventType, ...] = ()
    """``["meetup"]``"""
    mode: Mode = Mode.UNKNOWN
    """``in_person``"""
    place: PlainLine = ""
    """``Berlin, Germany``"""
    topics: tuple[Topic, ...] = ()
    """``["governance"]``"""
    languages: tuple[str, ...] = ()
    """``["de"]``"""


class Source(Record):
    """One source file, read and checked."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    """Name of the file without ``.toml``."""
    tier: Tier
    """Name of the folder."""
    name: PlainLine
    """``AI Safety Berlin``"""
    homepage: WebLink
    """Where a person would look."""
    platform: str
    """Which file of ``spiders/platforms`` reads it: ``ical``."""
    options: dict[str, Any] = Field(default_factory=dict)
    """What that platform needs, checked by the platform."""
    enabled: bool = True
    """False: ships complete, but somebody must check it on a networked machine first."""
    timezone: ZoneName | None = None
    """For times that come without a zone."""
    every: timedelta = timedelta(hours=12)
    """How long to wait between crawls: ``every = "12h"``."""
    expect: Expectation = Expectation()
    """How many listings a healthy run yields."""
    defaults: Defaults = Defaults()
    """What is true of every listing that does not say otherwise."""
    scope: Literal["all", "filter"] = "all"
    """``filter``: lists more than AI safety."""
    licence: PlainLine = ""
    """``CC-BY-4.0``"""
    attribution: PlainLine = ""
    """Credit the licence asks for."""
    robots: Literal["obey", "documented-api"] = "obey"
    """``documented-api``: the publisher documents this address for programs."""
    verified: PlainLine = "never"
    """Day somebody last saw it work, or ``never``."""
    path: Path | None = Field(default=None, exclude=True, repr=False)
    """The file it was read from."""

    @field_validator("every", mode="before")
    @classmethod
    def _hours_or_days(cls, value: object) -> object:
        if isinstance(value, timedelta) or (isinstance(value, str) and value.startswith("P")):
            return value
        if not isinstance(value, str):
            raise ValueError("write hours or days, such as '12h' or '7d'")  # noqa: TRY004 - pydantic's contract
        number, unit = value[:-1], value[-1:]
        units = {"h": timedelta(hours=1), "d": timedelta(days=1)}
        if not (number.isdigit() and len(number) <= 3) or unit not in units:
            raise ValueError("write hours or days, such as '12h' or '7d'")
        return int(number) * units[unit]
