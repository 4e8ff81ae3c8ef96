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

Filled = Literal["date", "place", "url", "deadline", "type"]
"""What a listing may say or leave open."""


def _hours_or_days(value: object) -> object:
    """Read ``12h`` and ``7d``, as people write them."""
    if value is None or isinstance(value, timedelta) or (isinstance(value, str) and value.startswith("P")):
        return value
    number, unit = (value[:-1], value[-1:]) if isinstance(value, str) else ("", "")
    units = {"h": timedelta(hours=1), "d": timedelta(days=1)}
    if not (number.isdigit() and len(number) <= 3) or unit not in units:
        raise ValueError("write hours or days, such as '12h' or '7d'")
    return int(number) * units[unit]


class Expectation(Record):
    """How many listings a healthy run of a source yields."""

    at_least: int = Field(default=1, ge=0)
    """Fewer is suspect. 0: the source may be empty."""
    at_most: int = Field(default=2_000, ge=1)
    """More is suspect."""
    fills: dict[Filled, float] = Field(default_factory=dict)
    """The least share of listings, from 0 to 1, that say something: ``{ date = 0.9, place = 0.5 }``."""
    newest_within: timedelta | None = None
    """The latest listing begins no longer ago than this: ``"90d"``. For sources that never run dry."""

    _span = field_validator("newest_within", mode="before")(_hours_or_days)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError(f"at_most = {self.at_most} is less than at_least = {self.at_least}")
        if not all(0 <= share <= 1 for share in self.fills.values()):
            raise ValueError("fills are shares from 0 to 1, such as 0.9")
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
    every: timedelta | None = None
    """How long to wait at least between crawls: ``every = "24h"``. Not stated: 12 hours, adapted to how often the
    source changes."""
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
    """``documented-api``: the publisher documents this address for programs, at ``evidence``."""
    evidence: WebLink | None = None
    """Where the publisher documents it."""
    verified: PlainLine = "never"
    """Day somebody last saw it work, or ``never``."""
    path: Path | None = Field(default=None, exclude=True, repr=False)
    """The file it was read from."""

    _span = field_validator("every", mode="before")(_hours_or_days)
