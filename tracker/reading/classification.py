"""Classifies a listing by its words: types, topics and level."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from tracker.models.text import fold
from tracker.models.vocabulary import EventType, Level, Topic
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.lookups import load, meaning_of, meanings

# Many titles contain these words without naming the type of the event: "AI Safety Camp", "prize", "panel".
_TOO_COMMON_IN_TITLES = frozenset(
    {"camp", "challenge", "prize", "forum", "panel", "talks", "party", "march", "paid", "job", "jobs", "other",
     "social", "discussion", "remote", "funding", "intensive"}
)  # fmt: skip
_LONGEST = 3_000
_IN_TITLE = 3
"""Weight of a word in the title relative to the description, and the minimum score of a topic."""
_BOTH_FROM = 0.5
"""Minimum share of the higher topic's score from which the other topic is returned too."""


def read_types(words: Iterable[str], title: str) -> Reading[tuple[EventType, ...]]:
    """Return the types named by the source's own words; if there are none, the type that the title names.

    >>> read_types(["Hackathon"], "").value
    (<EventType.HACKATHON: 'hackathon'>,)
    """
    said = [word for word in words if word.strip()]
    known = [EventType(meaning) for word in said if (meaning := meaning_of("types", word))]
    if known:
        return Reading(tuple(dict.fromkeys(known)), Certainty.SURE, ", ".join(said))
    plain = "".join(char if char.isalnum() else " " for char in fold(title))
    in_title = f" {' '.join(plain.split())} ".replace(" of course ", " ")
    found = [
        (at, -len(spelling), spelling, meaning)
        for spelling, meaning in meanings("types").items()
        if spelling not in _TOO_COMMON_IN_TITLES and (at := in_title.find(f" {spelling} ")) >= 0
    ]
    if found:
        # "Workshop on conference deadlines" is a workshop: the first word decides.
        _, _, spelling, meaning = min(found)
        return Reading((EventType(meaning),), Certainty.LIKELY, spelling)
    return Reading((EventType.OTHER,) if said else ())


def topics_in_text(title: str, description: str) -> Reading[tuple[Topic, ...]]:
    """Return technical, governance or both; general if there are too few words of either, nothing if there are none.

    >>> topics_in_text("AI Policy Fellowship", "").value
    (<Topic.GOVERNANCE: 'governance'>,)
    """
    counts: Counter[Topic] = Counter()
    words: list[str] = []
    for topic in (Topic.TECHNICAL, Topic.GOVERNANCE):
        for part, weight in ((title[:_LONGEST], _IN_TITLE), (description[:_LONGEST], 1)):
            found = {match[0].lower() for match in _pattern("topics", topic.value).finditer(part)}
            counts[topic] += weight * len(found)
            words += sorted(found)
    most = max(counts.values())
    if most < _IN_TITLE:
        return Reading((Topic.GENERAL,) if most else (), Certainty.GUESS if most else Certainty.NONE, ", ".join(words))
    topics = tuple(topic for topic in (Topic.TECHNICAL, Topic.GOVERNANCE) if counts[topic] >= _BOTH_FROM * most)
    return Reading(topics, Certainty.LIKELY, ", ".join(words))


def level_in_text(title: str, description: str) -> Reading[Level]:
    """Return the entry level that the words state; unknown if they state several or none.

    >>> level_in_text("AI safety 101", "No technical background needed").value.value
    'low'
    """
    text = f"{title[:_LONGEST]}\n{description[:_LONGEST]}"
    found = {
        level: match[0]
        for level in (Level.LOW, Level.MID, Level.HIGH)
        if (match := _pattern("levels", level.value).search(text))
    }
    if len(found) != 1:
        return Reading(Level.UNKNOWN, Certainty.NONE, ", ".join(found.values()))
    level, words = next(iter(found.items()))
    return Reading(level, Certainty.LIKELY, words)


@cache
def _pattern(group: str, name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?=\w)(?:{'|'.join(load('subjects')[group][name])})(?!\w)", re.IGNORECASE)
