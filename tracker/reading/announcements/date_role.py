"""What a date of an announcement is for, and the words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.surroundings import NOWHERE, Surroundings


class Role(StrEnum):
    """Role of a date."""

    EVENT = "event"
    STARTS = "starts"
    ENDS = "ends"
    DEADLINE = "deadline"
    WINDOW = "window"
    """Span from opening to deadline."""
    OPENS = "opens"
    NOTIFICATION = "notification"
    PUBLISHED = "published"
    SUPERSEDED = "former"
    """Date that no longer holds: "originally 5 October"."""
    OTHER = "other"
    """Interviews, phases, other years."""
    UNSPECIFIED = "unsaid"
    """No word gives the date a role."""


APPLYING = frozenset({Role.DEADLINE, Role.WINDOW, Role.OPENS, Role.NOTIFICATION})
"""Roles of dates that lie before the event."""


@dataclass(frozen=True, slots=True)
class DateRole:
    """Role of a date, and the words that assign it."""

    role: Role
    deadline: DeadlineKind | None = None
    """Kind of a deadline, opening or notification; None if no word names it."""
    clause: str = ""
    """Words around the date."""
    is_weak: bool = True
    """True if at most a weak cue such as "by" or "on" assigns the role."""
    replaces: bool = False
    """True if the date replaces an earlier one: "extended to", "moved to"."""
    is_past: bool = False
    """True if the words refer to the past: "opened on"."""
    is_listed: bool = False
    """True if only a comma or "and" parts it from the date before it, whose role it then has."""
    around: Surroundings = NOWHERE
    """The words around the date, in full."""
