"""Cities: an extract of GeoNames, and our own rows of venues, islands and nicknames."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from tracker.models.vocabulary import PlacePrecision
from tracker.reading.lookups import load
from tracker.reading.places.countries import fold_name

_LARGE = 100
"""Minimum population, in thousands, of a city that is recognised by its name alone."""
_LARGE_BY_OTHER_NAME = 300
_TOWN_BY_OTHER_NAME = 50
_LONG_ENOUGH, _SHORTEST = 5, 4
"""Letters of another name of a town, and of a large city: "Wien", "Roma"."""
_SMALL = 15
_REGION_SORTS = {"region": PlacePrecision.REGION, "island": PlacePrecision.REGION}


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """A city of the gazetteer, or a venue, island or region of the curated list."""

    city: str
    country: str
    region: str
    timezone: str
    at: tuple[float, float]
    """(latitude, longitude) in degrees"""
    population: int = 0
    """In thousands."""
    venue: str = ""
    precision: PlacePrecision = PlacePrecision.CITY
    sort: str = "city"


class _Gazetteer:
    def __init__(self) -> None:
        packed = (files("tracker.reading") / "data" / "gazetteer.gz").read_bytes()
        rows, spellings = gzip.decompress(packed).decode().split("\n\n")
        self.rows = rows.split("\n")
        self._spellings = dict(line.split("\t", 1) for line in spellings.split("\n"))

    def spots(self, folded: str) -> tuple[list[GazetteerEntry], int, bool]:
        """Return (cities with this spelling, number of them with it as primary name, whether it is an English word)."""
        entry = self._spellings.get(folded)
        if entry is None:
            return [], 0, False
        primary, numbers, is_word = entry.split("\t")
        return [self._spot(int(number)) for number in numbers.split()], int(primary), bool(is_word)

    def _spot(self, number: int) -> GazetteerEntry:
        city, country, region, latitude, longitude, timezone, population = self.rows[number].split("\t")
        return GazetteerEntry(city, country, region, timezone, (float(latitude), float(longitude)), int(population))


@cache
def _gazetteer() -> _Gazetteer:
    return _Gazetteer()


def largest_cities(most: int) -> list[tuple[str, str]]:
    """Return (city, country code) of the largest cities of the world, the largest first."""
    rows = _gazetteer().rows[:most]  # which are sorted so
    return [(city, country) for city, country, *_ in (row.split("\t") for row in rows)]


@lru_cache(maxsize=256)
def center_of(country: str, region: str) -> tuple[float, float] | None:
    """Return latitude and longitude of the middle of the people of a state or province; None if it is unknown."""
    total = north = east = 0.0
    for row in _gazetteer().rows:
        _, of, part, latitude, longitude, _, population = row.split("\t")
        if of == country and part == region:
            weight = int(population) or 1
            total, north, east = total + weight, north + weight * float(latitude), east + weight * float(longitude)
    return (round(north / total, 2), round(east / total, 2)) if total else None


def named_areas() -> list[str]:
    """Return the names of areas around cities, and of others that cross them: ``Bay Area``."""
    return [name for name, row in load("places")["places"].items() if row["sort"] == "region"]


@cache
def _own() -> dict[str, GazetteerEntry]:
    found: dict[str, GazetteerEntry] = {}
    for name, row in load("places")["places"].items():
        sort = row["sort"]
        spot = GazetteerEntry(
            city=row.get("city", "" if sort != "city" else name),
            country=row["country"],
            region=row.get("region", "" if sort not in _REGION_SORTS else name),
            timezone=row["timezone"],
            at=(row["at"][0], row["at"][1]),
            venue=name if sort in {"venue", "campus"} else "",
            precision=PlacePrecision.VENUE
            if sort in {"venue", "campus"}
            else _REGION_SORTS.get(sort, PlacePrecision.CITY),
            sort=sort,
        )
        for spelling in (name, *row.get("also", ())):
            found.setdefault(fold_name(spelling), spot)
    return found


@cache
def _never_alone() -> frozenset[str]:
    return frozenset(load("place_words")["words"]["never_alone"].split())


@cache
def _also_alone() -> frozenset[str]:
    return frozenset(load("place_words")["more_words"]["also_alone"].split())


def curated_place(name: str) -> GazetteerEntry | None:
    """Return the entry of the curated list called ``name``. Names of up to three letters count in capitals only."""
    folded = fold_name(name)
    spot = _own().get(folded)
    if spot is not None and len(folded.replace(" ", "")) <= 3 and not name.replace(".", "").isupper():
        return None
    return spot


@cache
def _preferred() -> dict[str, str]:
    return {fold_name(name): str(country) for name, country in load("place_words")["preferred"].items()}


@lru_cache(maxsize=8192)
def cities_named(name: str) -> tuple[GazetteerEntry, ...]:
    """Return all cities called ``name``, the likeliest first: primary before alternate names, then by population."""
    folded = fold_name(name)
    if not folded:
        return ()
    spots, primary, _ = _gazetteer().spots(folded)
    own = curated_place(name)
    # A far larger city with this alternate name comes first: "Saigon".
    first, other = spots[:primary], spots[primary:]
    if other and (not first or (first[0].population < _LARGE and other[0].population > 20 * first[0].population)):
        first, other = other[:1], [*first, *other[1:]]
    return ((own,) if own else ()) + tuple(first) + tuple(other)


@lru_cache(maxsize=8192)
def cities_called(name: str) -> tuple[GazetteerEntry, ...]:
    """Return the cities that are called ``name`` in running text: by their first name, or by another long one."""
    folded = fold_name(name)
    spots, primary, _ = _gazetteer().spots(folded) if folded else ([], 0, False)
    return tuple(
        spot
        for spot in cities_named(name)
        if spot is curated_place(name)
        or spot in spots[:primary]
        or (spot.population >= _TOWN_BY_OTHER_NAME and len(folded) >= _LONG_ENOUGH)
        or (spot.population >= _LARGE_BY_OTHER_NAME and len(folded) >= _SHORTEST)
    )


@lru_cache(maxsize=8192)
def city_named_alone(name: str, *, strict: bool = False) -> GazetteerEntry | None:
    """Return the city that ``name`` means on its own; None for small cities and for ordinary words.

    Args:
        name: name as written.
        strict: True in running text, where only large cities and the curated list count.
    """
    own = curated_place(name)
    if own is not None:
        return own
    folded = fold_name(name)
    spots, primary, is_word = _gazetteer().spots(folded) if folded else ([], 0, False)
    if not spots or not _looks_like_name(name) or (folded in _never_alone() and folded not in _preferred()):
        return None
    if folded in _also_alone():
        return spots[0]
    preferred = _preferred().get(folded)
    best = next((spot for spot in spots if spot.country == preferred), cities_named(name)[0])
    if preferred == best.country:
        return best
    is_first_name = primary > 0 and best in spots[:primary]
    least = _LARGE if is_first_name else _LARGE_BY_OTHER_NAME
    if best.population >= least:
        return best
    is_small_but_clear = is_first_name and not is_word and best.population >= _SMALL and not strict
    return best if is_small_but_clear else None


def is_common_word(name: str) -> bool:
    """Return whether the name of a city is also an ordinary word or a name of people."""
    folded = fold_name(name)
    return folded in _never_alone() or _gazetteer().spots(folded)[2]


def _looks_like_name(name: str) -> bool:
    """Return whether the text starts with a capital or is in a script without capitals."""
    first = next((char for char in name if char.isalpha()), "")
    return bool(first) and (first.isupper() or not first.islower())


def cities_in(spots: Sequence[GazetteerEntry], country: str, region: str) -> list[GazetteerEntry]:
    """Return those of ``spots`` in this country and region; an empty value matches any."""
    return [
        spot
        for spot in spots
        if (not country or spot.country == country) and (not region or fold_name(spot.region) == fold_name(region))
    ]
