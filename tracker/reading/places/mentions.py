"""Finds the names in running text that may be places, and the place that each means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from tracker.reading.places.addresses import city_in_named_region
from tracker.reading.places.countries import country_alone, country_in_text, fold_name, is_city_state, regions_called
from tracker.reading.places.evidence import is_embedded, is_label, is_never_meant
from tracker.reading.places.evidence_patterns import countries_marked
from tracker.reading.places.gazetteer import (
    GazetteerEntry,
    cities_called,
    cities_named,
    city_named_alone,
    curated_place,
)

_MOST_NAMES = 600
_LONGEST_NAME = 6
"""Words of the longest name of a city or venue."""
_SHORTEST_CITY = 4
"""Letters of a city in "Leipzig-Plagwitz"."""
_MUCH_LARGER, _NEGLIGIBLE = 4, 100
"""Ratios of population from which the larger city of that name is meant, and never the smaller one."""
_MAIN_COUNTRY = 3
_WELL_KNOWN = 100
"""Population, in thousands, of a city whose country says where smaller ones of the text lie."""
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_SMALL = r"(?:de|of|for|the|di|la|le|del|den|am|im|upon|sur|da|do|du|des|en|van|der|e|y|zu|degli|studi)"
_NAME_WORD = rf"(?:{_CAPITAL}[\w’'.-]*|(?<=\s){_SMALL}(?=\s+{_CAPITAL}))"
# The capital first, then what stands before it: only where a capital stands is it tried.
_NAME = re.compile(rf"{_CAPITAL}(?<![\w@#/.-]{_CAPITAL})[\w’'-]*\.?(?:[ ]{_NAME_WORD}){{0,6}}")
_NUMBER, _LONGEST_CODE = re.compile(r" \d{1,3}(?![\w.:])"), 3
_QUALIFIER = re.compile(rf"(?:,\s+|\s+\()({_CAPITAL}[\w.’'-]*(?:[ ]{_CAPITAL}[\w.’'-]*)?)")
_ENDS = re.compile(r"(?:[^\W\d_]{4}|[a-z]{2})[.!?]$")
"""The end of a sentence within capitalised words: "Bristol. Teams"; "St. Gallen" goes on."""
_PREPOSITIONS = frozenset({
    "In", "At", "From", "Near", "To", "Im", "En", "Around", "Outside", "À", "Em", "Te", "Bei",
    "A", "Ad", "Nach", "Dans", "Sur", "Naar", "No", "Na",
})  # fmt: skip
JOINED = re.compile(r"^\s*(?:,|and|or|&|/|und|et|y|e|o|ou|en|oder|sowie|,\s*(?:and|und|et|y|e|en))\s*$", re.IGNORECASE)
"""What joins the places of a list."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text that may be a place."""

    spots: tuple[GazetteerEntry, ...]
    """The places of that name, the likeliest first."""
    name: str
    start: int
    end: int
    until: int = 0
    """End of the country or state beside it."""
    is_qualified: bool = False
    """True if its country or state stands beside it; then there is one place only."""


def mentions_in(text: str) -> Iterator[Mention]:
    """Yield the names in a text that may be places, in their order."""
    until = 0
    for match in _names(text):
        for mention in _in_name(text, match):
            if mention.start >= until:
                until = max(until, mention.until)
                yield mention


def countries_named(text: str, mentions: Sequence[Mention]) -> frozenset[str]:
    """Return the countries that the text names, alone or beside a city, or by their money or time zone."""
    found = {mention.spots[0].country for mention in mentions if mention.is_qualified} | countries_marked(text)
    for match in _names(text):
        found |= _countries_in(match[0])
    return frozenset(found)


def countries_of_known(mentions: Sequence[Mention]) -> frozenset[str]:
    """Return the countries of the cities that are known by their names alone."""
    known = (city_named_alone(mention.name, strict=True) for mention in mentions)
    return frozenset(spot.country for spot in known if spot is not None and spot.population >= _WELL_KNOWN)


@lru_cache(maxsize=4)
def _names(text: str) -> tuple[re.Match[str], ...]:
    """Return the sequences of capitalised words."""
    return tuple(islice(_NAME.finditer(text), _MOST_NAMES))


@lru_cache(maxsize=8192)
def _countries_in(name: str) -> frozenset[str]:
    """Return the countries that a sequence of capitalised words, or one of the first three, names."""
    name = name.rstrip(".,")
    candidates = (name, *name.split(" ")[:3])
    return frozenset(country for each in candidates if len(each) > 3 and (country := country_alone(each)))


