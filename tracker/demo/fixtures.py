"""Converts the rows of ``fixtures.toml`` into the events of the practice web, with dates in the future."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class TruePlace:
    """A place as the sites write it, with its city, country and zone."""

    text: str
    city: str
    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class FixtureEvent:
    """One event of the practice web; ``row`` is its row in ``fixtures.toml``."""

    site: str
    slug: str
    title: str
    row: dict[str, Any]
    places: tuple[TruePlace, ...]
    zone: str
    start: date | datetime | None
    end: date | datetime | None
    """Last day (inclusive), or the instant of the end."""
    number: int = 0
    """Index in its weekly series, from 0."""
    planned_start: datetime | None = None
    """Start by the rule of its series, before any shift."""

    @property
    def is_online(self) -> bool:
        """True if participants can attend online."""
        return bool(self.row.get("online"))

    @property
    def sites(self) -> tuple[str, ...]:
        """Its own site, and those that list it too."""
        return (self.site, *self.row.get("also", ()))

    @property
    def url(self) -> str:
        """URL of its page."""
        # A proxy sees only http URLs, so pages that the demo fetches have http.
        return homepage(self.site, self.row.get("scheme", "https")) + self.slug

    def starts_local(self) -> datetime:
        """Return the start in local time."""
        if not isinstance(self.start, datetime):
            raise TypeError(f"{self.title} lasts whole days")
        return self.start.astimezone(ZoneInfo(self.zone))

    def ends_local(self) -> datetime:
        """Return the end in local time."""
        if not isinstance(self.end, datetime):
            raise TypeError(f"{self.title} lasts whole days")
        return self.end.astimezone(ZoneInfo(self.zone))


def homepage(site: str, scheme: str = "https") -> str:
    """Return the home page URL of a site of the practice web."""
    return f"{scheme}://{host(site)}/"


def host(site: str) -> str:
    """Return the host of a site; both collections of the directory share one."""
    return f"{site.split('_')[0] if site.startswith('aisafety') else site.replace('_', '-')}.example"


def monday_of(today: date) -> date:
    """Return the Monday from which all days of the rows count: the practice web stays the same for a week."""
    return today - timedelta(days=today.weekday())


def fixture_events(today: date, *, later: bool = False) -> list[FixtureEvent]:
    """Return all events in the week of ``today``; with ``later``, one has moved to another day."""
    table = tomllib.loads((files("tracker.demo") / "fixtures.toml").read_text("utf-8"))
    places = {text: TruePlace(text, *row) for text, row in table["places"].items()}
    monday = monday_of(today)
    return [event for row in table["event"] for event in _events(row, places, monday, later=later)]


def events_by_site(today: date, *, later: bool = False) -> dict[str, list[FixtureEvent]]:
    """Return the events that each site lists, its own and those of others."""
    found: dict[str, list[FixtureEvent]] = {}
    for event in fixture_events(today, later=later):
        for site in event.sites:
            found.setdefault(site, []).append(event)
    return found


def _events(row: dict[str, Any], places: dict[str, TruePlace], monday: date, *, later: bool) -> list[FixtureEvent]:
    here = tuple(places[text] for text in row.get("place", "").split(" & ") if text)
    zone = row.get("zone") or (here[0].zone if here else "Europe/Berlin")
    day = row.get("moves_to_day", row.get("day")) if later else row.get("day")
    first = None if day is None else monday + timedelta(days=day)
    start, end = _span(row, first, zone)
    title = row["title"].replace("{year}", str(first.year if first else ""))
    base = FixtureEvent(row["site"], row["slug"], title, row, here, zone, start, end)
    if "weekly" not in row:
        return [base]
    return [_nth(base, number) for number in range(row["weekly"]) if number != row.get("skips")]


def _span(row: dict[str, Any], first: date | None, zone: str) -> tuple[date | datetime | None, date | datetime | None]:
    if first is None:
        return None, None
    if "time" in row:
        start = datetime.combine(first, time.fromisoformat(row["time"]), ZoneInfo(zone))
        # In local time: a conference across a clock change still ends at five.
        return start.astimezone(UTC), (start + timedelta(hours=row["hours"])).astimezone(UTC)
    days = row.get("days", 1)
    return first, first + timedelta(days=days - 1) if days > 1 else None


def _nth(base: FixtureEvent, number: int) -> FixtureEvent:
    weeks = timedelta(weeks=number * base.row.get("every", 1))
    zone = ZoneInfo(base.zone)
    planned = (base.starts_local().replace(tzinfo=None) + weeks).replace(tzinfo=zone)
    length = timedelta(hours=base.row["hours"])
    start = planned + timedelta(days=1) if number == base.row.get("shifts") else planned
    return replace(
        base,
        number=number,
        planned_start=planned.astimezone(UTC),
        start=start.astimezone(UTC),
        end=(start + length).astimezone(UTC),
    )
