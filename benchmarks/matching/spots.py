"""How sources state the place of one event differently."""

from __future__ import annotations

from functools import cache
from random import Random

from benchmarks.matching.truth import Truth
from benchmarks.matching.words import City
from tracker.models.place import Place
from tracker.models.vocabulary import Mode, PlacePrecision

_STYLES = ("city", "alias", "venue", "country", "raw", "area", "land", "none")
_LATER = (25, 38, 62, 72, 85, 90, 93, 100)
_FIRST = (34, 38, 80, 88, 97, 98, 98, 100)


def place_and_mode(truth: Truth, rng: Random, *, is_first: bool) -> tuple[tuple[Place, ...], Mode]:
    """Return where ``truth`` is and whether online, as one source says."""
    if truth.city is None:
        known = 0.97 if truth.keeps_place else 0.85 if is_first else 0.7
        return (), Mode.ONLINE if rng.random() < known else Mode.UNKNOWN
    style = rng.choices(_STYLES, cum_weights=_FIRST if is_first else _LATER)[0]
    mode = truth.mode
    chance = rng.random()
    if mode is Mode.HYBRID_CHOICE:
        if chance < 0.25:
            return (), Mode.ONLINE
        mode = Mode.IN_PERSON if chance < 0.5 else Mode.UNKNOWN if chance < 0.6 else mode
    elif chance < (0.25 if is_first else 0.42):
        mode = Mode.UNKNOWN
    if truth.keeps_place and style in {"none", "land", "area", "raw"} and rng.random() < 0.9:
        style = "city"
    if style == "area" and not truth.city.area:
        style = "city"
    if style == "none":
        return (), mode
    number = rng.randrange(12)
    return (_place(truth.city, truth.venue, style, number),), mode


@cache
def _place(city: City, venue: str, style: str, number: int) -> Place:
    """Return the ``number``-th of twelve ways to write a place in ``style``."""
    country = city.country_names[number % len(city.country_names)]
    alias = city.aliases[number % len(city.aliases)]
    town = {"country": city.country, "timezone": city.zone, "latitude": city.at[0], "longitude": city.at[1]}
    if style == "land":
        return Place(raw=country, country=city.country, precision=PlacePrecision.COUNTRY)
    if style == "area":
        area = {"city": "San Francisco", "region": city.region, "precision": PlacePrecision.REGION}
        return Place(raw=city.area, **area | town | {"latitude": 37.77493, "longitude": -122.41942})
    if style == "raw":
        return Place(raw=(f"{venue}, {city.name}", alias, venue, city.name)[number % 4])
    name = alias.split(",")[0] if style == "alias" and number == 0 else city.name  # a reader that knows no such alias
    known = {"city": name, "region": city.region if number % 2 else "", "precision": PlacePrecision.CITY, **town}
    if style == "venue":
        metres = {"latitude": round(city.at[0] + 0.0041, 5), "longitude": round(city.at[1] - 0.0067, 5)}
        near = metres if number % 3 == 0 else {}
        raw = (f"{venue}, {city.name}", f"{venue}, {12 + number} Example Street, {city.name}", f"{venue}, {alias}")
        return Place(raw=raw[number % 3], venue=venue, **known | near | {"precision": PlacePrecision.VENUE})
    if style == "country":
        return Place(raw=f"{city.name}, {country}", **known)
    return Place(raw=alias if style == "alias" else city.name, **known)
