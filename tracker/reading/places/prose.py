"""Finds the places in running text where an event takes place, as opposed to other places it mentions.

Each name of a city or known venue (``mentions.py``) is weighed by the evidence for it: the words around it
(``evidence.py``), how clear the name is by itself, where in the text it stands. The weights are those of a logistic
regression (``data/place_weights.toml``); a place counts if it is more likely than not that of the event.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, pairwise

from tracker.models.place import Place
from tracker.models.vocabulary import PlacePrecision
from tracker.reading.line_wrapping import unwrapped
from tracker.reading.lookups import load
from tracker.reading.places.addresses import place_of
from tracker.reading.places.countries import fold_name
from tracker.reading.places.evidence import (
    AGAINST,
    DATED_SENTENCE,
    INSTITUTION,
    LABEL,
    NAMED_AFTER,
    PLACING,
    QUALIFIED,
    TITLE,
    begins_sentence,
    label_spans,
    names_a_venue,
    signs_of,
)
from tracker.reading.places.gazetteer import GazetteerEntry, city_named_alone, curated_place, is_common_word
from tracker.reading.places.languages import countries_of_language, zone_of_language
from tracker.reading.places.lines import (
    PlacesAndMode,
    is_placeholder,
    read_address_lines,
    read_line,
    strip_links,
)
from tracker.reading.places.mentions import JOINED, Mention, countries_named, countries_of_known, mentions_in, spot_of
from tracker.reading.places.modes import is_only_online, says_mode
from tracker.reading.time_zones import shared_zone

LONGEST = 20_000
_MOST = 12
_MOST_MENTIONS = 100
"""Maximum number of places that are weighed; a text with more is a list, or hostile."""
_LARGE = 100
"""Population, in thousands, of a city that may be meant although a larger one has its name."""
_SEVERAL = 2
_LEAST, _DOUBTFUL = 0.25, -1.0
"""Score (logarithm of the odds) from which a place counts, and from which it is worth a doubt. At 0.55, two of 100
announcements by others got a place that was not theirs, at 0 five, for two places more that were found.
"""
_LEAST_UNDATED, _LEAST_WITHOUT_SIGN = 0.35, 0.65
"""The same for a place whose sentence has no date, and for one that no word makes the event's."""
_LEAST_ALONE, _LEAD = -0.6, 1.2
"""Score from which a place counts if no other one of its text scores nearly as much."""
_BEGINNING, _END = 0.25, 0.75
_SEGMENTS = re.compile(r"(?<=\s)[·•|](?=\s)")
_COMMA = re.compile(r",\s(?:en |no |na |em )?")
_LISTED = re.compile(r"\s*(?:,|and|or|&|und|et|y|e|o|ou|en|oder)\s+[^\W\d_a-z]")


def find_places(text: str) -> PlacesAndMode:
    """Return the places where running text says that an event takes place, and the mode that it states."""
    if len(text) <= 120 and "\n" not in text.strip() and not _has_prose(text):
        where = read_line(text, keeps_unknown=False)
        if where.places or where.says_online:
            return replace(where, places=tuple(_without_rest(place) for place in where.places))
    text = strip_links(unwrapped(text[:LONGEST]))
    labels = labels_in(text)
    scored = list(_scored(text, labels))
    found = [*_labelled(text, labels), *_segments(text), *_mentioned(text, scored)]
    places: list[Place] = []
    for place in found:
        if len(places) < _MOST and not any(_same(place, other) for other in places):
            places.append(place)
    online, in_person = says_mode(text)
    if online and not in_person and is_only_online(text):
        return PlacesAndMode((), says_online=True, likely_zone=zone_of_language(text))
    in_person = in_person or (not places and (names_a_venue(text) or _labels_a_venue(text, labels)))
    if places:
        return PlacesAndMode(tuple(places), online, in_person)
    doubtful = [each for each, score in scored if score >= _DOUBTFUL and "common word" not in each.evidence]
    names = tuple(dict.fromkeys(each.mention.name for each in doubtful))
    zones = [*filter(None, [zone_of_language(text)]), *(each.spot.timezone for each in doubtful)]
    return PlacesAndMode((), online, in_person, names, shared_zone(zones))


