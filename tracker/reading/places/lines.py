"""One line about where something is: ``Trajan House, Oxford OX2 0DJ``, ``London & Remote``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tracker.models.place import Place
from tracker.models.vocabulary import PlacePrecision
from tracker.reading.lookups import load
from tracker.reading.places.countries import country_alone, country_in_text, regions_called
from tracker.reading.places.gazetteer import Spot, fold_name, near_spots, own_spot, spot_alone, spots_called

_LONGEST = 300
_MOST_PLACES = 8
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_TEMPLATE = re.compile(r"#_\w+|\{\{.{0,80}?\}\}|%\w+%")
_SEVERAL = re.compile(
    r"\s*;\s*|\s+(?:&|\+|/|\||·|•|→|or|and|und|et|y|e|oder|ou)\s+|(?<=[^\W\d_]{3})/(?=[^\W\d_]{3})|\n"
)
_PARTS = re.compile(r"\s*[,()\[\]]\s*|\s+[-–—|@]\s+|:\s+|(?<=\w{4}\.)\s+(?=[A-Z])")
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}"  # OX2 0DJ
    r"|[A-Z]\d[A-Z]\s*\d[A-Z]\d"  # H2X 1Y4
    r"|[A-Z]{1,3}-\d{3,6}"  # D-10115
    r"|\d{4,6}(?:-\d{3,4})?(?:\s?[A-Z]{2}\b)?)(?!\w)"  # 94705, 01310-100, 1012 AB
)
_LEADING = re.compile(
    r"^(?:(?:somewhere|based|located|held|taking place|mostly|primarily|mainly|only|our|either|both|the city of|greater"
    r"|downtown|central|near|around|outside|location|venue|where|ort|lieu|lugar)\b[:\s]*"
    r"|(?:in|at|from|to|the|im|bei|à|en)\s+)+",
    re.IGNORECASE,
)
_INNER = re.compile(r"\s+(?:in|at|near|im|bei|à)\s+(?=\S)")
_LOOSE_ENDS = re.compile(
    r"^(?:[\s,.;:/&+|()–—-]|(?:and|or|und|oder|et|y|e|in)\b)+|(?:[\s,;:/&+|(–—-]|\b(?:and|or|und|oder|et|y|e))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Where:
    """What a line says about where."""

    places: tuple[Place, ...] = ()
    says_online: bool = False
    says_in_person: bool = False


@cache
def _mode(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?=\w)(?:{load('place_words')['modes'][name]})(?![\w-])", re.IGNORECASE)


@cache
def _nowhere() -> frozenset[str]:
    return frozenset(load("place_words")["words"]["nowhere"])


@cache
def _venue_words() -> frozenset[str]:
    return frozenset(load("place_words")["words"]["venue"].split())


def read_line(text: str, *, keeps_unknown: bool = True) -> Where:
    """Return the places that a line names, in order, and whether it says "online" or "in person".

    Args:
        text: one line; links in it only show that something is online.
        keeps_unknown: True to keep a line that names no known place as a place of unknown position.
    """
    raw = " ".join(_TEMPLATE.sub("", text[:_LONGEST]).split())
    without_link = _LINK.sub(" ", raw).strip(" ,")
    has_link = without_link != raw
    known = _known(without_link)
    if known is not None:
        return Where((known,))
    online, in_person = says_mode(without_link)
    rest = without_link
    for name in ("online", "in_person", "hybrid"):
        rest = _mode(name).sub(" ", rest)
    if has_link and not rest.strip(" ,.:;()"):
        online = True
    online = online or any(_mode("everywhere").fullmatch(piece.strip(" ,.()")) for piece in _SEVERAL.split(rest))
    places: list[Place] = []
    for piece in _pieces(_LOOSE_ENDS.sub("", rest)):
        place = _place(piece, keeps_unknown=keeps_unknown and not online)
        if place is not None and all(_spot_key(place) != _spot_key(other) for other in places):
            places.append(place)
    return Where(tuple(places[:_MOST_PLACES]), online, in_person)


def says_mode(text: str) -> tuple[bool, bool]:
    """Return whether ``text`` says (online, in person)."""
    hybrid = bool(_mode("hybrid").search(text))
    return hybrid or bool(_mode("online").search(text)), hybrid or bool(_mode("in_person").search(text))


def strip_links(text: str) -> str:
    """Return ``text`` with its links blanked out."""
    return _LINK.sub(" ", text)


def read_parts(text: str, parts: Sequence[str]) -> Place | None:
    """Return the place that the parts of an address name, the most exact first; None where none is known."""
    return _resolve(text, parts)


def is_nowhere(text: str) -> bool:
    """Say whether the words stand for no place: "TBA", "various locations"."""
    return fold_name(text) in _nowhere() or not fold_name(text)


def without_templates(text: str) -> str:
    """Return ``text`` without the placeholders that templates forget to fill: ``#_LOCATIONNAME``."""
    return _TEMPLATE.sub("", text)


