"""Reads places from the fields or the line that a page gives, and locates the place of the filter ``near``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from tracker.errors import SelectionError
from tracker.models.place import Place
from tracker.models.raw_listing import RawPlace
from tracker.models.selection import Selection
from tracker.models.selection_values import coordinates
from tracker.models.text import fold
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.lookups import load, meaning_of
from tracker.reading.places.addresses import read_country_of, read_parts
from tracker.reading.places.countries import fold_name, read_country
from tracker.reading.places.gazetteer import GazetteerEntry, center_of, cities_named
from tracker.reading.places.lines import (
    PlacesAndMode,
    is_placeholder,
    read_address_lines,
    read_line,
    without_templates,
)

_MOST_RAW_PLACES, _MOST_PLACES = 200, 50
"""Maximum number of places of one listing that are read, and that are kept."""
_LARGE = 100
"""Minimum population, in thousands, of a city that a search finds by another spelling of its name."""


def read_places(raw_places: Iterable[RawPlace]) -> Reading[PlacesAndMode]:
    """Return the physical places, and whether the words say that the event is online or in person.

    >>> where = read_places([RawPlace(text="Online & Berlin, Germany")]).value
    >>> where.says_online, [(place.city, place.country, place.timezone) for place in where.places]
    (True, [('Berlin', 'DE', 'Europe/Berlin')])
    """
    places: list[Place] = []
    online = in_person = False
    for raw in islice(raw_places, _MOST_RAW_PLACES):
        has_fields = any((raw.venue, raw.street, raw.city, raw.country))
        where = _from_fields(raw) if has_fields else _from_line(raw)
        online, in_person = online or where.says_online, in_person or where.says_in_person
        places += [place for place in where.places if place not in places]
    places = places[:_MOST_PLACES]
    certainty = Certainty.SURE if places or online else Certainty.NONE
    return Reading(
        PlacesAndMode(tuple(places), online, in_person),
        certainty,
        " & ".join(place.raw for place in places),
    )


def _from_line(raw: RawPlace) -> PlacesAndMode:
    where = read_address_lines(raw.text) if "\n" in raw.text.strip() else read_line(raw.text)
    if len(where.places) != 1:
        return where
    return PlacesAndMode((_at(where.places[0], raw),), where.says_online, where.says_in_person)


def _from_fields(raw: RawPlace) -> PlacesAndMode:
    if meaning_of("modes", raw.venue) == "online" or meaning_of("modes", raw.city) == "online":
        return PlacesAndMode((), says_online=True)
    said = [raw.venue, raw.street, raw.city, raw.region, raw.country]
    parts = [part.strip() for each in said for part in without_templates(each).split(",") if part.strip()]
    if not parts or (len(parts) == 1 and is_placeholder(parts[0])):
        return PlacesAndMode()
    text = raw.text or ", ".join(dict.fromkeys(parts))
    if not (raw.city or raw.country):
        where = read_line(text)
        if where.says_online and not where.places:
            return where
    parts = [part for part in parts if part != raw.country] + _country_part(raw)
    place = read_parts(text, parts) or read_country_of(text, parts) or Place(raw=text)
    updates: dict[str, Any] = {}
    if raw.venue and fold_name(raw.venue) != fold_name(place.city):
        updates["venue"] = raw.venue
    if raw.city and not place.city:
        updates["city"] = raw.city
    if raw.country and not place.country:
        updates["country"] = read_country(raw.country)
    return PlacesAndMode((_at(_rebuilt(place, updates), raw),))


def _country_part(raw: RawPlace) -> list[str]:
    """Return the country as an address part: "de" is a country in its own field, though not in running text."""
    return [read_country(raw.country) or raw.country] if raw.country else []


def _at(place: Place, raw: RawPlace) -> Place:
    """Return the place with the coordinates that the page gives. 0, 0 stands for unknown in many systems."""
    try:
        latitude, longitude = float(raw.latitude), float(raw.longitude)
    except ValueError:
        return place
    if (latitude, longitude) == (0.0, 0.0) or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return place
    return _rebuilt(place, {"latitude": latitude, "longitude": longitude})


def _rebuilt(place: Place, updates: dict[str, Any]) -> Place:
    return Place.model_validate(place.model_dump() | updates) if updates else place


def locate(selection: Selection) -> Selection:
    """Return the selection with what the gazetteer knows of it: the coordinates of ``near``, cities that words of ``q``
    are other spellings of, and which of its cities and countries are unknown.

    Raises:
        SelectionError: ``near`` is neither coordinates nor a known place.
    """
    unknown = [("country", code) for code in selection.country if code not in load("countries")]
    unknown += [("city", city) for city in selection.city if not cities_named(city)]
    selection, near = selection.with_unknown(unknown) if unknown else selection, selection.near
    if spellings := _other_spellings(fold(selection.q)):
        selection = selection.with_spellings(spellings.items())
    return selection.with_center(*_find(near)) if near and coordinates(near) is None else selection


def locate_place(near: str) -> tuple[float, float] | None:
    """Return latitude and longitude of a place or of coordinates; None for an empty text.

    Raises:
        SelectionError: it is neither coordinates nor a known place.
    """
    return (coordinates(near) or _find(near)) if near else None


def _other_spellings(query: str) -> dict[str, str]:
    """Return the cities that a folded query, or words of it, name in another spelling or language.

    >>> _other_spellings("hackathon wien"), _other_spellings("sf"), _other_spellings("berlin reading group")
    ({'wien': 'Vienna'}, {'sf': 'San Francisco'}, {})
    """
    found = {}
    for words in {query: None, **dict.fromkeys(query.split())}:
        # Short nicknames count in capitals only, and nobody types these into a search.
        cities = cities_named(words) or (cities_named(words.upper()) if words == query and len(words) <= 3 else [])
        if cities and _is_meant(cities[0]) and fold(cities[0].city) != words:
            found[words] = cities[0].city
    return found


def _is_meant(city: GazetteerEntry) -> bool:
    return bool(city.city) and (city.sort != "city" or city.population >= _LARGE)


def _find(near: str) -> tuple[float, float]:
    # Typed in small letters a city is still meant.
    for name in (near, near.title()):
        for place in read_line(name, keeps_unknown=False).places:
            if place.latitude is not None and place.longitude is not None:
                return place.latitude, place.longitude
            # Before towns of that name: California is a state first. Scotland is read as its country.
            if place.country and (center := center_of(place.country, place.region or name.title())):
                return center
    if cities := cities_named(near):
        return cities[0].at
    raise SelectionError(
        f"near={near} is no place we know. Write a larger city nearby, a city with its country such as "
        "near=Cambridge, GB, or coordinates such as near=52.52,13.41."
    )
