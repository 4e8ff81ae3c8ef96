"""As much of an event as a line of a table needs: read from the same document, several times as fast."""

from __future__ import annotations

from pydantic import ConfigDict

from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.place import Place
from tracker.models.record import Record
from tracker.models.vocabulary import EventType, Mode
from tracker.models.when import When


class Brief(Record):
    """The fields that tables show; what else an event says is passed over."""

    model_config = ConfigDict(extra="ignore")

    id: str
    title: str
    url: str | None = None
    types: tuple[EventType, ...] = ()
    when: When = When()
    deadlines: tuple[Deadline, ...] = ()
    mode: Mode = Mode.UNKNOWN
    places: tuple[Place, ...] = ()
    organizers: tuple[str, ...] = ()
    cost: Cost = Cost()
