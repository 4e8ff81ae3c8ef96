"""What can be said about an event, by one source or by all of them together."""

from __future__ import annotations

from datetime import datetime

from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.place import Place
from tracker.models.record import Record
from tracker.models.text import PlainLine, PlainText, WebLink
from tracker.models.vocabulary import (
    OPPORTUNITY_TYPES,
    TRAINING_TYPES,
    EventType,
    Kind,
    Level,
    Lifecycle,
    Mode,
    Scope,
    Stipend,
    TimeCommitment,
    Topic,
)
from tracker.models.when import When


class Details(Record):
    """The fields that a listing and an event share."""

    title: PlainLine
    """Without status words and site names: ``AI Safety Camp 12``."""
    summary: PlainLine = ""
    """One sentence, at most 255 characters."""
    description: PlainText = ""
    """Plain text, at most 10,000 characters."""
    url: WebLink | None = None
    """The event's own page."""
    apply_url: WebLink | None = None
    """Where to apply or register, if that is another page."""
    types: tuple[EventType, ...] = ()
    """``(hackathon, workshop)``"""
    when: When = When()
    """Start, end, zone and precision."""
    recurring: bool = False
    """True for an evergreen entry that runs again and again without dates of its own."""
    deadlines: tuple[Deadline, ...] = ()
    """In the order the source gives them."""
    mode: Mode = Mode.UNKNOWN
    """Online, in person, or one of the two hybrids."""
    places: tuple[Place, ...] = ()
    """Physical places; empty for online events."""
    organizers: tuple[PlainLine, ...] = ()
    """Names of the organisers."""
    cost: Cost = Cost()
    """What attending costs."""
    stipend: Stipend = Stipend.UNKNOWN
    """What participants are paid."""
    level: Level = Level.UNKNOWN
    """How high the entry bar is."""
    topics: tuple[Topic, ...] = ()
    """General, technical, governance."""
    time_commitment: TimeCommitment = TimeCommitment.UNKNOWN
    """Full-time or part-time."""
    length: PlainLine = ""
    """How long it takes, in the source's words: ``10 weeks``."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes: ``(en, de)``."""
    scope: Scope = Scope.UNKNOWN
    """How near it is to AI safety."""
    lifecycle: Lifecycle = Lifecycle.SCHEDULED
    """Scheduled, cancelled, postponed…"""

    @property
    def over_at(self) -> datetime:
        """The first instant at which it is surely over. Without dates of its own, that is its last deadline."""
        closings = [deadline.closes_at for deadline in self.deadlines]
        if self.when.start is None and not self.recurring and closings and all(closings):
            return max(closing for closing in closings if closing is not None)
        return self.when.over_at

    @property
    def kind(self) -> Kind:
        """The broad kind that follows from the types."""
        if TRAINING_TYPES & set(self.types):
            return Kind.TRAINING
        if self.types and set(self.types) <= OPPORTUNITY_TYPES:
            return Kind.OPPORTUNITY
        return Kind.EVENT
