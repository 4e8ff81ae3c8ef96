"""Resolves names and abbreviations of time zones to IANA names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import available_timezones

from tracker.models.moments import ANYWHERE_ON_EARTH, zone_of
from tracker.reading.lookups import load
from tracker.reading.places.gazetteer import city_named_alone

_OFFSET = re.compile(r"\(?(?:UTC|GMT)?\s*([+-])\s*(\d{1,2}):?(\d{2})?(?::?00)?\)?$", re.IGNORECASE)
_AOE = re.compile(r"a\.?o\.?e\.?|anywhere on earth", re.IGNORECASE)
_LONGEST = 100
_MINUTES = 60
_UTC = frozenset({
    "utc", "z", "gmt", "uct", "zulu", "universal", "greenwich", "gmt0", "gmt+0", "gmt-0", "utc+0", "utc-0", "utc±0",
    "coordinated universal time", "universal time", "universal time coordinated", "greenwich mean time",
})  # fmt: skip
# What Windows shows: "(UTC-05:00) Eastern Time (US & Canada)", and a JSON field: "GMT+01:00 Europe/Berlin".
_SHOWN = re.compile(r"\(?(?:UTC|GMT)\s*([+-]\d{1,2}:?\d{2})?\)?[\s:,-]+(.*\w.*)$", re.IGNORECASE)
_NOT_PLACES = frozenset({"factory", "localtime", "posixrules"})
_SEASONS = (date(2026, 1, 15), date(2026, 7, 15))


def read_zone(word: str) -> str | None:
    """Return the IANA name (or ``AoE``, ``UTC``) of the zone that ``word`` names, or None.

    >>> read_zone("GMT Standard Time"), read_zone("europe/berlin"), read_zone("AoE"), read_zone("Mars")
    ('Europe/London', 'Europe/Berlin', 'AoE', None)
    >>> read_zone("(UTC-05:00) Eastern Time (US & Canada)"), read_zone("tzone://Microsoft/Utc"), read_zone("Etc/GMT")
    ('America/New_York', 'UTC', 'UTC')
    """
    word = " ".join(word.replace('"', " ").replace("\\", "").replace("−", "-").split()).strip("'")
    if not 0 < len(word) <= _LONGEST:
        return None
    if _AOE.fullmatch(word):
        return ANYWHERE_ON_EARTH
    if word.casefold().removeprefix("etc/").removeprefix("tzone://microsoft/") in _UTC:
        return "UTC"
    if word in _by_phrase():
        return _by_phrase()[word][0].name
    if named := _windows().get(word.casefold().replace("daylight", "standard")):
        return named
    # Mozilla, Evolution and others put a path before the name: /freeassociation.sourceforge.net/Europe/Berlin
    folded, parts = word.casefold().replace(" ", "_"), word.casefold().replace(" ", "_").split("/")
    for name in (folded, *("/".join(parts[at:]) for at in range(1, len(parts) - 1))):
        if name in _iana():
            return _iana()[name]
    return _shown_zone(word)


def read_offset(word: str) -> timezone | None:
    """Return the fixed UTC offset that ``word`` states, or None.

    >>> read_offset("+0100"), read_offset("UTC−7")
    (datetime.timezone(datetime.timedelta(seconds=3600)), datetime.timezone(datetime.timedelta(days=-1, seconds=61200)))
    """
    match = _OFFSET.match(word.strip().replace("−", "-").replace("–", "-"))
    if not match:
        shown = _SHOWN.match(word.strip()[:_LONGEST])  # "(UTC-07:00) Arizona": the name is not known, the offset is
        return read_offset(shown[1]) if shown and shown[1] else None
    span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if span > timedelta(hours=14) or int(match[3] or 0) >= _MINUTES:
        return None
    return timezone(-span if match[1] == "-" else span)


def _shown_zone(word: str) -> str | None:
    """Return the zone of a name shown with its offset, if the zone ever has that offset: "(UTC+01:00) Berlin"."""
    match = _SHOWN.match(word)
    if match is None:
        name = re.sub(r"\s*\([^()]*\)$", "", word)
        return read_zone(name) if name != word else None
    offset = read_offset(match[1]) if match[1] else None
    names = [match[2], match[2].partition("(")[0], *match[2].split(",")]
    for name in (" ".join(each.split()) for each in names):
        zone = read_zone(name) if name != word else None
        zone = zone or (zone_of_city(name) if name else None)
        if zone and (offset is None or offset.utcoffset(None) in _offsets_of(zone)):
            return zone
    return None


def _offsets_of(zone: str) -> set[timedelta | None]:
    return {datetime.combine(day, time(12), zone_of(zone)).utcoffset() for day in _SEASONS}


@cache
def _windows() -> dict[str, str]:
    """Return the zones of Windows by their names, without case."""
    return {name.casefold(): zone for name, zone in load("windows_zones").items()}


def is_iana_zone(name: str) -> bool:
    """Return whether ``name`` is the exact name of an IANA zone."""
    return _iana().get(name.casefold()) == name


@cache
def _iana() -> dict[str, str]:
    """Return the names of all IANA zones by their spelling without case; aliases such as ``Japan`` are zones too."""
    return {name.casefold(): name for name in available_timezones() if name.casefold() not in _NOT_PLACES}


@dataclass(frozen=True)
class ZoneWords:
    """A time zone with its names and abbreviations."""

    name: str
    standard: frozenset[str]
    """Names of its standard (winter) time."""
    summer: frozenset[str]
    """Names of its summer time."""
    countries: frozenset[str]
    """Countries where these names mean this zone, if they mean another zone elsewhere."""


@cache
def _by_phrase() -> dict[str, list[ZoneWords]]:
    found: dict[str, list[ZoneWords]] = {}
    for row in load("zones")["zones"]:
        standard, summer = frozenset(row.get("standard", ())), frozenset(row.get("summer", ()))
        zone = ZoneWords(row["name"], standard, summer, frozenset(row.get("in", ())))
        for phrase in (*standard, *summer, *row.get("either", ())):
            found.setdefault(phrase, []).append(zone)
    # The usual meaning of a name comes first.
    return {phrase: sorted(zones, key=lambda zone: bool(zone.countries)) for phrase, zones in found.items()}


def zone_phrases() -> list[str]:
    """Return all names and abbreviations of zones, the longest first."""
    return sorted(_by_phrase(), key=lambda phrase: (-len(phrase), phrase))


def zone_on(phrase: str, day: date, country: str = "", near: Iterable[str] = ()) -> tuple[str | None, tuple[str, ...]]:
    """Return the zone that ``phrase`` means on ``day``, and the doubts about it.

    Args:
        phrase: one of :func:`zone_phrases`, in any case, or a city: ``PT``, ``BST``, ``anywhere on earth``.
        day: day that decides whether the zone has summer time.
        country: ISO code of the country of the place; decides between zones that share IST, CST and others.
        near: zones of the place and of the source; one that uses this abbreviation takes precedence.

    >>> zone_on("PT", date(2025, 7, 12)), zone_on("IST", date(2025, 7, 12), "IE")[0]
    (('America/Los_Angeles', ()), 'Europe/Dublin')
    """
    phrase, choices = _choices(phrase)
    for name in near:
        if phrase in {_called(name, date(day.year, month, 1)) for month in (1, 7)}:
            return name, _season_doubt(phrase, name, day, said=_called(name, day))
    if not choices:
        return zone_of_city(phrase) or read_zone(phrase), ()
    zone = next((choice for choice in choices if country in choice.countries), choices[0])
    doubts: tuple[str, ...] = ()
    if phrase == "IST" and country not in {"IN", "IE", "IL"}:
        doubts = ("IST is taken as India's time; Ireland and Israel use the same letters",)
    is_summer = _is_summer(zone.name, day)
    if (phrase in zone.standard and is_summer) or (phrase in zone.summer and not is_summer):
        doubts += _season_doubt(phrase, zone.name, day, said="")
    return zone.name, doubts


def zone_of_city(phrase: str) -> str | None:
    """Return the zone of the city that ``phrase`` names, as in "Brussels time" or "Berlin"."""
    name = phrase.removesuffix("time").removesuffix("Time").strip()
    spot = city_named_alone(name, strict=True) if name else None
    return spot.timezone if spot else None


def shared_zone(zones: Iterable[str]) -> str | None:
    """Return the first of ``zones`` if clocks show the same in all of them all year round; else None.

    >>> shared_zone(["Europe/Zurich", "Europe/Berlin"]), shared_zone(["Europe/Zurich", "Europe/London"])
    ('Europe/Zurich', None)
    """
    names = list(dict.fromkeys(zones))
    return names[0] if len({_year_of(name) for name in names}) == 1 else None


@cache
def _year_of(zone: str) -> tuple[timedelta | None, ...]:
    noons = (datetime(2026, 1, 1, 12, tzinfo=zone_of(zone)) + timedelta(days=day) for day in range(0, 365, 5))
    return tuple(noon.utcoffset() for noon in noons)


def _choices(phrase: str) -> tuple[str, list[ZoneWords]]:
    table = _by_phrase()
    if phrase in table:
        return phrase, table[phrase]
    folded = phrase.casefold().replace("-", " ")
    return next(((known, zones) for known, zones in table.items() if known.casefold() == folded), (phrase, []))


def _season_doubt(phrase: str, zone: str, day: date, *, said: str) -> tuple[str, ...]:
    if phrase == said:
        return ()
    season = "summer" if _is_summer(zone, day) else "winter"
    return (f"{phrase} is written, but {zone} has {season} time on {day}; the clock there is taken",)


def _called(zone: str, day: date) -> str:
    return datetime.combine(day, time(12), zone_of(zone)).tzname() or ""


def _is_summer(zone: str, day: date) -> bool:
    moment = datetime.combine(day, time(12), zone_of(zone))
    if zone == "Europe/Dublin":  # tzdata treats Irish winter time as the exception ("negative" summer time)
        return moment.utcoffset() != timedelta(0)
    return bool(moment.dst())