def _spot_key(place: Place) -> tuple[str, ...]:
    return (place.city, place.country, place.venue, place.region) if place.country else (place.raw,)


def _known(text: str) -> Place | None:
    """A whole line that is the name of a place, though it holds a word such as "and" or "remote"."""
    spot = own_spot(text) or (spot_alone(text) if len(text) <= 40 else None)
    if spot is not None:
        return _from_spot(spot, text)
    # "Georgia" alone may be the country or the state.
    country = "" if text == "Georgia" else country_alone(text)
    return Place(raw=text, country=country, precision=PlacePrecision.COUNTRY) if country else None


def _pieces(text: str) -> list[str]:
    pieces = [piece.strip(" ,.;:-–—()&+/|") for piece in _SEVERAL.split(text)]
    pieces = [piece for piece in pieces if piece and fold_name(piece) not in _nowhere()]
    if len(pieces) < 2:
        return [text.strip(" ,;:-–—&+/|")] if pieces else []
    # "Berlin & Munich, Germany" are two places, "Q&A Room, Hall of Arts and Sciences, Berlin" is one.
    if all(_place(piece, keeps_unknown=False) is not None for piece in pieces):
        return _with_shared_country(pieces)
    found = [piece for piece in pieces if _place(piece, keeps_unknown=False) is not None]
    whole = _place(text, keeps_unknown=False)
    if whole is not None and len(found) <= 1:
        return [text]
    return found or [text]


def _with_shared_country(pieces: list[str]) -> list[str]:
    """In "Cambridge and London, UK" the country is that of both."""
    _, comma, country = pieces[-1].rpartition(",")
    if not comma or not country_in_text(country.strip()):
        return pieces
    return [
        f"{piece},{country}"
        if "," not in piece and near_spots(spots_called(piece), country_in_text(country.strip()), "")
        else piece
        for piece in pieces[:-1]
    ] + pieces[-1:]


def _place(text: str, *, keeps_unknown: bool) -> Place | None:
    text = text.strip(" ,.;:-–—&+/|")
    if not text or fold_name(text) in _nowhere() or _mode("everywhere").fullmatch(text):
        return None
    if (known := _known(text)) is not None:
        return known
    parts = [part for part in _PARTS.split(text) if part]
    for candidate in (parts, _inner_parts(parts)):
        if candidate and (place := _resolve(text, candidate)) is not None:
            return place
    return Place(raw=text) if keeps_unknown else None


def _inner_parts(parts: Sequence[str]) -> list[str]:
    """``Mox in San Francisco`` → ``Mox``, ``San Francisco``; ``Somewhere in France`` → ``France``"""
    found: list[str] = []
    for part in parts:
        for piece in _INNER.split(part):
            stripped = _LEADING.sub("", piece).strip()
            if stripped:
                found.append(stripped)
    return found if found != list(parts) else []


