"""The words for time zones → IANA names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache

from tracker.models.moments import ANYWHERE_ON_EARTH, zone_of
from tracker.reading.lookups import load
from tracker.reading.places.gazetteer import city_named_alone

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?(?::?00)?$", re.IGNORECASE)
_AOE = re.compile(r"a\.?o\.?e\.?|anywhere on earth", re.IGNORECASE)
# Mozilla, Evolution and others put a path before the name: /freeassociation.sourceforge.net/Europe/Berlin
_IANA_TAIL = re.compile(r"([A-Za-z_]+/[A-Za-z_]+(?:/[A-Za-z_]+)?)$")


def read_zone(word: str) -> str | None:
    """Return the IANA name (or ``AoE``, ``UTC``) that ``word`` means, or None.

    >>> read_zone("GMT Standard Time"), read_zone("europe/berlin"), read_zone("AoE"), read_zone("Mars")
    ('Europe/London', 'Europe/Berlin', 'AoE', None)
    """
    word = word.strip().strip('"')
    if not word:
        return None
    if _AOE.fullmatch(word):
        return ANYWHERE_ON_EARTH
    if word.upper() in {"UTC", "Z", "GMT", "ETC/UTC"}:
        return "UTC"
    if word in _by_phrase():
        return _by_phrase()[word][0].name
    windows: dict[str, str] = load("windows_zones")
    tail = _IANA_TAIL.search(word)
    for name in (word, windows.get(word, ""), tail[1] if tail else "", _title(word)):
        if name and "/" in name:
            try:
                zone_of(name)
            except ValueError:
                continue
            return name
    return None


def read_offset(word: str) -> timezone | None:
    """Return the fixed offset that ``word`` states, or None.

    >>> read_offset("+0100"), read_offset("UTC-7")
    (datetime.timezone(datetime.timedelta(seconds=3600)), datetime.timezone(datetime.timedelta(days=-1, seconds=61200)))
    """
    match = _OFFSET.match(word.strip())
    if not match:
        return None
    span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if span > timedelta(hours=14):
        return None
    return timezone(-span if match[1] == "-" else span)


def _title(word: str) -> str:
    return "/".join("_".join(part.capitalize() for part in piece.split("_")) for piece in word.split("/"))


@dataclass(frozen=True)
class ZoneWords:
    """One zone and what it is called."""

    name: str
    standard: frozenset[str]
    """What its clock is called in winter."""
    summer: frozenset[str]
    """What its clock is called in summer."""
    countries: frozenset[str]
    """Where the words mean this zone, if they mean another one elsewhere."""


@cache
def _by_phrase() -> dict[str, list[ZoneWords]]:
    found: dict[str, list[ZoneWords]] = {}
    for row in load("zones")["zones"]:
        standard, summer = frozenset(row.get("standard", ())), frozenset(row.get("summer", ()))
        zone = ZoneWords(row["name"], standard, summer, frozenset(row.get("in", ())))
        for phrase in (*standard, *summer, *row.get("either", ())):
            found.setdefault(phrase, []).append(zone)
    # The usual meaning of a word first.
    return {phrase: sorted(zones, key=lambda zone: bool(zone.countries)) for phrase, zones in found.items()}


def zone_phrases() -> list[str]:
    """Return every word for a zone, the longest first."""
    return sorted(_by_phrase(), key=lambda phrase: (-len(phrase), phrase))


def zone_on(phrase: str, day: date, country: str = "", near: Iterable[str] = ()) -> tuple[str | None, tuple[str, ...]]:
    """Return the zone that ``phrase`` means on ``day``, and what is doubtful about it.

    Args:
        phrase: one of :func:`zone_phrases`, in any case: ``PT``, ``BST``, ``anywhere on earth``.
        day: the region decides the offset on this day.
        country: ISO code of the place; it settles IST, CST and others that several regions use.
        near: zones of the place and of the source; one whose clock is called so there is meant.

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
    """Return the zone of a city that ``phrase`` names, as in "Brussels time" or "Berlin"."""
    name = phrase.removesuffix("time").removesuffix("Time").strip()
    spot = city_named_alone(name, strict=True) if name else None
    return spot.timezone if spot else None


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
    if zone == "Europe/Dublin":  # tzdata has Irish winter time as the exception ("negative" summer time)
        return moment.utcoffset() != timedelta(0)
    return bool(moment.dst())
