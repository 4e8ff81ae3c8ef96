"""Defines the controlled vocabularies. A source's word that is not here is kept raw beside ``other`` or ``unknown``."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """How close a source is to the organiser; also the folder of its file. Earlier tiers are trusted more."""

    ORGANISERS = "organisers"
    COMMUNITIES = "communities"
    FORUMS = "forums"
    DIRECTORIES = "directories"

    @property
    def rank(self) -> int:
        """0 for the most trusted tier."""
        return list(Tier).index(self)


class EventType(StrEnum):
    """Type of an event. An event may have several."""

    COMPETITION = "competition"
    CONFERENCE = "conference"
    HACKATHON = "hackathon"
    MEETUP = "meetup"
    TALK = "talk"
    WORKSHOP = "workshop"
    SOCIAL = "social"
    COWORKING = "coworking"
    PROTEST = "protest"
    READING_GROUP = "reading_group"
    FELLOWSHIP = "fellowship"
    COURSE = "course"
    BOOTCAMP = "bootcamp"
    IMMERSIVE_WORKSHOP = "immersive_workshop"
    INTERNSHIP = "internship"
    GRANT = "grant"
    JOB = "job"
    OTHER = "other"


class Kind(StrEnum):
    """Broad kind, derived from the types."""

    EVENT = "event"
    TRAINING = "training"
    OPPORTUNITY = "opportunity"


TRAINING_TYPES = frozenset(
    {
        EventType.FELLOWSHIP,
        EventType.COURSE,
        EventType.BOOTCAMP,
        EventType.IMMERSIVE_WORKSHOP,
        EventType.INTERNSHIP,
    }
)
OPPORTUNITY_TYPES = frozenset({EventType.GRANT, EventType.JOB})


class Mode(StrEnum):
    """How one attends: a hybrid event lets one choose (``hybrid_choice``) or requires both (``hybrid_required``)."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID_CHOICE = "hybrid_choice"
    HYBRID_REQUIRED = "hybrid_required"
    UNKNOWN = "unknown"


class DatePrecision(StrEnum):
    """How exactly the source states a date. ``exact`` has a clock time, ``day`` has none."""

    EXACT = "exact"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    QUARTER = "quarter"
    YEAR = "year"
    UNKNOWN = "unknown"

    @property
    def is_exact_to_the_day(self) -> bool:
        """True if at least the day is certain."""
        return self in {DatePrecision.EXACT, DatePrecision.DAY}


class ZoneSource(StrEnum):
    """Where a time zone comes from."""

    STATED = "stated"
    PLACE = "place"
    SOURCE = "source"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


class DeadlineKind(StrEnum):
    """What must be done by the deadline."""

    APPLICATION = "application"
    REGISTRATION = "registration"
    EARLY_BIRD = "early_bird"
    SCHOLARSHIP = "scholarship"
    SUBMISSION = "submission"
    ABSTRACT = "abstract"
    CAMERA_READY = "camera_ready"
    NOTIFICATION = "notification"
    OTHER = "other"


class ApplicationStatus(StrEnum):
    """Whether one can still apply. Computed when read, never stored."""

    OPEN = "open"
    CLOSING_SOON = "closing_soon"
    CLOSED = "closed"
    NOT_YET_OPEN = "not_yet_open"
    ROLLING = "rolling"
    UNKNOWN = "unknown"
    ENDED = "ended"


class StatusFilter(StrEnum):
    """What one can ask about the application status: each status, or what is not known to be closed."""

    OPEN = "open"
    NOT_CLOSED = "not_closed"
    CLOSING_SOON = "closing_soon"
    CLOSED = "closed"
    NOT_YET_OPEN = "not_yet_open"
    ROLLING = "rolling"
    UNKNOWN = "unknown"
    ENDED = "ended"

    @property
    def statuses(self) -> frozenset[ApplicationStatus]:
        """The statuses that it finds. ``open`` is all that one can apply to now."""
        return _FOUND_BY.get(self) or frozenset({ApplicationStatus(self.value)})


_OPEN = frozenset({ApplicationStatus.OPEN, ApplicationStatus.CLOSING_SOON, ApplicationStatus.ROLLING})
_FOUND_BY = {
    StatusFilter.OPEN: _OPEN,
    StatusFilter.NOT_CLOSED: _OPEN | {ApplicationStatus.NOT_YET_OPEN, ApplicationStatus.UNKNOWN},
}


class Lifecycle(StrEnum):
    """State of an event."""

    SCHEDULED = "scheduled"
    TENTATIVE = "tentative"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    MOVED_ONLINE = "moved_online"
    WITHDRAWN = "withdrawn"


class CostKind(StrEnum):
    """Whether attending costs money."""

    FREE = "free"
    PAID = "paid"
    UNKNOWN = "unknown"


class Stipend(StrEnum):
    """What a programme pays its participants."""

    NONE = "none"
    EXPENSES = "expenses"
    STIPEND = "stipend"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """How demanding the entry requirements are."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"
    UNKNOWN = "unknown"


class Topic(StrEnum):
    """Topic within AI safety."""

    GENERAL = "general"
    TECHNICAL = "technical"
    GOVERNANCE = "governance"


class TimeCommitment(StrEnum):
    """Whether a programme is full-time or part-time."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    UNKNOWN = "unknown"


class Scope(StrEnum):
    """How closely an event relates to AI safety."""

    XRISK = "xrisk"
    EA_GENERAL = "ea_general"
    RATIONALIST = "rationalist"
    ADJACENT = "adjacent"
    OUT = "out"
    UNKNOWN = "unknown"


class PlacePrecision(StrEnum):
    """How exactly a place is known."""

    VENUE = "venue"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """Verdict on a run. Only ``healthy`` runs change what is public."""

    HEALTHY = "healthy"
    UNCHANGED = "unchanged"
    SUSPECT = "suspect"
    FAILED = "failed"
