"""Defines a source: a website that lists events."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from tracker.models.moments import ZoneName
from tracker.models.record import Record
from tracker.models.text import PlainLine, WebLink
from tracker.models.vocabulary import EventType, Mode, Tier, Topic

FillableField = Literal["date", "place", "url", "deadline", "type"]
"""Fields that a listing may fill or leave empty."""


def _hours_or_days(value: object) -> object:
    """Parse ``12h`` and ``7d``."""
    if value is None or isinstance(value, timedelta) or (isinstance(value, str) and value.startswith("P")):
        return value
    number, unit = (value[:-1], value[-1:]) if isinstance(value, str) else ("", "")
    units = {"h": timedelta(hours=1), "d": timedelta(days=1)}
    if not (number.isdigit() and len(number) <= 3) or unit not in units:
        raise ValueError("write hours or days, such as '12h' or '7d'")
    return int(number) * units[unit]


class Expectation(Record):
    """Expected number and completeness of the listings of a healthy run."""

    at_least: int = Field(default=1, ge=0)
    """Fewer is suspect. 0: the source may be empty."""
    at_most: int = Field(default=2_000, ge=1)
    """More is suspect."""
    fills: dict[FillableField, float] = Field(default_factory=dict)
    """Minimum share of listings, from 0 to 1, that fill a field: ``{ date = 0.9, place = 0.5 }``."""
    newest_within: timedelta | None = None
    """Maximum age of the latest listing's start: ``"90d"``. For sources that always add new events."""

    _span = field_validator("newest_within", mode="before")(_hours_or_days)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError(f"at_most = {self.at_most} is less than at_least = {self.at_least}")
        if not all(0 <= share <= 1 for share in self.fills.values()):
            raise ValueError("fills are shares from 0 to 1, such as 0.9")
        return self


class Defaults(Record):
    """Default values for the listings of a source that do not state their own."""

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
    """One source file, parsed and validated."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    """Name of the file without ``.toml``."""
    tier: Tier
    """Name of the folder."""
    name: PlainLine
    """``AI Safety Berlin``"""
    homepage: WebLink
    """Page for people."""
    renamed_from: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9_]*)?$")
    """The file's earlier name: its listings then belong to this source, with their events' ids."""
    platform: str
    """File in ``spiders/platforms`` that reads the source: ``ical``."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Options of that platform, validated by the platform."""
    enabled: bool = True
    """False: the file is complete, but somebody must check it on a networked machine first."""
    timezone: ZoneName | None = None
    """Zone of times without a zone."""
    every: timedelta | None = None
    """Minimum time between crawls: ``every = "24h"``. Default: 12 hours, adapted to how often the source changes."""
    expect: Expectation = Expectation()
    """Expected listings of a healthy run."""
    defaults: Defaults = Defaults()
    """Default values for listings that do not state their own."""
    scope: Literal["all", "filter"] = "all"
    """``filter``: the source also lists events that are not about AI safety."""
    licence: PlainLine = ""
    """``CC-BY-4.0``"""
    attribution: PlainLine = ""
    """Credit that the licence requires."""
    robots: Literal["obey", "documented-api"] = "obey"
    """``documented-api``: the publisher documents this URL for programs, at ``evidence``."""
    evidence: WebLink | None = None
    """URL of the publisher's documentation."""
    verified: PlainLine = "never"
    """Day on which the source was last seen to work, or ``never``."""
    verified_by: PlainLine = ""
    """Who saw it work."""
    seen_from: PlainLine = ""
    """The network from which it was seen to work: ``home``, ``datacentre``. Some sites refuse one of them."""
    path: Path | None = Field(default=None, exclude=True, repr=False)
    """The file it was read from."""

    _span = field_validator("every", mode="before")(_hours_or_days)
