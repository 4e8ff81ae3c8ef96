"""Parses one line that describes a place: ``Trajan House, Oxford OX2 0DJ``, ``London & Remote``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tracker.models.place import Place
from tracker.models.vocabulary import PlacePrecision
from tracker.reading.lookups import load
from tracker.reading.places.addresses import are_cities, place_of, read_country_of, read_parts, venue_words
from tracker.reading.places.countries import country_alone, country_in_text, fold_name, is_city_state, regions_called
from tracker.reading.places.gazetteer import cities_in, cities_named, city_named_alone, curated_place
from tracker.reading.places.modes import STATED, mode_words, says_mode

_LONGEST = 300
_MOST_PLACES = 20
_A_LIST = 3
"""Number of cities from which words around a list are no address: "Meetups in Berlin, Paris and Rome"."""
_LONGEST_NAME = 60
_EITHER = "Georgia"
"""On its own, the name may mean the country or the state."""
_LARGER_THAN_ITS_STATE = 500
"""Minimum population, in thousands, from which a name such as "New York" is the city and not the state."""
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_TEMPLATE = re.compile(r"#_\w+|\{\{.{0,80}?\}\}|%\w+%")
_SEVERAL = re.compile(r"\s*;\s*|\s+(?:&|\+|/|\||·|•|→|or|and|und|et|y|e|oder|ou)\s+|(?<=[^\W\d_]{3})/(?=[^\W\d_]{3})")
_AND = frozenset({"&", "+", "and", "und", "et", "y", "e"})
_PARTS = re.compile(r"\s*[,،、()\[\]]\s*|\s+[-–—|@]\s+|:\s+|(?<=\w{4}\.)\s+(?=[A-Z])")
_LEADING = re.compile(
    r"^(?:(?:somewhere|based|located|held|taking place|mostly|primarily|mainly|only|our|either|both|the city of|greater"
    r"|downtown|central|near|around|outside|location|venue|where|ort|lieu|lugar)\b[:\s]*"
    r"|(?:in|at|from|to|the|im|bei|à|en)\s+)+",
    re.IGNORECASE,
)
_INNER = re.compile(r"\s+(?:in|at|near|across|im|bei|à)\s+(?=\S)")
_LOOSE_ENDS = re.compile(
    r"^(?:[\s,.;:/&+|()–—-]|(?:and|or|und|oder|et|y|e|in)\b)+|(?:[\s,;:/&+|(–—-]|\b(?:and|or|und|oder|et|y|e))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PlacesAndMode:
    """Places and mode that a text states."""

    places: tuple[Place, ...] = ()
    says_online: bool = False
    says_in_person: bool = False
    uncertain: tuple[str, ...] = ()
    """Places that the text names, of which it is not clear whether the event is there."""
    likely_zone: str | None = None
    """Time zone of all the places that may be meant and of the language, if they share one and no place is certain."""


@cache
def _nowhere() -> frozenset[str]:
    return frozenset(load("place_words")["more_words"]["nowhere"])


def read_line(text: str, *, keeps_unknown: bool = True) -> PlacesAndMode:
    """Return the places that a line names, in order, and whether it says that the event is online or in person.

    Args:
        text: one line; a link with nothing beside it means online.
        keeps_unknown: True to keep a line that names no known place as a place without coordinates.
    """
    raw = " ".join(_without_flag(_TEMPLATE.sub("", _shortened(text))).split())
    without_link = _LINK.sub(" ", raw).strip(" ,")
    has_link = _LINK.search(raw) is not None
    known = _known(without_link)
    if known is not None:
        return PlacesAndMode((known,))
    online, in_person = says_mode(without_link)
    rest = without_link
    for name in STATED if online or in_person else ():
        rest = mode_words(name).blanked(rest)
    if has_link and not rest.strip(" ,.:;()"):
        online = True
    online = online or any(mode_words("everywhere").fullmatch(piece.strip(" ,.()")) for piece in _SEVERAL.split(rest))
    places: list[Place] = []
    for piece in _pieces(_LOOSE_ENDS.sub("", rest)):
        place = _place(piece, keeps_unknown=keeps_unknown and not online)
        if place is not None and all(_spot_key(place) != _spot_key(other) for other in places):
            places.append(place)
    return PlacesAndMode(tuple(places[:_MOST_PLACES]), online, in_person)


def _without_flag(text: str) -> str:
    """Replace the flag before a place by the code of its country: "🇩🇪 Berlin" is "Berlin, DE"."""
    found = _FLAG.match(text)
    if found is None:
        return text
    code = "".join(chr(ord(letter) - _FIRST_INDICATOR + ord("A")) for letter in found[1])
    return found[2] if "," in found[2] or not found[2] else f"{found[2]}, {code}"


_FLAG = re.compile(r"\s*([\U0001F1E6-\U0001F1FF]{2})\s*(.*)", re.DOTALL)
_FIRST_INDICATOR = 0x1F1E6


def read_address_lines(text: str) -> PlacesAndMode:
    """Return the place of an address written in lines, as iCloud and others do: street, then city, then country.

    Lines that do not name one place together are read as one line.
    """
    lines = [line.strip(" ,;") for line in _TEMPLATE.sub("", _shortened(text)).split("\n") if line.strip(" ,;")]
    physical = [line for line in lines if not any(mode_words(name).fullmatch(line) for name in ("online", "hybrid"))]
    parts = [part for line in physical for part in _PARTS.split(line) if part]
    if len(physical) > 1 and not any(char.isdigit() for char in text):  # two cities, or two branches: no streets
        branches = list(dict.fromkeys(physical))
        several = [place for line in branches for place in read_line(line, keeps_unknown=False).places]
        if len(several) == len(branches) > 1 and all(place.city for place in several) and are_apart(several):
            return PlacesAndMode(tuple(several[:_MOST_PLACES]), *says_mode(text))
    if len(physical) > 1 and not are_cities(parts) and not _LINK.search(text):
        whole = ", ".join(physical)
        place = read_parts(whole, parts) or read_country_of(whole, parts)
        if place is not None and (place.city or place.venue):
            online, in_person = says_mode(text)
            return PlacesAndMode((place,), online, in_person)
    return read_line(text)


def are_apart(places: Sequence[Place]) -> bool:
    """Return whether places lie in different cities."""
    return len({(place.city, place.country) for place in places}) == len(places)


def strip_links(text: str) -> str:
    """Return ``text`` with its links blanked out."""
    return _LINK.sub(" ", text) if "://" in text or "www." in text.lower() else text


def is_placeholder(text: str) -> bool:
    """Return whether the text is a placeholder rather than a place, such as "TBA" or "various locations"."""
    return fold_name(text) in _nowhere() or not fold_name(text)


def without_templates(text: str) -> str:
    """Return ``text`` without unfilled template placeholders: ``#_LOCATIONNAME``."""
    return _TEMPLATE.sub("", text)