def spot_of(
    mention: Mention, named: frozenset[str], language: Sequence[str], beside: frozenset[str] = frozenset()
) -> GazetteerEntry:
    """Return the place that a name means: one in a country that the text names, else the likeliest.

    Args:
        mention: the name.
        named: countries that the text names.
        language: countries where its language is usual, the largest first.
        beside: countries of the well-known cities that it names, which decide between less known ones.
    """
    if mention.is_qualified or mention.spots[0].venue:
        return mention.spots[0]
    largest = max(spot.population for spot in mention.spots)
    near = next((spot for spot in mention.spots if spot.country in named), None)
    if near is not None and near.population * _NEGLIGIBLE >= largest:
        return near
    known = city_named_alone(mention.name, strict=True)
    if known is None and len(beside) == 1:
        near = next((spot for spot in mention.spots if spot.country in beside), None)
        if near is not None and near.population * _NEGLIGIBLE >= largest:
            return near
    first = known or mention.spots[0]
    local = [spot for spot in mention.spots if spot.country in language]
    # The language's first country before Quebec and the like: Orléans is in France.
    near = max(
        local, key=lambda spot: spot.population * (_MAIN_COUNTRY if spot.country == language[0] else 1), default=None
    )
    if near is None or (first.country in language and near.country != language[0]):
        return first
    is_other_name = fold_name(first.city) != fold_name(mention.name)  # "Sion" is also a name of Jerusalem
    return near if is_other_name or first.population < _MUCH_LARGER * near.population else first


def _in_name(text: str, match: re.Match[str]) -> Iterator[Mention]:
    """Yield the places in a sequence of capitalised words: the longest that begins at each word."""
    words = match[0].split(" ")
    starts = [match.start()]
    for word in words[:-1]:
        starts.append(starts[-1] + len(word) + 1)
    index = 0
    while index < len(words):
        if not words[index][:1].isupper() or (words[index] in _PREPOSITIONS and index + 1 < len(words)):
            index += 1
            continue
        found, length = None, 1
        for length in range(min(_LONGEST_NAME, len(words) - index), 0, -1):
            if _may_be_place(" ".join(words[index : index + length])):
                found = _at(text, words, starts, index, length)
            if found is not None:
                break
        if found is not None:
            yield found
        index += length if found is not None else 1


@lru_cache(maxsize=8192)
def _may_be_place(name: str) -> bool:
    """Return whether the gazetteer has a name, or the beginning of one such as "Leipzig-Plagwitz"."""
    name = name.rstrip(".,")
    return "-" in name or bool(cities_named(name)) or curated_place(name) is not None


def _at(text: str, words: Sequence[str], starts: Sequence[int], index: int, length: int) -> Mention | None:
    name = " ".join(words[index : index + length]).rstrip(".,")
    start = starts[index]
    end = start + len(name)
    before = next((word for word in reversed(words[:index]) if word[:1].isupper()), "")
    if index and (
        JOINED.match(f" {words[index - 1]} ") or _is_letters_of_postcode(text, starts[index - 1], words[index - 1])
    ):
        before = ""
    if is_label(before):
        before = ""  # "Location Berkeley"
    before = "" if index and _ENDS.search(words[index - 1]) else before
    after = (
        index + length < len(words)
        and words[index + length][:1].isupper()
        and not _ENDS.search(words[index + length - 1])
    )
    if any(_ENDS.search(word) for word in words[index : index + length - 1]):
        return None
    is_inside = bool(before and before not in _PREPOSITIONS) or after
    if qualifier := _QUALIFIER.match(text, end):
        spot = _qualified(name, qualifier[1])
        if spot is not None and (not is_inside or is_embedded(text, start, end)):
            return Mention((spot,), name, start, end, qualifier.end(), is_qualified=True)
    if is_never_meant(name):
        return None
    found = _named(text, name, start, length)
    if found is not None and is_inside and not is_embedded(text, start, end):
        return None  # "London Initiative" is not London, "Cambridge University Press" is not the university
    return found


def _named(text: str, name: str, start: int, length: int) -> Mention | None:
    """Return the mention of a known venue or a city; ``length`` is the number of words."""
    own = curated_place(name)
    if own is not None and own.venue:
        is_name = len(name) > _SHORTEST_CITY or length > 1
        return Mention((own,), name, start, start + len(name)) if is_name else None
    if name.isupper() and len(name) > _LONGEST_CODE and _NUMBER.match(text, start + len(name)):
        return None  # "HALLE 14" is a hall
    district = name.split("-")[0]
    if _SHORTEST_CITY <= len(district) < len(name) and not cities_named(name):
        name = district if city_named_alone(district, strict=True) else name  # "Leipzig-Plagwitz"
    spots = cities_called(name) if not country_in_text(name) or is_city_state(name) else ()
    regions = {country for country, _ in regions_called(name)}
    if regions and spots and spots[0].country not in regions:
        return None  # "Florida" is no town in Cuba
    return Mention(spots, name, start, start + len(name)) if spots and len(name) > 2 else None


def _is_letters_of_postcode(text: str, start: int, word: str) -> bool:
    """Return whether a word is the letters of a postcode: "3534 AR Utrecht"."""
    return len(word) == 2 and word.isupper() and text[max(0, start - 5) : start - 1].isdigit()


def _qualified(name: str, qualifier: str) -> GazetteerEntry | None:
    """Return the place that a name and its qualifier mean: "Berkeley, CA", "Tokyo, Japan", "Odaiba, Tokyo"."""
    spots = cities_named(name)
    if not spots:
        return None
    for candidate in (qualifier, qualifier.replace(".", ""), qualifier.split(" ")[0]):
        country = country_in_text(candidate.rstrip("."))
        spot = city_in_named_region(spots, [country] if country else [], regions_called(candidate.rstrip(".")))
        if spot is not None:
            return spot
        city = city_named_alone(candidate, strict=True)
        own = curated_place(name)
        if own is not None and city is not None and own.city == city.city:
            return own
    return None
