"""Converts the places of a listing to comparable geo points; the gazetteer resolves each city to one name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from tracker.matching.words import words_of
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.models.text import fold
from tracker.models.vocabulary import Mode, PlacePrecision
from tracker.reading.places.lines import read_line
from tracker.reading.places.prose import find_places

MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """One place, as far as it is known."""

    latitude: float
    longitude: float
    """Degrees; NaN where not known."""
    city: int
    city_sound: int
    country: int
    """Codes of the folded names, of the consonants of the city's, and of the country; 0 where not known."""
    is_wide: bool
    """True for a region: any place in it may be meant."""
    is_guess: bool
    """True for a place that only the title names, and for a city that is not in the gazetteer: it may be a suburb."""


def places_of(listing: Listing) -> tuple[tuple[Place, bool], ...]:
    """Return the places and whether each is a guess; unresolved ones, or one in the title, are resolved here."""
    if not listing.places:
        return () if listing.mode is Mode.ONLINE else _places_in_title(listing.title)
    return tuple(
        (place, False) if place.latitude is not None or not (place.city or place.raw) else _placed(place)
        for place in listing.places[:MOST_PLACES]
    )


@lru_cache(maxsize=16_384)
def _place_in_line(place: Place) -> Place:
    found = read_line(place.raw).places
    if not found or found[0].latitude is None or (place.country and found[0].country != place.country):
        return place
    if place.country:
        return found[0]
    # "Room 4, Cambridge": which Cambridge is meant is a guess, so its country must not separate two listings.
    return found[0].model_copy(update={"country": ""})


@lru_cache(maxsize=16_384)
def _placed(place: Place) -> tuple[Place, bool]:
    """Resolve a place that came without coordinates, so that each city has one name."""
    if not place.city:
        in_line = _place_in_line(place)
        # "Yale Club, 50 Vanderbilt Avenue" in the US: not in New Haven.
        return in_line, bool(place.country and in_line is not place)
    parts = (place.city, place.region, place.country)
    found = next((each for each in read_line(", ".join(filter(None, parts))).places if each.latitude is not None), None)
    if found is None or (place.country and found.country != place.country):
        return place, True
    known = {name: getattr(found, name) for name in ("city", "latitude", "longitude", "precision", "timezone")}
    return place.model_copy(update=known), False


_MOST_IN_TITLE = 2
_NAMES = re.compile(r"\b\w*[A-Z]\w*[A-Z]\w*")
"""Words with several capitals, which are not read as places: MAISI and ConCon are no towns in Cuba and Chile."""


@lru_cache(maxsize=16_384)
def _places_in_title(title: str) -> tuple[tuple[Place, bool], ...]:
    words = title if title.isupper() else _NAMES.sub(" ", title)
    found = [place for place in find_places(words).places if place.city and place.latitude is not None]
    if len(found) > _MOST_IN_TITLE:
        return ()  # "Meetups in Berlin, Paris and London": none of them is the place
    return tuple((place.model_copy(update={"raw": ""}), True) for place in found[:1])


@lru_cache(maxsize=16_384)
def place_words(place: Place) -> tuple[int, ...]:
    """Return the codes of all words in the city, region, venue and raw text of a place."""
    said = " ".join((place.city, place.region, place.venue, place.raw))
    return tuple(word.code for word in words_of(said))


@lru_cache(maxsize=16_384)
def point_of(place: Place, is_guess: bool) -> GeoPoint | None:
    """Return the geo point of a place, or None if nothing is known of it."""
    if not (place.city or place.country or place.latitude is not None):
        return None
    wide = place.precision in {PlacePrecision.REGION, PlacePrecision.COUNTRY}
    exact = place.latitude is not None and place.longitude is not None and place.precision is not PlacePrecision.COUNTRY
    return GeoPoint(
        latitude=place.latitude if exact and place.latitude is not None else float("nan"),
        longitude=place.longitude if exact and place.longitude is not None else float("nan"),
        city=crc32(" ".join(word.text for word in words_of(place.city)).encode()) if place.city else 0,
        city_sound=crc32(_consonants(place.city).encode()) if place.city else 0,
        country=crc32(_PART_OF.get(place.country, place.country).encode()) if place.country else 0,
        is_wide=wide,
        is_guess=is_guess,
    )


_PART_OF = {"HK": "CN", "MO": "CN"}
"""Territories that are often given as part of a country."""
_SILENT = re.compile(r"(?<=.)[aeiouyh]|[^a-z]")
_DOUBLE = re.compile(r"(.)\1+")


def _consonants(city: str) -> str:
    """Return the consonants of a name, which most misspellings keep: "Pittsburg" and "Pittsburgh" have the same."""
    return _DOUBLE.sub(r"\1", _SILENT.sub("", fold(city)))
