"""Defines the fields shared by listings (the data of one source) and events (the merged data of all sources)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from tracker.models.cost import Cost
from tracker.models.deadline import Deadline, deadlines_contradict
from tracker.models.field_info import FieldInfo, differs_if_known, field_infos
from tracker.models.moments import When
from tracker.models.place import Place, places_contradict
from tracker.models.record import Record
from tracker.models.text import PlainLine, PlainText, WebLink, fold
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


def _titles_contradict(one: str, other: str) -> bool:
    return fold(one) != fold(other)


def _lifecycles_contradict(one: Lifecycle, other: Lifecycle) -> bool:
    # A source that states no lifecycle has "scheduled", the default.
    return other is not one and other is not Lifecycle.SCHEDULED


class Details(Record):
    """Fields shared by listings and events."""

    title: Annotated[PlainLine, FieldInfo("Title", names_source=True, contradicts=_titles_contradict)]
    """Without status words and site names: ``AI Safety Camp 12``."""
    summary: Annotated[PlainLine, FieldInfo("Summary")] = ""
    """One sentence, at most 255 characters."""
    description: Annotated[PlainText, FieldInfo("Description")] = ""
    """Plain text, at most 10,000 characters."""
    url: Annotated[WebLink | None, FieldInfo("Link", names_source=True)] = None
    """The event's own page."""
    apply_url: Annotated[WebLink | None, FieldInfo("Application link")] = None
    """Where to apply or register, if that is another page."""
    types: Annotated[tuple[EventType, ...], FieldInfo("Type", is_fact=True, facet="type")] = ()
    """``(hackathon, workshop)``"""
    when: Annotated[When, FieldInfo("Date", names_source=True, contradicts=When.contradicts)] = When()
    """Start, end, zone and precision."""
    recurring: Annotated[bool, FieldInfo("Runs again and again")] = False
    """True for an evergreen entry: it runs repeatedly and has no dates of its own."""
    deadlines: Annotated[
        tuple[Deadline, ...], FieldInfo("Deadlines", names_source=True, contradicts=deadlines_contradict)
    ] = ()
    """In the order the source gives them."""
    mode: Annotated[Mode, FieldInfo("Attendance", names_source=True, contradicts=differs_if_known)] = Mode.UNKNOWN
    """Online, in person, or one of the two hybrids."""
    places: Annotated[tuple[Place, ...], FieldInfo("Place", names_source=True, contradicts=places_contradict)] = ()
    """Physical places; empty for online events."""
    organizers: Annotated[tuple[PlainLine, ...], FieldInfo("Organised by", is_fact=True)] = ()
    """Names of the organisers."""
    cost: Annotated[
        Cost, FieldInfo("Cost", is_fact=True, names_source=True, is_csv_column=True, contradicts=Cost.contradicts)
    ] = Cost()
    """What attending costs."""
    stipend: Annotated[
        Stipend,
        FieldInfo(
            "Pay",
            is_fact=True,
            names_source=True,
            is_csv_column=True,
            contradicts=differs_if_known,
            facet="stipend",
        ),
    ] = Stipend.UNKNOWN
    """What participants are paid."""
    level: Annotated[
        Level, FieldInfo("Level", is_fact=True, is_csv_column=True, contradicts=differs_if_known, facet="level")
    ] = Level.UNKNOWN
    """How demanding the entry requirements are."""
    topics: Annotated[tuple[Topic, ...], FieldInfo("Topics", is_fact=True, is_csv_column=True, facet="topic")] = ()
    """General, technical, governance."""
    time_commitment: Annotated[TimeCommitment, FieldInfo("Time", is_fact=True, contradicts=differs_if_known)] = (
        TimeCommitment.UNKNOWN
    )
    """Full-time or part-time."""
    length: Annotated[PlainLine, FieldInfo("Length", is_fact=True)] = ""
    """How long it takes, in the source's words: ``10 weeks``."""
    languages: Annotated[
        tuple[str, ...], FieldInfo("Languages", is_fact=True, is_csv_column=True, facet="language")
    ] = ()
    """ISO 639-1 codes: ``(en, de)``."""
    scope: Annotated[Scope, FieldInfo("Subject", is_fact=True, facet="scope")] = Scope.UNKNOWN
    """How closely it relates to AI safety."""
    lifecycle: Annotated[Lifecycle, FieldInfo("State", contradicts=_lifecycles_contradict)] = Lifecycle.SCHEDULED
    """Scheduled, cancelled, postponed…"""

    @property
    def ends_at(self) -> datetime:
        """The first instant at which it is certainly over; its last deadline if it has no dates of its own."""
        closings = [deadline.closes_at for deadline in self.deadlines]
        if self.when.start is None and not self.recurring and closings and all(closings):
            return max(closing for closing in closings if closing is not None)
        return self.when.ends_at

    @property
    def kind(self) -> Kind:
        """Broad kind, derived from the types."""
        if TRAINING_TYPES & set(self.types):
            return Kind.TRAINING
        if self.types and set(self.types) <= OPPORTUNITY_TYPES:
            return Kind.OPPORTUNITY
        return Kind.EVENT


FIELDS = field_infos(Details)
"""The ``FieldInfo`` of every field of an event, by name."""
