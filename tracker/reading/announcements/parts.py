"""What an announcement is made of: its dates with their purposes, deadlines, and statements without a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.roles import DateRole, Role
from tracker.reading.dates.recurrence import Repeats
from tracker.reading.dates.resolution import ResolvedDate

EVENT_ROLES = (Role.EVENT, Role.STARTS, Role.UNSAID)


@dataclass(frozen=True, slots=True)
class Mention:
    """One date of an announcement and what it is for."""

    purpose: DateRole
    words: str
    """As written."""
    dated: ResolvedDate | None
    """None where its year cannot be known."""

    @property
    def role(self) -> Role:
        """What the date is for."""
        return self.purpose.role


@dataclass(frozen=True, slots=True)
class DueDate:
    """One deadline as read."""

    kind: DeadlineKind
    at: ResolvedDate | None = None
    opens: ResolvedDate | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the dates of a text say."""

    when: ResolvedDate | None
    """Dates of the event; None where the text gives none."""
    deadlines: tuple[DueDate, ...] = ()
    """In order of the text; each date once."""
    repeats: tuple[Repeats, ...] = ()
    mentions: tuple[Mention, ...] = ()
    """Every date of the text, in order."""
    rolling: str = ""
    not_yet_open: str = ""
    closed: str = ""
    cancelled: str = ""
    postponed: str = ""
    tba: str = ""
    """The words that say so; empty where none do."""
    published: date | None = None
    """Day of publication, as given or as the text says."""
    doubts: tuple[str, ...] = ()
