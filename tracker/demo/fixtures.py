"""What is true in the practice web: rows of ``happenings.toml`` → occasions with real dates, always ahead."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class TruePlace:
    """A place as the sites write it, and where it is."""

    text: str
    city: str
    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class FixtureEvent:
    """One true event. ``row`` holds what the list says beyond it."""

    site: str
    slug: str
    title: str
    row: dict[str, Any]
    places: tuple[TruePlace, ...]
    zone: str
    start: date | datetime | None
    end: date | datetime | None
    """Last day (inclusive), or the instant it ends."""
    number: int = 0
    """Place in its weekly series, from 0."""
    planned_start: datetime | None = None
    """Where the series would have put it, if it was shifted."""

    @property
    def is_online(self) -> bool:
        """True if one can take part online."""
        return bool(self.row.get("online"))

    @property
    def sites(self) -> tuple[str, ...]:
        """Its own site and those that list it too."""
        return (self.site, *self.row.get("also", ()))

    @property
    def url(self) -> str:
        """Its page."""
        # A proxy sees the addresses of http only, so pages that are fetched themselves have such.
        return homepage(self.site, self.row.get("scheme", "https")) + self.slug

    def starts_local(self) -> datetime:
        """Return the start as a clock on its wall shows it."""
        if not isinstance(self.start, datetime):
            raise TypeError(f"{self.title} lasts whole days")
        return self.start.astimezone(ZoneInfo(self.zone))

    def ends_local(self) -> datetime:
        """Return the end as a clock on its wall shows it."""
        if not isinstance(self.end, datetime):
            raise TypeError(f"{self.title} lasts whole days")
        return self.end.astimezone(ZoneInfo(self.zone))


def homepage(site: str, scheme: str = "https") -> str:
    """Return the address of a site of the practice web."""
    return f"{scheme}://{host(site)}/"


def host(site: str) -> str:
    """Return the host of a site: both collections of the directory live on one."""
    return f"{site.split('_')[0] if site.startswith('aisafety') else site.replace('_', '-')}.example"


def monday_of(today: date) -> date:
    """Return the Monday that all days of the list count from: the practice web stands still for a week."""
    return today - timedelta(days=today.weekday())


def fixture_events(today: date, *, later: bool = False) -> list[FixtureEvent]:
    """Return everything that is true in the week of ``today``; ``later``, one event has moved."""
    table = tomllib.loads((files("tracker.demo") / "happenings.toml").read_text("utf-8"))
    places = {text: TruePlace(text, *row) for text, row in table["places"].items()}
    monday = monday_of(today)
    return [occasion for row in table["happening"] for occasion in _occasions(row, places, monday, later=later)]


def events_by_site(today: date, *, later: bool = False) -> dict[str, list[FixtureEvent]]:
    """Return what each site lists, its own and that of others."""
    found: dict[str, list[FixtureEvent]] = {}
    for occasion in fixture_events(today, later=later):
        for site in occasion.sites:
            found.setdefault(site, []).append(occasion)
    return found


def _occasions(row: dict[str, Any], places: dict[str, TruePlace], monday: date, *, later: bool) -> list[FixtureEvent]:
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
        # Wall time: a conference that runs over a clock change still ends at five.
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
