"""The simulated world: advances day by day, and answers for its outlets."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from tests.life import cast
from tests.life.names import CITIES, Names
from tests.life.outlets import Entry, Outlet
from tests.life.truths import Truth, Values, at_clock

_EVENING = (17, 18, 19, 20)
_LONGEST = {"fellowship": (56, 90), "course": (14, 42), "conference": (2, 4), "hackathon": (2, 3)}
ZONELESS = "Europe/London"
"""Zone of outlets that name none."""


class World:
    """All truths and outlets, from one seed."""

    def __init__(self, seed: int, start: date) -> None:
        self.rng = Random(seed)
        self.names = Names(self.rng)
        self.now = datetime.combine(start, time(5), UTC)
        self.begins = self.now
        self.truths: dict[str, Truth] = {}
        self.outlets = {each.id: each for each in cast.outlets()}
        self._plans: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = itertools.count(1)

    def plan(self, days: float, action: Callable[[], object]) -> None:
        """Let something happen some days from now."""
        heapq.heappush(self._plans, (self.now + timedelta(days=days), next(self._numbers), action))

    def advance(self, until: datetime, daily: Callable[[], None]) -> None:
        """Let days pass; on each, what was planned for it happens, then what happens daily."""
        while self.now + timedelta(days=1) <= until:
            self.now += timedelta(days=1)
            while self._plans and self._plans[0][0] <= self.now:
                heapq.heappop(self._plans)[2]()
            daily()

    def truth(self, owner: Outlet, kind: str, values: Values) -> Truth:
        """Make an event."""
        made = Truth(f"t{len(self.truths) + 1:04}", owner.id, owner.zone or ZONELESS, kind)
        made.set(self.now, values)
        self.truths[made.id] = made
        return made

    def key(self) -> str:
        """Return a new id as systems give them."""
        return f"{self.rng.getrandbits(48):012x}"

    def entry(self, outlet: Outlet, truth: Truth, **more: object) -> Entry:
        """Put an event on an outlet's page from now on."""
        key = self.key()
        url = f"https://{outlet.host}/e/{key}" if outlet.with_pages else ""
        made = Entry(truth, key, url, self.now)
        for name, value in more.items():
            setattr(made, name, value)
        outlet.entries.append(made)
        return made

    def entries_of(self, truth: Truth) -> list[tuple[Outlet, Entry]]:
        """Return where an event is or was listed, its organiser's own page first."""
        found = [(outlet, each) for outlet in self.outlets.values() for each in outlet.entries if each.truth is truth]
        return sorted(found, key=lambda pair: pair[0].id != truth.owner)

    def invent(self, outlet: Outlet, kind: str, days_ahead: int) -> Values:
        """Return the values of a new event about so many days from now; no other event of the outlet is on its days."""
        zone = outlet.zone or ZONELESS
        title = self.names.title(kind)
        day = self.free_day(outlet, self.now.date() + timedelta(days=days_ahead))
        place = CITIES.get(zone, "") if self.rng.random() < 0.9 else ""
        deadline = None
        if kind in _LONGEST:
            last = day + timedelta(days=self.rng.randint(*_LONGEST[kind]) - 1)
            if outlet.deadlines:
                deadline = day - timedelta(days=self.rng.randint(4, max(5, days_ahead // 2)))
            return Values(title, day, last, place, deadline)
        start = at_clock(
            day, self.rng.choice(_EVENING if kind != "workshop" else (9, 10, 13)), self.rng.choice((0, 30)), zone
        )
        hours = 2 if kind != "workshop" else self.rng.choice((3, 6))
        if outlet.deadlines and self.rng.random() < 0.5:
            deadline = day - timedelta(days=self.rng.randint(3, max(4, days_ahead // 2)))
        return Values(title, start, start + timedelta(hours=hours), place, deadline)

    def free_day(self, outlet: Outlet, wanted: date) -> date:
        """Return the next day on which no event of the outlet starts or ever started."""
        taken = {values.first_day for each in outlet.entries for values in each.truth.versions}
        while wanted in taken:
            wanted += timedelta(days=1)
        return wanted
