"""Defines a community: a group to join, online or at a place, which is no event."""

from __future__ import annotations

from pydantic import Field

from tracker.models.place import Place
from tracker.models.record import Record
from tracker.models.text import PlainLine, PlainText, WebLink
from tracker.models.vocabulary import Mode


class Community(Record):
    """A group that people can join."""

    source: str
    """Id of the source that lists it."""
    source_id: str = Field(min_length=1, max_length=255)
    """The source's own id."""
    name: PlainLine = Field(min_length=1)
    """``AI Safety Berlin``"""
    link: WebLink
    """Where to join."""
    description: PlainText = ""
    places: tuple[Place, ...] = ()
    mode: Mode = Mode.UNKNOWN
    """``online`` for groups that meet nowhere else."""
    kinds: tuple[PlainLine, ...] = ()
    """The source's own words: ``Local group``, ``Discord``."""
