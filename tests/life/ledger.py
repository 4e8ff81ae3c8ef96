"""Remembers what every outlet ever showed, so that the event behind published data can be told without its ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from tests.life.outlets import Entry, Outlet
from tests.life.truths import Moment, Values
from tracker.models.text import fold

FARTHEST = 380
"""Days ahead up to which evenings of series must be published; calendars are read a little farther."""


@dataclass(slots=True)
class Visit:
    """One crawl of one outlet: what a reader who makes no mistakes would have read."""

    at: datetime
    fault: str
    """Kind of the fault it had; empty: it answered as it should."""
    shown: dict[str, Values]
    """What it showed, by id of the truth."""
    off: set[str]
    """Truths that it said were cancelled."""
    verdict: str = ""
    """The tracker's verdict on it."""
    message: str = ""
    """The tracker's reason."""
    excused: bool = False
    """True if so much had vanished for a true reason that a doubt was right."""

    @property
    def is_good(self) -> bool:
        """Whether the tracker believed it."""
        return self.verdict in {"healthy", "unchanged"}


@dataclass(slots=True)
class Ledger:
    """What was shown when."""

    visits: dict[str, list[Visit]] = field(default_factory=lambda: defaultdict(list))
    """Visits by outlet, oldest first."""
    listed_by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Outlets that ever showed a truth."""
    _exact: dict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _titled: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, outlet: Outlet, now: datetime, entries: Iterable[Entry], fault: str) -> Visit:
        """Note a visit."""
        visit = Visit(now, fault, {}, set())
        for entry in entries:
            values, truth = _readable(entry.values(now), outlet), entry.truth.id
            visit.shown[truth] = values
            if entry.says_cancelled:
                visit.off.add(truth)
            self.listed_by[truth].add(outlet.id)
            title = fold(values.title)
            self._titled[outlet.id, title].add(truth)
            self._exact[outlet.id, title, "" if outlet.dateless else key_of(values.start)].add(truth)
        since = [each.at for each in self.visits[outlet.id][-3:]]
        visit.excused = any((since[0] if len(since) == 3 else now) <= each <= now for each in outlet.excused)
        self.visits[outlet.id].append(visit)
        return visit

    def truths_of(self, source: str, title: str, start: Moment | None) -> set[str]:
        """Return the truths that a source may have meant: with that start, else with that title."""
        found = self._exact.get((source, fold(title), key_of(start) if start else ""))
        return found or self._titled.get((source, fold(title)), set())

    def last(self, outlet: str, count: int) -> list[Visit]:
        """Return the last visits of an outlet, oldest first."""
        return self.visits_of(outlet)[-count:]

    def visits_of(self, outlet: str) -> list[Visit]:
        """Return all visits of an outlet, oldest first."""
        return self.visits.get(outlet, [])


def _readable(values: Values, outlet: Outlet) -> Values:
    """Return what a page gives away: a clock time online says nothing on a page without a zone."""
    if outlet.zone or values.place or not isinstance(values.start, datetime):
        return values
    return replace(values, start=values.first_day, end=values.last_day)


def key_of(moment: date | datetime) -> str:
    """Return a moment as text: an instant in UTC, or a day."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}" if isinstance(moment, datetime) else str(moment)
