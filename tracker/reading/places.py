"""A place as written → city, country, zone; and what the words say about taking part online."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tracker.models.place import Place
from tracker.models.raw_listing import RawPlace
from tracker.models.vocabulary import PlacePrecision
from tracker.reading.lookups import fold, load, meaning_of
from tracker.reading.reading import Certainty, Reading

_SEVERAL = re.compile(r"\s+(?:&|\+|/|;)\s+|;\s*")
_TEMPLATE = re.compile(r"#_\w+|\{\{.*?\}\}|%\w+%")
_NOWHERE = frozenset({"tba", "tbd", "tbc", "to be announced", "to be confirmed", "various", "n/a", "none", "-", ""})
_ONLINE = re.compile(r"\b(?:online|virtual|remote|zoom|google meet|discord)\b", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}|\d{4,6}(?:-\d{4})?)\b")


@dataclass(frozen=True, slots=True)
class _City:
    name: str
    country: str
    region: str
    timezone: str
    at: tuple[float, float] | None


@cache
def _cities() -> dict[str, list[_City]]:
    places = load("places")
    found: dict[str, list[_City]] = {}

    def keep(name: str, row: dict[str, Any], *, is_region: bool = False) -> None:
        at = (row["at"][0], row["at"][1]) if "at" in row else None
        region = name if is_region else row.get("region", "")
        city = _City("" if is_region else name, row["country"], region, row["timezone"], at)
        for spelling in (name, *row.get("also", ())):
            found.setdefault(fold(spelling), []).append(city)

    for name, row in places["cities"].items():
        keep(name, row)
    for name, row in places["regions"].items():
        keep(name, row, is_region=True)
    for entry in places["ambiguous"]:
        for row in entry["cities"]:
            keep(entry["name"], row)
    return found


@cache
def _countries() -> dict[str, str]:
    return {fold(name): code for code, names in load("countries").items() for name in names}


@cache
def _states() -> dict[str, str]:
    states: dict[str, str] = load("places")["us_states"]
    return {fold(word): name for code, name in states.items() for word in (code, name, ".".join(code) + ".")}


def read_country(word: str) -> str:
    """Return the ISO 3166-1 alpha-2 code that ``word`` names, or an empty text.

    >>> read_country("UK"), read_country("de"), read_country("Narnia")
    ('GB', 'DE', '')
    """
    word = word.strip().strip(".")
    known = _countries().get(fold(word))
    if known:
        return known
    return word.upper() if len(word) == 2 and word.upper() in load("countries") else ""


def country_name(code: str) -> str:
    """Return the English name of an ISO 3166-1 alpha-2 code; the code itself if it is not known."""
    names = load("countries").get(code)
    return str(names[0]) if names else code


def read_places(raw_places: Iterable[RawPlace]) -> Reading[tuple[tuple[Place, ...], bool]]:
    """Return (physical places, whether the words say "online").

    >>> places, online = read_places([RawPlace(text="Online & Berlin, Germany")]).value
    >>> online, [(place.city, place.country, place.timezone) for place in places]
    (True, [('Berlin', 'DE', 'Europe/Berlin')])
    """
    places: list[Place] = []
    is_online = False
    texts: list[str] = []
    for raw in raw_places:
        if any((raw.venue, raw.street, raw.city, raw.country)):
            parts = [_from_parts(raw)]
        else:
            parts = [_from_text(text, raw) for text in _SEVERAL.split(raw.text)]
        for place, online in parts:
            is_online = is_online or online
            if place is not None and place not in places:
                places.append(place)
                texts.append(place.raw)
    certainty = Certainty.SURE if places or is_online else Certainty.NONE
    return Reading((tuple(places), is_online), certainty, " & ".join(texts))


def _from_text(text: str, raw: RawPlace) -> tuple[Place | None, bool]:
    text = _TEMPLATE.sub("", text)
    without_link = _LINK.sub("", text).strip(" ,")
    if fold(without_link) in _NOWHERE:
        return None, False
    if _ONLINE.search(without_link) and not _known_city(without_link):
        return None, True
    parts = [part.strip() for part in without_link.split(",") if part.strip()]
    return _resolve(without_link, parts, raw) if parts else None, False


def _from_parts(raw: RawPlace) -> tuple[Place | None, bool]:
    if meaning_of("modes", raw.venue) == "online" or meaning_of("modes", raw.city) == "online":
        return None, True
    said = [raw.venue, raw.street, raw.city, raw.region, raw.country]
    parts = [part.strip() for each in said for part in each.split(",") if part.strip() and not _TEMPLATE.search(part)]
    if not parts or (len(parts) == 1 and fold(parts[0]) in _NOWHERE):
        return None, False
    text = raw.text or ", ".join(dict.fromkeys(parts))
    place = _resolve(text, parts, raw)
    if place is None:
        return None, False
    updates: dict[str, Any] = {}
    if raw.venue and fold(raw.venue) != fold(place.city):
        updates["venue"] = raw.venue
    if raw.city and not place.city:
        updates["city"] = raw.city
    if raw.country and not place.country:
        updates["country"] = read_country(raw.country)
    return _rebuild(place, updates), False


def _resolve(text: str, parts: list[str], raw: RawPlace) -> Place | None:
    """Find the rightmost part that names a city; what stands after it says which one."""
    country = read_country(parts[-1]) if len(parts) > 1 or fold(parts[-1]) in _countries() else ""
    region = ""
    if len(parts) > 1:
        state = _states().get(fold(_POSTCODE.sub("", parts[-1] if not country else parts[-2]).strip()))
        if not country or country == "US":
            last_is_state = _states().get(fold(_POSTCODE.sub("", parts[-1]).strip()))
            if last_is_state and country != "US":
                country, region = "US", last_is_state
            elif state and len(parts) > 2:
                region = state
        elif country and len(parts[-1]) == 2 and _states().get(fold(parts[-1])) and _is_us_city(parts[-2]):
            country, region = "US", _states()[fold(parts[-1])]
    city = _pick_city(parts, country, region)
    latitude, longitude = _coordinates(raw)
    if city is not None:
        at = city.at if latitude is None else (latitude, longitude)
        precision = PlacePrecision.CITY if city.name else PlacePrecision.REGION
        venue = parts[0] if len(parts) > 1 and fold(parts[0]) != fold(city.name) and city.name else ""
        if venue and _known_city(venue):
            venue = ""
        return Place(
            raw=text,
            venue=venue,
            city=city.name,
            region=city.region,
            country=city.country,
            latitude=at[0] if at else None,
            longitude=at[1] if at else None,
            timezone=city.timezone,
            precision=PlacePrecision.VENUE if venue else precision,
        )
    named = [part for part in parts if read_country(part) != country or not country]
    unknown_city = ""
    if country and named and len(named) <= (2 if region else 1) and not any(char.isdigit() for char in named[0]):
        unknown_city = named[0]
    precision = PlacePrecision.UNKNOWN
    if unknown_city:
        precision = PlacePrecision.CITY
    elif country:
        precision = PlacePrecision.COUNTRY
    return Place(
        raw=text,
        city=unknown_city,
        region=region,
        country=country,
        latitude=latitude,
        longitude=longitude,
        precision=precision,
    )


def _pick_city(parts: list[str], country: str, region: str) -> _City | None:
    for part in reversed(parts):
        candidates = _known_city(part)
        if country:
            candidates = [city for city in candidates if city.country == country]
        if region:
            candidates = [city for city in candidates if city.region == region]
        if candidates:
            return candidates[0]
    return None


def _known_city(part: str) -> list[_City]:
    """Return the cities that ``part`` names, a postcode beside it ignored."""
    return _cities().get(fold(_POSTCODE.sub("", part)), [])


def _is_us_city(part: str) -> bool:
    return any(city.country == "US" for city in _known_city(part))


def _coordinates(raw: RawPlace) -> tuple[float | None, float | None]:
    try:
        latitude, longitude = float(raw.latitude), float(raw.longitude)
    except ValueError:
        return None, None
    # 0, 0 is what systems write when they do not know.
    if (latitude, longitude) == (0.0, 0.0) or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None, None
    return latitude, longitude


def _rebuild(place: Place, updates: dict[str, Any]) -> Place:
    return Place.model_validate(place.model_dump() | updates) if updates else place
