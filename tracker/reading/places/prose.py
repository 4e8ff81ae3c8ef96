"""Finds the places in running text where an event takes place, as opposed to other places it mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from tracker.models.place import Place
from tracker.models.vocabulary import PlacePrecision
from tracker.reading.places.addresses import city_in_named_region, place_of
from tracker.reading.places.gazetteer import (
    GazetteerEntry,
    cities_named,
    city_named_alone,
    country_in_text,
    curated_place,
    regions_called,
)
from tracker.reading.places.lines import PlacesAndMode, read_line, says_mode, strip_links

LONGEST = 20_000
_MOST = 12
_MOST_NAMES = 600
_LABEL = re.compile(
    r"^[ \t*•–>-]{0,8}(?:location|venue|where|place|city|ort|lieu|lugar|luogo|locatie|address|adresse)(?:\(s\)|s)?"
    r"[ \t]{0,3}(?::|\||\t|[ ](?=[A-Z]))[ \t]{0,8}(\S.{0,300})$",
    re.IGNORECASE | re.MULTILINE,
)
_SEGMENTS = re.compile(r"(?<=\s)[·•|](?=\s)")
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_NAME_WORD = rf"(?:{_CAPITAL}[\w’'.-]*|(?<=\s)(?:de|of|for|the|di|la|le|del|den|am|im|upon|sur|e|y)(?=\s+{_CAPITAL}))"
_NAME = re.compile(rf"(?<![\w@#/.-]){_CAPITAL}[\w’'-]*\.?(?:[ ]{_NAME_WORD}){{0,5}}")
_QUALIFIER = re.compile(rf",\s+({_CAPITAL}[\w.’'-]*(?:[ ]{_CAPITAL}[\w.’'-]*)?)")
_PLACE_CUE = re.compile(
    r"\b(?:in|near|around|outside|based in|en|em|à|nach|between|our|central)\s*$"
    r"|\b(?:at|in) [^\W\d_][^,.;\n]{2,40},\s*$"
    r"|\bin (?:\w+ ){0,3}(?:and|or|&)\s*$",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:at|in|@|hosted by)\s+(?:the\s+)?$", re.IGNORECASE)
_ABOUT_PEOPLE = re.compile(
    r"\b(?:received|studied|graduated|worked|works|lives?|lived|born|professors?|ph\.?d\.?|degree|mentors?|alumni|alumnus"
    r"|researchers?|partners?|published|press|affiliat\w+|speakers?|hear from|follows|last year|funded by|thank\w*)\b",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset({"In", "At", "From", "Near", "To", "Im", "En", "Around", "Outside"})
_JOINED = re.compile(r"^\s*(?:,|and|or|&|/|und|et|,\s*and)\s*$", re.IGNORECASE)


def find_places(text: str) -> PlacesAndMode:
    """Return the places where running text says that an event takes place, and the mode that it states.

    A city on its own counts after "in" and similar words; a city with its country or state, or a venue of the curated
    list, counts anywhere. The name of an organisation that contains a city ("London Initiative for Safe AI") counts
    only if it is in the curated list, as a venue.
    """
    if len(text) <= 120 and "\n" not in text.strip() and not _has_prose(text):
        where = read_line(text, keeps_unknown=False)
        if where.places or where.says_online:
            return replace(where, places=tuple(_without_rest(place) for place in where.places))
    text = strip_links(text[:LONGEST])
    places: list[Place] = []
    for place in (*_labelled(text), *_segments(text), *_named(text)):
        if len(places) < _MOST and not any(_same(place, other) for other in places):
            places.append(place)
    online, in_person = says_mode(text)
    return PlacesAndMode(tuple(places), online, in_person)


def _without_rest(place: Place) -> Place:
    """Drop an unknown venue: the words before a city in a line may be a date."""
    if not place.venue or curated_place(place.venue):
        return place
    precision = PlacePrecision.CITY if place.city else PlacePrecision.COUNTRY
    return place.model_copy(update={"venue": "", "precision": precision})


def _has_prose(text: str) -> bool:
    return len(re.findall(r"\b[a-zß-öø-ÿ]{3,}\b", text)) > 3


def _same(one: Place, other: Place) -> bool:
    if one.city or other.city:
        return (one.city, one.country) == (other.city, other.country)
    return (one.region, one.country) == (other.region, other.country)


def _labelled(text: str) -> Iterator[Place]:
    for match in list(_LABEL.finditer(text))[:_MOST]:
        line = re.split(r"\.\s+(?=[A-Z][a-z])", match[1])[0]
        yield from (
            place
            for place in read_line(line, keeps_unknown=False).places
            if place.city or place.region or len(line) < 60
        )


def _segments(text: str) -> Iterator[Place]:
    """Yield the places in lines of segments: ``Bootcamp · Berkeley, USA & London, UK · 4 weeks``."""
    for line in text.split("\n")[:400]:
        pieces = _SEGMENTS.split(line)
        if 2 <= len(pieces) <= 12:
            for piece in map(str.strip, pieces):
                if len(piece) <= 80 and not any(char.isdigit() for char in piece):
                    yield from read_line(piece, keeps_unknown=False).places


def _named(text: str) -> Iterator[Place]:
    end_of_last = -100
    for match in islice(_NAME.finditer(text), _MOST_NAMES):
        found = _in_name(text, match)
        if found is None:
            continue
        spot, start, end, is_qualified = found
        before = text[max(0, start - 40) : start]
        if _ABOUT_PEOPLE.search(_sentence_before(text, start)):
            continue
        continues = _JOINED.match(text[end_of_last:start]) is not None if end_of_last >= 0 else False
        is_headline = before.endswith(": ") and text[end : end + 2] == " ("  # "EA Global: London (October 30)"
        if (
            is_qualified
            or continues
            or is_headline
            or (_AT if spot.sort == "campus" else _PLACE_CUE).search(before)
            or (spot.venue and spot.sort == "venue")
        ):
            yield place_of(spot, text[start:end])
            end_of_last = end


def _in_name(text: str, match: re.Match[str]) -> tuple[GazetteerEntry, int, int, bool] | None:
    """Return (place, start, end, whether it is qualified) of the longest place at the start of capitalised words."""
    words = match[0].rstrip(".,").split(" ")
    start = match.start()
    if words[0] in _PREPOSITIONS and len(words) > 1:  # "In Berlin we meet"
        start += len(words[0]) + 1
        words = words[1:]
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length]).rstrip(".")
        end = start + len(name)
        qualifier = _QUALIFIER.match(text, end)
        if qualifier is not None and (spot := _qualified(name, qualifier[1])) is not None:
            return spot, start, end, True
        own = curated_place(name)
        if length < len(words) and words[length][:1].isupper():
            continue  # "London Initiative" is not London, "Cambridge University Press" is not the university
        if own is not None and own.venue and (len(name) > 4 or length > 1):
            return own, start, end, False
        spot = city_named_alone(name, strict=True)
        if spot is not None:
            return spot, start, end, False
    return None


def _sentence_before(text: str, start: int) -> str:
    piece = text[max(0, start - 120) : start]
    return re.split(r"[.!?]\s+|\n", piece)[-1]


def _qualified(name: str, qualifier: str) -> GazetteerEntry | None:
    """Return the place that a name and its qualifier mean: "Berkeley, CA", "Tokyo, Japan", "Odaiba, Tokyo"."""
    spots = cities_named(name)
    if not spots:
        return None
    for candidate in (qualifier, qualifier.split(" ")[0]):
        country = country_in_text(candidate.rstrip("."))
        spot = city_in_named_region(spots, [country] if country else [], regions_called(candidate.rstrip(".")))
        if spot is not None:
            return spot
        city = city_named_alone(candidate, strict=True)
        own = curated_place(name)
        if own is not None and city is not None and own.city == city.city:
            return own
    return None
