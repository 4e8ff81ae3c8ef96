"""Outlets: the sources of the simulated world, each with the entries that it shows and the faults that befall it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

from tests.life.series import Series
from tests.life.truths import Truth, Values, instant, over_at
from tracker.models.source import Source
from tracker.models.vocabulary import Tier

Pages = dict[str, bytes]
"""Bodies by URL without scheme and query."""
Writer = Callable[["Outlet", Sequence["Entry"], datetime], Pages]
"""Writes the pages of an outlet."""
_OWN_KEYS = frozenset(Source.model_fields) - {"id", "tier", "options", "path"}


@dataclass(slots=True, eq=False)
class Entry:
    """What one outlet shows about one event."""

    truth: Truth
    key: str
    """The outlet's own id of it."""
    url: str
    """The event's page; empty if it has none."""
    shown_from: datetime
    gone_from: datetime | None = None
    """When it is taken off the page."""
    lag: timedelta = timedelta()
    """How long after the organiser it follows changes."""
    frozen: Values | None = None
    """Values that it keeps showing whatever happens."""
    says_cancelled: bool = False
    """True if it says so, rightly or wrongly."""
    goes_stale: bool = False
    """True if it will not follow the next move."""
    is_vague: bool = False
    """True if it shows the first day only."""
    words: str = ""
    """The date as the page writes it, if it writes words that never change."""
    series: str = ""
    """Key of the repeating entry that it is part of."""

    def values(self, now: datetime) -> Values:
        """Return what it shows now."""
        said = self.frozen or self.truth.values_at(max(now - self.lag, min(self.shown_from, now)))
        if self.is_vague:
            return replace(said, start=said.first_day, end=None)
        return said

    def is_listed(self, now: datetime) -> bool:
        """Return whether its outlet wants it on the page."""
        return self.shown_from <= now and (self.gone_from is None or now < self.gone_from)


@dataclass(frozen=True, slots=True)
class Fault:
    """A time in which an outlet does not answer as it should."""

    kind: str
    """``http_500``, ``timeout``, ``not_a_calendar``, ``empty``, ``last_year``, ``truncated``, ``half``"""
    begins: datetime
    ends: datetime


@dataclass(slots=True, eq=False)
class Outlet:
    """One source of the world."""

    id: str
    tier: Tier
    zone: str
    toml: str
    write: Writer
    kinds: tuple[str, ...] = ("meetup",)
    per_week: float = 0.0
    """How many events of its own it announces a week."""
    keeps: timedelta | None = timedelta(days=14)
    """How long it shows events that are over. None: for ever."""
    drops_begun: bool = False
    """True if it takes entries off the page once they have begun, or once applications have closed."""
    stable_ids: bool = True
    """False if its ids contain titles or dates."""
    with_pages: bool = True
    """Whether events have pages of their own."""
    shares_links: bool = False
    """Whether some of its entries link to the same page."""
    cancel_words: bool = True
    """Whether it says so when an event is cancelled; else it only takes it off."""
    deadlines: bool = False
    dateless: bool = False
    """True if it gives deadlines but no dates."""
    restful: bool = False
    """True if its events never change by chance: posts are not edited, or its own rules change them."""
    copies: float = 0.0
    """Share of other outlets' events that it copies."""
    copies_from: tuple[Tier, ...] = tuple(Tier)
    """Tiers of the outlets that it copies."""
    design: int = 1
    """Number of the site's design; another one means other ids, another layout."""
    entries: list[Entry] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    upheavals: list[datetime] = field(default_factory=list)
    """When much changed at once; no fault befalls it around then."""
    excused: list[datetime] = field(default_factory=list)
    """When so much vanished for a true reason that doubts are right for three crawls."""

    def shown(self, now: datetime) -> list[Entry]:
        """Return the entries that are on the page, earliest first."""
        found = [each for each in self.entries if each.is_listed(now) and self._stays(each, now)]
        return sorted(found, key=lambda each: (instant(each.values(now).start), each.key))

    def _stays(self, entry: Entry, now: datetime) -> bool:
        values = entry.values(now)
        if self.drops_begun:
            closes = instant(values.deadline) + timedelta(days=1) if values.deadline else instant(values.start)
            return now < min(closes, instant(values.start))
        return self.keeps is None or now < over_at(values) + self.keeps

    @property
    def host(self) -> str:
        """Its host name."""
        return f"{self.id.replace('_', '-')}.example"

    def fault(self, now: datetime) -> Fault | None:
        """Return what is wrong now."""
        return next((each for each in self.faults if each.begins <= now < each.ends), None)

    def coming(self, now: datetime) -> Iterator[Entry]:
        """Yield the entries of events that are still to come and take place."""
        for each in self.entries:
            if each.is_listed(now) and not each.truth.is_off(now) and each.truth.starts_at > now:
                yield each

    def source(self, now: datetime) -> Source:
        """Return its source file, parsed."""
        return parse_source(self.id, self.tier, self.toml if "{entries}" not in self.toml else self._with_entries(now))

    def _with_entries(self, now: datetime) -> str:
        (text,) = self.write(self, self.shown(now), now).values()
        return self.toml.replace("{entries}", text.decode())


@lru_cache(maxsize=512)
def parse_source(source_id: str, tier: Tier, text: str) -> Source:
    """Parse a source file's text, without the file."""
    table = tomllib.loads(text)
    own = {key: value for key, value in table.items() if key in _OWN_KEYS}
    options = {key: value for key, value in table.items() if key not in _OWN_KEYS}
    return Source.model_validate(own | {"id": source_id, "tier": tier, "options": options})
