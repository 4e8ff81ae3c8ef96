"""Resolves the parts of an address to one place: ``ETH HG``, ``Rämistrasse 101``, ``8092 Zürich``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from tracker.models.place import Place
from tracker.models.vocabulary import PlacePrecision
from tracker.reading.lookups import load
from tracker.reading.places.countries import (
    country_alone,
    country_in_text,
    fold_name,
    is_city_state,
    read_country,
    regions_called,
)
from tracker.reading.places.gazetteer import GazetteerEntry, cities_in, cities_named, city_named_alone, curated_place

_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}"  # OX2 0DJ
    r"|[A-Z]\d[A-Z]\s*\d[A-Z]\d"  # H2X 1Y4
    r"|[A-Z]{1,3}-\d{3,6}"  # D-10115
    r"|\d{3}-\d{4}|\d{3}\s\d{2}"  # 135-0063, 110 00
    r"|\d{4,6}(?:-\d{3,4})?(?:\s?[A-Z]{2}\b)?)(?!\w)"  # 94705, 01310-100, 1012 AB
)


_DISTRICT = re.compile(r"\w{1,2}|\d+\w{0,3}|[IVX]+")
_NO_VENUE = re.compile(
    r"\b(?:tba|tbd|tbc|announced|confirmed|register|address|location|venue|see|online|h[iyí]brid\w*)\b", re.IGNORECASE
)
_UNLIKE_LATIN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_CEDEX = re.compile(r"\bcedex(?:\s+\d{1,2})?\b", re.IGNORECASE)
_POSTAL_MARK = re.compile(r"〒?\s?\d{3}-?\d{4}")
_LONGEST_PREFIX = 5
_FAR = 0.6
"""Minimum distance in degrees from which two cities in one line are two places, not a city and its district."""


@cache
def _regions() -> frozenset[str]:
    return frozenset(load("place_words")["more_words"]["regions"].split())


@cache
def venue_words() -> frozenset[str]:
    """Return the words that make a name that of a venue, such as "museum"."""
    return frozenset(load("place_words")["more_words"]["venue"].split())


def read_parts(text: str, parts: Sequence[str]) -> Place | None:
    """Return the city or known venue that the parts of an address name; None if none is known.

    The rightmost part that names a city counts; states and countries after it decide between cities of that name.
    """
    cleaned = _cleaned(parts)
    venue = next((spot for part in cleaned if (spot := _venue(part)) is not None), None)
    qualifiers = [
        number for number, part in enumerate(cleaned) if number and (regions_called(part) or _is_country(part))
    ]
    cities = [number for number in range(len(cleaned) - 1, -1, -1) if number not in qualifiers]
    for number in [*cities, *qualifiers]:  # "London, Ontario" before the city of Ontario
        for name, countries, regions in _qualified(cleaned, number):
            spot = _pick(name, countries, regions, venue, is_alone=not (countries or regions))
            if spot is not None:
                spot = _city_before(cleaned, number, spot) or spot
                return place_of(_with_venue(spot, venue), text, cleaned[:number] if venue is None else ())
    if venue is not None:
        return place_of(venue, text)
    spot = next((spot for part in cleaned if (spot := _by_prefix(part)) is not None), None)
    return place_of(spot, text) if spot is not None else None


def _city_before(parts: Sequence[str], number: int, spot: GazetteerEntry) -> GazetteerEntry | None:
    """Return the larger city before a province that is also another name of ``spot``: "Zhengzhou, Henan, China"."""
    if not number or fold_name(spot.city) == fold_name(parts[number]):
        return None
    name = parts[number - 1]
    larger = next(iter(cities_in(cities_named(name), spot.country, "")), None)
    is_meant = larger is not None and fold_name(larger.city) == fold_name(name) and larger.population > spot.population
    return larger if is_meant else None


def are_cities(parts: Sequence[str]) -> bool:
    """Return whether every part is a city by itself, far from the others: "Berlin, London, Paris"."""
    if len(parts) < 2 or any(regions_called(part) or country_in_text(part) for part in parts[1:]):
        return False
    spots = [city_named_alone(part) for part in parts]
    known = [spot for spot in spots if spot is not None and spot.city and not spot.venue]
    if len(known) < len(parts):
        return False
    return all(
        abs(one.at[0] - other.at[0]) + abs(one.at[1] - other.at[1]) > _FAR
        for number, one in enumerate(known)
        for other in known[number + 1 :]
    )


def _cleaned(parts: Sequence[str]) -> list[str]:
    cleaned = [_CEDEX.sub("", _POSTCODE.sub("", part)).strip(" ,.") for part in parts]
    return [part for part in cleaned if part and fold_name(part) != "country"]


def _venue(part: str) -> GazetteerEntry | None:
    """Return the known venue that ``part`` names; words may follow a campus: "Harvard Law School" is at Harvard."""
    spot = curated_place(part)
    if spot is not None or part.isascii() is False:
        return spot
    first = curated_place(part.split(" ")[0])
    return first if first is not None and first.sort == "campus" else None


def _by_prefix(part: str) -> GazetteerEntry | None:
    """Return the prefecture or city that begins an address without spaces: 東京都渋谷区, 서울특별시 강남구."""
    if not _UNLIKE_LATIN.search(part):
        return None
    part = _POSTAL_MARK.sub("", part).strip("〒 ")
    for length in range(_LONGEST_PREFIX, 1, -1):
        spots = cities_named(part[:length])
        if spots and spots[0].population:
            return spots[0]
    return None


def _qualified(parts: Sequence[str], number: int) -> list[tuple[str, list[str], list[tuple[str, str]]]]:
    """Return the ways to read part ``number`` as a city: (name, countries after it, regions after it)."""
    countries, regions = _beside(parts[number + 1 :])
    name = parts[number]
    ways = [(name, countries, regions)]
    words = name.split()
    for cut in (1, 2):  # "Berkeley CA", "Seoul South Korea", "20146 Hamburg"
        if len(words) > cut:
            tail = " ".join(words[-cut:])
            tail_countries, tail_regions = _beside([tail])
            if tail_countries or tail_regions:
                ways.append((" ".join(words[:-cut]), tail_countries or countries, tail_regions or regions))
            if words[0][0].isdigit():
                ways.append((" ".join(words[cut:]), countries, regions))
    # "Praha 2", "København K"; with the country beside it, "Milano MI" is no place in Michigan
    if len(words) > 1 and _DISTRICT.fullmatch(words[-1]) and (countries or not regions_called(words[-1])):
        ways.append((" ".join(words[:-1]), countries, regions))
    return ways


def _beside(parts: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    countries = [country for part in parts if (country := country_in_text(part))]
    regions = [region for part in parts for region in regions_called(part)]
    # "Toronto, CA": CA is the country if no city of that name lies in the state.
    codes = [country for part in parts if len(part) == 2 and part.isupper() and (country := read_country(part))]
    return [*countries, *codes], regions


def _pick(
    name: str,
    countries: Sequence[str],
    regions: Sequence[tuple[str, str]],
    venue: GazetteerEntry | None,
    *,
    is_alone: bool,
) -> GazetteerEntry | None:
    spots = cities_named(name)
    if not spots or (_is_country(name) and is_alone):
        return None
    own = curated_place(name)
    if is_alone and venue is not None and venue is not own:
        # "Harvard University, Cambridge": the venue decides which Cambridge; "Lighthaven, Vienna" is in Vienna.
        inside = (spot for spot in cities_in(spots, venue.country, venue.region) if spot.city == venue.city)
        return next(inside, None) or city_named_alone(name, strict=True)
    if is_alone:
        return city_named_alone(name)
    return city_in_named_region(spots, countries, regions)


def city_in_named_region(
    spots: Sequence[GazetteerEntry], countries: Sequence[str], regions: Sequence[tuple[str, str]]
) -> GazetteerEntry | None:
    """Return the first of ``spots`` that lies in one of the states or countries named beside it.

    "Atlanta, Georgia" lies in the state, "Tbilisi, Georgia" in the country.
    """
    beside = [*regions, *((country, "") for country in countries)]
    return next((choice for country, region in beside for choice in cities_in(spots, country, region)), None)


def _is_country(name: str) -> bool:
    return bool(country_in_text(name)) and not is_city_state(name)


def _with_venue(spot: GazetteerEntry, venue: GazetteerEntry | None) -> GazetteerEntry:
    """Return the known venue if it lies in the city, since it is more precise; otherwise the city."""
    if venue is None or venue.venue == "" or (venue.city, venue.country) != (spot.city, spot.country):
        return spot
    return venue


def place_of(spot: GazetteerEntry, text: str, before: Sequence[str] = ()) -> Place:
    """Return ``spot`` as a place; the first of the address parts ``before`` the city is taken as the venue."""
    venue = spot.venue
    if not venue and before and spot.city:
        first = before[0]
        is_city = bool(curated_place(first)) or bool(country_in_text(first)) or fold_name(first) == fold_name(spot.city)
        if not (is_city or city_named_alone(first) or _NO_VENUE.search(first) or first[0].islower()):
            venue = first
    return Place(
        raw=text,
        venue=venue,
        city=spot.city,
        region=spot.region if spot.country in {"US", "CA", "AU"} or not spot.city else "",
        country=spot.country,
        latitude=spot.at[0],
        longitude=spot.at[1],
        timezone=spot.timezone,
        precision=PlacePrecision.VENUE if venue else spot.precision,
    )


def read_country_of(text: str, parts: Sequence[str]) -> Place | None:
    """Return the country or region that the parts name; an unknown name before it is kept as the city."""
    parts = _cleaned(parts)
    countries = [country for part in parts if (country := country_alone(part))]
    regions = [region for part in parts for region in regions_called(part)]
    if not countries and not (regions and len(parts) > 1) and not (len(parts) == 1 and regions):
        return None
    if not countries:
        country, region = regions[-1]
        return Place(raw=text, country=country, region=region, precision=PlacePrecision.REGION)
    country = countries[-1]
    names = [part for part in parts if not country_in_text(part) and not regions_called(part)]
    city = names[-1] if names and _may_be_city(names[-1]) and len(parts) > 1 else ""
    region = next((region for of, region in regions if of == country), "")
    precision = PlacePrecision.CITY if city else PlacePrecision.REGION if region else PlacePrecision.COUNTRY
    return Place(raw=text, city=city, region=region, country=country, precision=precision)


def _may_be_city(name: str) -> bool:
    words = name.split()
    if fold_name(name) in _regions() or regions_called(words[-1]):
        return False
    is_name = all(word[0].isupper() or len(word) <= 3 for word in words)
    is_plain = not any(char.isdigit() or char == "." for char in name[1:]) and len(words) <= 3
    return is_name and is_plain and not venue_words() & set(fold_name(name).split())