def _shortened(text: str) -> str:
    """Return the beginning of a text that is too long; half a name at its end would be another place."""
    if len(text) <= _LONGEST:
        return text
    cut = text[:_LONGEST]
    return cut[: max(cut.rfind(mark) for mark in ",;&|\n ")]


def _spot_key(place: Place) -> tuple[str, ...]:
    return (place.city, place.country, place.venue, place.region) if place.country else (place.raw,)


def _known(text: str) -> Place | None:
    """Return the place that the whole line names, even if it contains a word such as "and" or "remote"."""
    if len(text) > _LONGEST_NAME or (own := curated_place(text)) is not None:
        return place_of(own, text) if len(text) <= _LONGEST_NAME and own else None
    country = "" if text == _EITHER else country_alone(text)
    if country and not is_city_state(text):
        return Place(raw=text, country=country, precision=PlacePrecision.COUNTRY)
    regions = regions_called(text)
    spot = city_named_alone(text)
    if regions and (spot is None or spot.population < _LARGER_THAN_ITS_STATE) and text != _EITHER:
        of, region = regions[0]
        return Place(raw=text, country=of, region=region, precision=PlacePrecision.REGION)
    return place_of(spot, text) if spot is not None else None


def _split(text: str) -> list[str]:
    """Split a line into its places; a venue's own name is not split: "Victoria and Albert Museum, London"."""
    found: list[str] = []
    at = 0
    for joint in _SEVERAL.finditer(text):
        rest = _PARTS.split(text[joint.end() :], maxsplit=1)[0]
        names_venue = {word.removesuffix("s") for word in fold_name(rest).split()} & venue_words()
        if not (joint[0].strip().casefold() in _AND and names_venue):
            found.append(text[at : joint.start()])
            at = joint.end()
    return [*found, text[at:]]