def _labels_a_venue(text: str, labels: Sequence[tuple[int, int]]) -> bool:
    """Return whether a label of a place has a value, be it known or not: "Venue: Weston Theatre"."""
    values = (text[start:end].strip() for start, end in labels)
    return any(
        any(map(str.isalpha, value)) and not is_placeholder(value) and says_mode(value) == (False, False)
        for value in values
    )


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


def _labelled(text: str, labels: Sequence[tuple[int, int]]) -> Iterator[Place]:
    for start, end in labels:
        value = text[start:end].strip()
        if "\n" in value:
            where = read_address_lines(value)
        else:
            value = re.split(r"(?<=[^\W\d_]{3})\.\s+(?=[A-Z][a-z])", value)[0]
            where = read_line(value, keeps_unknown=False)
        for place in where.places:
            if (place.city and place.latitude is not None) or (place.region and len(value) < 60):
                yield place


def _segments(text: str) -> Iterator[Place]:
    """Yield the places in lines of segments: ``Bootcamp · Berkeley, USA & London, UK · 4 weeks``."""
    for line in text.split("\n")[:400]:
        pieces = _SEGMENTS.split(line)
        if 2 <= len(pieces) <= 12:
            for piece in map(str.strip, pieces):
                if len(piece) <= 80 and not any(char.isdigit() for char in piece):
                    yield from read_line(piece, keeps_unknown=False).places


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention with the place that it means, and the evidence for it being the place of the event."""

    mention: Mention
    spot: GazetteerEntry
    evidence: frozenset[str]


def _mentioned(text: str, scored: Sequence[tuple[Candidate, float]]) -> Iterator[Place]:
    likely = [each for each, score in scored if _counts(each.evidence, score)]
    likely = [each for each in likely if not _names_a_venue(each)] or likely
    counted = [(each.mention, each.spot) for each in likely] or _only_likely(scored)
    counted = _without_districts(text, counted)
    for mention, spot in counted:
        others = Counter(other.country for kept, other in counted if kept is not mention)
        yield _as_called(place_of(_near_others(mention, spot, others), mention.name), mention.name)


def _names_a_venue(candidate: Candidate) -> bool:
    """Return whether a small town or a common word stands in the name of a venue: "Universidad de los Andes"."""
    evidence = candidate.evidence
    is_small = bool(evidence & {"town under 15,000", "common word"})
    return is_small and bool(evidence & {NAMED_AFTER, INSTITUTION}) and not candidate.mention.is_qualified


def _counts(evidence: frozenset[str], score: float) -> bool:
    if not evidence & (PLACING - {TITLE}):
        # "Julia" is a programming language, and a town in Bulgaria.
        is_word = TITLE not in evidence and evidence & {"clear name that is a word", "common word"}
        return score >= _LEAST_WITHOUT_SIGN and not is_word
    return score >= (_LEAST if DATED_SENTENCE in evidence else _LEAST_UNDATED)


def _only_likely(scored: Sequence[tuple[Candidate, float]]) -> list[tuple[Mention, GazetteerEntry]]:
    """Return the place that alone is likely, in a text where none is certain."""
    best, score = max(scored, key=lambda each: each[1], default=(None, 0.0))
    if best is None or score < _LEAST_ALONE or best.evidence & AGAINST or not best.evidence & (PLACING - {TITLE}):
        return []
    others = (each for candidate, each in scored if candidate.spot.city != best.spot.city)
    return [(best.mention, best.spot)] if max(others, default=_DOUBTFUL) <= score - _LEAD else []


def _as_called(place: Place, name: str) -> Place:
    """Return a place under the short name that the text uses: "Greifswald", not "Universitäts- und Hansestadt …"."""
    is_part = f" {fold_name(name)} " in f" {fold_name(place.city)} " and len(name) < len(place.city)
    return place.model_copy(update={"city": name}) if is_part and not place.venue else place


def _scored(text: str, labels: Sequence[tuple[int, int]]) -> Iterator[tuple[Candidate, float]]:
    """Yield the candidates with their scores; in a list of places, each counts nearly as much as the likeliest."""
    lists: list[list[Candidate]] = []
    for candidate in candidates(text, labels):
        last = lists[-1][-1].mention if lists else None
        if last is not None and JOINED.match(text[max(last.end, last.until) : candidate.mention.start]):
            lists[-1].append(candidate)
        else:
            lists.append([candidate])
    for places in lists:
        best = max(_score(candidate.evidence) for candidate in places) + _weights()["list"]
        for candidate in places:
            score = _score(candidate.evidence)
            yield candidate, score if candidate.evidence & AGAINST else max(score, best)


def labels_in(text: str) -> list[tuple[int, int]]:
    """Return where the values of labels such as "Venue:" stand."""
    return label_spans(text, _MOST)


def candidates(text: str, labels: Sequence[tuple[int, int]]) -> Iterator[Candidate]:
    """Yield the places that a text mentions, with the evidence for each being the place of the event."""
    mentions = list(islice(mentions_in(text), _MOST_MENTIONS))
    named = countries_named(text, mentions)
    language, beside = countries_of_language(text), countries_of_known(mentions)
    seen = Counter(fold_name(mention.name) for mention in mentions)
    for number, mention in enumerate(mentions):
        spot = spot_of(mention, named, language, beside)
        evidence = signs_of(text, mention.start, mention.end)
        label = next((each for each in labels if each[0] <= mention.start and mention.end <= each[1]), None)
        if label is not None:
            is_first = not any(label[0] <= other.start < mention.start for other in mentions[:number])
            evidence |= {LABEL} if is_first else {LABEL, "later in a label"}
        elif labels:
            evidence.add("labelled elsewhere")
        relative = mention.start / max(len(text), 1)
        is_clear = not spot.venue and city_named_alone(mention.name, strict=True) is not None
        is_word = is_common_word(mention.name)
        checks = {
            QUALIFIED: mention.is_qualified,
            "clear name": is_clear,
            "common word": is_word and not is_clear,
            "clear name that is a word": is_word and is_clear,
            "city over 100,000": spot.population >= 100,
            "small town that begins a sentence": 0 < spot.population < 15 and begins_sentence(text, mention.start),
            "small town that is a word": 0 < spot.population < 15 and is_word,
            "town under 15,000": 0 < spot.population < 15,
            "known venue": bool(spot.venue) and spot.sort == "venue",
            "country named": not mention.is_qualified and spot.country in named,
            "other name": not (is_clear or spot.venue) and fold_name(spot.city) != fold_name(mention.name),
            "country of the language": spot.country in language,
            "first place": number == 0,
            "only place": len(seen) == 1,
            "named again": seen[fold_name(mention.name)] > 1,
            "beginning": relative < _BEGINNING,
            "end": relative > _END,
        }
        evidence |= {name for name, holds in checks.items() if holds}
        if not evidence & PLACING:
            evidence.add("no sign")
        yield Candidate(mention, spot, frozenset(evidence))


@cache
def _weights() -> dict[str, float]:
    weights: dict[str, float] = load("place_weights")["weights"]
    return weights


def _score(evidence: frozenset[str]) -> float:
    weights = _weights()
    # The weights have two decimals; the order of a set must not decide about the last bit of their sum.
    return round(weights["bias"] + sum(weights.get(name, 0.0) for name in evidence), 2)


def _without_districts(
    text: str, counted: Sequence[tuple[Mention, GazetteerEntry]]
) -> list[tuple[Mention, GazetteerEntry]]:
    """Return the places without parts of an address around a city: "San Miguel, Lima", "León, Guanajuato"."""
    dropped: set[int] = set()
    for number, ((one, at), (other, there)) in enumerate(pairwise(counted)):
        is_list = _LISTED.match(text, other.end) is not None or (
            number and number - 1 not in dropped and _COMMA.fullmatch(text[counted[number - 1][0].end : one.start])
        )
        if not _COMMA.fullmatch(text[one.end : other.start]) or is_list:
            continue
        is_clear = city_named_alone(one.name, strict=True) is not None
        if at.country == there.country:
            dropped.add(number if there.population > at.population else number + 1)
        elif not is_clear:
            dropped.add(number)
    return [each for number, each in enumerate(counted) if number not in dropped]


def _near_others(mention: Mention, spot: GazetteerEntry, others: Counter[str]) -> GazetteerEntry:
    """Return the place of that name in the country of all other places: "Brisbane, Newcastle and Ballarat"."""
    if mention.is_qualified or len(others) != 1 or spot.country in others or sum(others.values()) < _SEVERAL:
        return spot
    near = (each for each in mention.spots if each.country in others and each.population >= _LARGE)
    return next(near, spot)
