"""What the checks look at after each crawl and build, and what they report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.life.ledger import Ledger, Visit
from tests.life.observing import EventView
from tests.life.subscriber import CalendarEntry, Subscriber
from tests.life.truths import Truth, Values
from tests.life.world import World

LAG = 3
"""A reader may be two crawls behind: the last crawl and two before count as recent."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken."""

    kind: str
    day: date
    sources: tuple[str, ...]
    truth: str
    uid: str
    sentence: str
    listings: str = ""
    """What stands behind the event."""

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {'+'.join(self.sources)} {self.truth} {self.uid}: {self.sentence}"


@dataclass(slots=True)
class Seen:
    """The state of world, store and subscriber after one crawl and build."""

    now: datetime
    world: World
    ledger: Ledger
    events: dict[str, EventView]
    subscriber: Subscriber
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    """Truths that each event stood for when it was last told, by event id; kept from look to look."""

    def __post_init__(self) -> None:
        self.known.update({each.id: each.truths for each in self.events.values() if each.truths})

    def truths_of(self, event_id: str) -> list[Truth]:
        """Return the truths that an event stands for; of a deleted one, those it last stood for."""
        return [self.world.truths[each] for each in sorted(self.known.get(event_id, ()))]

    def live(self, *, deadlines: bool = False) -> dict[str, list[CalendarEntry]]:
        """Return the entries in the subscriber's calendar that are not cancelled, by truth."""
        found: dict[str, list[CalendarEntry]] = defaultdict(list)
        for entry in self.subscriber.calendar.values():
            if entry.is_live and (deadlines or not entry.is_deadline):
                for truth in self.known.get(entry.event, ()):
                    found[truth].append(entry)
        return found

    def sound(self, outlet: str, count: int = LAG) -> list[Visit]:
        """Return the last visits of an outlet in which it answered as it should, oldest first."""
        found: list[Visit] = []
        for visit in reversed(self.ledger.visits_of(outlet)):
            if len(found) == count:
                break
            if not visit.fault:
                found.append(visit)
        return found[::-1]

    def steady(self, outlet: str, truth: str) -> Values | None:
        """Return what an outlet says of a truth if all its last visits were sound and said the same; else None."""
        visits = self.ledger.last(outlet, LAG)
        if len(visits) < LAG or any(each.fault or each.excused or truth not in each.shown for each in visits):
            return None
        said = {each.shown[truth] for each in visits}
        return said.pop() if len(said) == 1 else None

    def recent(self, truth: str) -> Iterator[Values]:
        """Yield what the sources of a truth said of it in the last visits that showed it; more while in doubt."""
        for outlet in self.ledger.listed_by[truth]:
            left = LAG
            for visit in reversed(self.ledger.visits_of(outlet)):
                if not left:
                    break
                if not visit.fault and truth in visit.shown:
                    left -= not visit.excused
                    yield visit.shown[truth]

    def violation(self, kind: str, event_id: str, truth: Truth | None, sentence: str) -> Violation:
        """Return a violation about an event."""
        event = self.events.get(event_id)
        sources = event.sources if event else ()
        if not sources and truth is not None:
            sources = tuple(sorted(self.ledger.listed_by[truth.id]))
        behind = "; ".join(map(str, event.listings)) if event else ""
        return Violation(kind, self.now.date(), sources, truth.id if truth else "", event_id, sentence, behind)


def said(values: Values) -> str:
    """Return values in words."""
    until = f" to {values.end}" if values.end else ""
    return f"{values.title!r} on {values.start}{until}"