def _pieces(text: str) -> list[str]:
    pieces = [piece.strip(" ,.;:-–—()&+/|") for piece in _split(text)]
    pieces = [piece for piece in pieces if piece and fold_name(piece) not in _nowhere()]
    pieces = (_list_in(pieces) if pieces else []) or [city for piece in pieces for city in _listed(piece)]
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


def _listed(piece: str) -> list[str]:
    """Split a list of cities into several places: "Berlin, London, Paris", "Tallinn – Riga"."""
    parts = [part for part in _PARTS.split(piece) if part]
    return parts if are_cities(parts) else _announced(parts) or [piece]


def _list_in(pieces: Sequence[str]) -> list[str]:
    """Return the cities of a list that ends with "and": "Meetups in Berlin, Paris and Rome"; empty if it is none."""
    first, *others = ([part for part in _PARTS.split(piece) if part] for piece in pieces)
    if not others or any(len(other) != 1 for other in others):
        return []
    return _announced([*first, *(part for other in others for part in other)])


def _announced(parts: Sequence[str]) -> list[str]:
    """Return the cities of a list with words around it: "Various cities: …", "Hubs in …, Germany"; else nothing.

    An address names cities too, but not three of them: "Café in Victoria, London" is one place.
    """
    if len(parts) < _A_LIST:
        return []
    parts = list(dict.fromkeys([_LEADING.sub("", _INNER.split(parts[0])[-1]), *parts[1:]]))
    if len(parts) > _A_LIST and country_in_text(parts[-1]):
        parts = parts[:-1] if are_cities(parts[:-1]) else parts
    if len(parts) >= _A_LIST and are_cities(parts):
        return parts
    cities = {part: spot for part in parts if (spot := city_named_alone(part)) is not None and not spot.venue}
    return list(cities) if len({spot.country for spot in cities.values()}) >= _A_LIST else []


def _with_shared_country(pieces: list[str]) -> list[str]:
    """Add the country of the last piece to the others: in "Cambridge and London, UK" it applies to both."""
    _, comma, country = pieces[-1].rpartition(",")
    if not comma or not country_in_text(country.strip()):
        return pieces
    return [
        f"{piece},{country}"
        if "," not in piece and cities_in(cities_named(piece), country_in_text(country.strip()), "")
        else piece
        for piece in pieces[:-1]
    ] + pieces[-1:]


def _place(text: str, *, keeps_unknown: bool) -> Place | None:
    text = text.strip(" ,.;:-–—&+/|")
    if not text or fold_name(text) in _nowhere() or mode_words("everywhere").fullmatch(text):
        return None
    if (known := _known(text)) is not None:
        return known
    if text == _EITHER:
        return Place(raw=text) if keeps_unknown else None
    parts = [part for part in _PARTS.split(text) if part]
    inner = _inner_parts(parts)
    for read in (read_parts, read_country_of):
        # "Near Oxford, UK" is read as Oxford in preference to somewhere in the UK.
        for candidate in (parts, inner) if read is read_parts else (inner or parts,):
            if candidate and (place := read(text, candidate)) is not None:
                return place
    return Place(raw=text) if keeps_unknown else None


def _inner_parts(parts: Sequence[str]) -> list[str]:
    """Split at prepositions: "Mox in San Francisco" → "Mox", "San Francisco"; "Somewhere in France" → "France"."""
    found: list[str] = []
    for part in parts:
        for piece in _INNER.split(part):
            stripped = _LEADING.sub("", piece).strip()
            if stripped:
                found.append(stripped)
    return found if found != list(parts) else []
