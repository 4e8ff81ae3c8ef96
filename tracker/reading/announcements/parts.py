"""Defines the parts of a parsed announcement: dates with their roles, deadlines, and statements without a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.roles import DateRole, Role
from tracker.reading.dates.recurrence import Recurrence
from tracker.reading.dates.resolution import ResolvedDate

EVENT_ROLES = (Role.EVENT, Role.STARTS, Role.UNSPECIFIED)


@dataclass(frozen=True, slots=True)
class Mention:
    """One date of an announcement with its role."""

    purpose: DateRole
    words: str
    """The date as written."""
    dated: ResolvedDate | None
    """The resolved date; None if its year cannot be inferred."""

    @property
    def role(self) -> Role:
        """Role of the date."""
        return self.purpose.role


@dataclass(frozen=True, slots=True)
class ParsedDeadline:
    """One deadline read from text."""

    kind: DeadlineKind
    at: ResolvedDate | None = None
    opens: ResolvedDate | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Parsed dates and statements of a text."""

    when: ResolvedDate | None
    """Dates of the event; None if the text gives none."""
    deadlines: tuple[ParsedDeadline, ...] = ()
    """Deadlines in the order of the text, each once."""
    repeats: tuple[Recurrence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    """All dates of the text, in order."""
    rolling: str = ""
    not_yet_open: str = ""
    closed: str = ""
    cancelled: str = ""
    postponed: str = ""
    tba: str = ""
    """``rolling`` to ``tba``: the words that make the statement; empty if the text does not make it."""
    published: date | None = None
    """Day of publication, as given by the caller or as stated in the text."""
    doubts: tuple[str, ...] = ()
