"""The word lists of the generator as typed values: cities, organisers, sources, templates."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """A city in which events happen."""

    name: str
    """English name as GeoNames spells it: ``Munich``."""
    aliases: tuple[str, ...]
    """Other ways to write it: ``München``."""
    country: str
    """ISO 3166-1 alpha-2."""
    country_names: tuple[str, ...]
    """Ways to write the country."""
    region: str
    """State or province; empty where nobody writes it."""
    area: str
    """Wider area that people name instead: ``Bay Area``; empty: none."""
    zone: str
    """IANA zone."""
    at: tuple[float, float]
    """Degrees north and east."""
    venues: tuple[str, ...]
    native: str
    """ISO 639-1 code of the language into which titles may be translated; empty: none."""


@dataclass(frozen=True, slots=True)
class Organizer:
    """A body that holds events."""

    name: str
    short: str
    site: str
    """Host of its own site."""
    city: City | None
    """Where it works; None: anywhere."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place where listings are read."""

    id: str
    kind: str
    ids: str
    """Shape of its ids: ``evt``, ``post``, ``rec``, ``slug`` or ``number``."""
    host: str
    """Host and folder of its own pages, without scheme."""
    lists: str
    """``meetings``, ``programmes`` or ``both``."""
    weight: int
    city: str
    """Only events in this city; empty: all."""
    organizer: str
    """Only events of this organiser; empty: all."""
    built_from: str
    """Id of the source whose rows it repeats with their ids; empty: none."""
    patterns: dict[str, float]


def slug(text: str) -> str:
    """Return ``text`` as a part of a URL: ``AI Safety: São Paulo`` becomes ``ai-safety-sao-paulo``."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_WORD.sub("-", text.lower()).strip("-")


@cache
def lists() -> dict[str, Any]:
    """Return the word lists of ``words.toml``."""
    return tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))


@cache
def cities() -> tuple[City, ...]:
    """Return all cities."""
    table = tomllib.loads((FOLDER / "cities.toml").read_text("utf-8"))
    return tuple(
        City(
            name=row["name"],
            aliases=tuple(row["aliases"]),
            country=row["country"],
            country_names=tuple(table["countries"][row["country"]]),
            region=row.get("region", ""),
            area=row.get("area", ""),
            zone=row["zone"],
            at=(row["at"][0], row["at"][1]),
            venues=tuple(row["venues"]),
            native=row.get("native", ""),
        )
        for row in table["cities"]
    )


@cache
def organizers() -> tuple[Organizer, ...]:
    """Return the bodies that are known beyond one city."""
    by_name = {city.name: city for city in cities()}
    return tuple(
        Organizer(row["name"], row["short"], row["site"], by_name.get(row.get("city", "")))
        for row in lists()["organizers"]
    )


@cache
def local_groups(city: City) -> tuple[Organizer, ...]:
    """Return the groups of one city."""
    name = f"{city.name} {city.region}" if city.name == "Cambridge" and city.country == "US" else city.name
    words = {"city": name, "slug": slug(name).replace("-", "")}
    return tuple(
        Organizer(row["name"].format(**words), row["short"].format(**words), row["site"].format(**words), city)
        for row in lists()["local_groups"]
    )


@cache
def sources() -> tuple[Source, ...]:
    """Return all sources."""
    table = tomllib.loads((FOLDER / "sources.toml").read_text("utf-8"))
    return tuple(
        Source(
            id=row["id"],
            kind=row["kind"],
            ids=row["ids"],
            host=row["host"],
            lists=row["lists"],
            weight=row["weight"],
            city=row.get("city", ""),
            organizer=row.get("organizer", ""),
            built_from=row.get("built_from", ""),
            patterns=table["habits"][row["kind"]],
        )
        for row in table["sources"]
    )