def _resolve(text: str, parts: Sequence[str]) -> Place | None:
    """Find the rightmost part that names a city; what stands beside it says which one."""
    cleaned = [_POSTCODE.sub("", part).strip(" ,.") for part in parts]
    cleaned = [part for part in cleaned if part and fold_name(part) != "country"]
    venue = next((spot for part in cleaned if (spot := own_spot(part)) is not None), None)
    qualifiers = [
        number for number, part in enumerate(cleaned) if number and (regions_called(part) or _is_country(part))
    ]
    cities = [number for number in range(len(cleaned) - 1, -1, -1) if number not in qualifiers]
    for number in [*cities, *qualifiers]:  # "London, Ontario" before the city of Ontario
        for name, countries, regions in _qualified(cleaned, number):
            spot = _pick(name, countries, regions, venue, is_alone=not (countries or regions))
            if spot is not None:
                return _from_spot(_with_venue(spot, venue), text, cleaned[:number] if venue is None else ())
    if venue is not None:
        return _from_spot(venue, text)
    return _only_country(text, cleaned)


def _qualified(parts: Sequence[str], number: int) -> list[tuple[str, list[str], list[tuple[str, str]]]]:
    """Return the ways to read part ``number`` as a city: (name, countries beside it, regions beside it)."""
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
            ways.append(
                (" ".join(words[cut:]), countries, regions) if words[0][0].isdigit() else (name, countries, regions)
            )
    return ways


def _beside(parts: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    countries = [country for part in parts if (country := country_in_text(part))]
    regions = [region for part in parts for region in regions_called(part)]
    return countries, regions


def _pick(
    name: str, countries: Sequence[str], regions: Sequence[tuple[str, str]], venue: Spot | None, *, is_alone: bool
) -> Spot | None:
    spots = spots_called(name)
    if not spots or (_is_country(name) and is_alone):
        return None
    own = own_spot(name)
    if is_alone and venue is not None and venue is not own:
        # "Harvard University, Cambridge": the venue says which Cambridge.
        return next((spot for spot in near_spots(spots, venue.country, venue.region) if spot.city == venue.city), None)
    if is_alone:
        return spot_alone(name)
    # "Atlanta, Georgia" lies in the state, "Tbilisi, Georgia" in the country.
    beside = [*regions, *((country, "") for country in countries)]
    return next((choice for country, region in beside for choice in near_spots(spots, country, region)), None)


def _is_country(name: str) -> bool:
    """City states are cities too."""
    is_city = fold_name(name) in {"singapore", "hong kong", "luxembourg", "monaco", "macau", "mexico city"}
    return bool(country_in_text(name)) and not is_city


def _with_venue(spot: Spot, venue: Spot | None) -> Spot:
    """A known venue in that city is more exact than the city."""
    if venue is None or venue.venue == "" or (venue.city, venue.country) != (spot.city, spot.country):
        return spot
    return venue


def _from_spot(spot: Spot, text: str, before: Sequence[str] = ()) -> Place:
    venue = spot.venue
    if not venue and before and spot.city:
        first = before[0]
        if fold_name(first) != fold_name(spot.city) and not own_spot(first) and not country_in_text(first):
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


def _only_country(text: str, parts: Sequence[str]) -> Place | None:
    countries = [country for part in parts if (country := country_alone(part))]
    regions = [region for part in parts for region in regions_called(part)]
    if not countries and not (regions and len(parts) > 1) and not (len(parts) == 1 and regions):
        return None
    if not countries:
        country, region = regions[-1]
        if len(parts) == 1 and country_in_text(region):
            return None
        return Place(raw=text, country=country, region=region, precision=PlacePrecision.REGION)
    country = countries[-1]
    names = [part for part in parts if not country_in_text(part) and not regions_called(part)]
    city = names[-1] if names and _may_be_city(names[-1]) and len(parts) > 1 else ""
    region = next((region for of, region in regions if of == country), "")
    precision = PlacePrecision.CITY if city else PlacePrecision.REGION if region else PlacePrecision.COUNTRY
    return Place(raw=text, city=city, region=region, country=country, precision=precision)


def _may_be_city(name: str) -> bool:
    words = name.split()
    is_name = all(word[0].isupper() or len(word) <= 3 for word in words)
    is_plain = not any(char.isdigit() or char == "." for char in name[1:]) and len(words) <= 3
    return is_name and is_plain and not _venue_words() & set(fold_name(name).split())
