"""Reads what something is from words: types, topics, level, and status words around a title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from tracker.models.text import fold
from tracker.models.vocabulary import EventType, Level, Lifecycle, Topic
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.lookups import load, meaning_of, meanings
from tracker.reading.word_patterns import WordPattern, alternation

# Many titles contain these words without naming the type of the event: "AI Safety Camp", "prize", "panel".
_TOO_COMMON_IN_TITLES = frozenset(
    {"camp", "challenge", "prize", "forum", "panel", "talks", "party", "march", "paid", "job", "jobs", "other",
     "social", "discussion", "remote", "funding", "intensive"}
)  # fmt: skip
# "Kein Abend entfällt", "Débat : la culture annulée": not a status after a denial, a colon or a question.
_DENIES = re.compile(
    r"\b(?:keine?|nicht|nie|pas|jamais|ne|no|nunca|non|nulla|mai|niet|geen|não|not|never)\b|[:?]"
    r"|^(?:why|how|when|warum|wieso|pourquoi|comment|por qué|perché|waarom|porque)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|nicht|pas|no|non|niet|não|never)$", re.IGNORECASE)
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
        level: text[match.start() : match.end()]
        for level in (Level.LOW, Level.MID, Level.HIGH)
        if (match := _pattern("levels", level.value).search(text))
    }
    if len(found) != 1:
        return Reading(Level.UNKNOWN, Certainty.NONE, ", ".join(found.values()))
    level, words = next(iter(found.items()))
    return Reading(level, Certainty.LIKELY, words)


@cache
def _pattern(group: str, name: str) -> WordPattern:
    return WordPattern(rf"(?<!\w)(?=\w)(?:{alternation(load('subjects')[group][name])})(?!\w)")


_LONGEST_status_words = 400


def _spellings(*groups: str) -> str:
    """Return a pattern of the words of some groups, the longest first."""
    found = {word for group in groups for said in load("words")[group].values() for word in said}
    ordered = sorted(found, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in ordered)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = _spellings("title_status")
    leading = re.compile(rf"^[^\w]{{0,8}}({words})(?!\w)\s*[\])*}}]*\s*[-–—:|!]*\s*", re.IGNORECASE)
    marks = r"[-–—:|!~] ?|[\[(*{]{1,3} ?| (?-i:(?=[A-ZÀ-Ý]{4}))"
    trailing = re.compile(rf" ?(?:{marks})({words})\W{{0,8}}$", re.IGNORECASE)
    at_end = re.compile(rf" ({_spellings('title_status_at_end')})\W{{0,8}}$", re.IGNORECASE)
    at_start = re.compile(rf"^({_spellings('title_status_at_start')}) ", re.IGNORECASE)
    return leading, trailing, at_end, at_start


@cache
def _status_meanings() -> dict[str, str]:
    groups = ("title_status", "title_status_at_end", "title_status_at_start")
    return {word: meaning for group in groups for word, meaning in meanings(group).items()}


def read_status_words(title: str) -> tuple[str, Lifecycle | None]:
    """Return (title or date without its status words, lifecycle). FULL and SOLD OUT are stripped but set no lifecycle.

    >>> read_status_words("CANCELLED - Typhoon with Radiation City")
    ('Typhoon with Radiation City', <Lifecycle.CANCELLED: 'cancelled'>)
    >>> read_status_words("Cancelled flights and AI")[1] is None
    True
    """
    lifecycle: Lifecycle | None = None
    for _ in range(2):  # "[CANCELLED] … (FULL)"
        cleaned, word = _without_one(title)
        if not word:
            break
        meaning = _status_meanings()[fold(word)]
        title = cleaned
        if meaning != "full":
            lifecycle = lifecycle or Lifecycle(meaning)
    return title, lifecycle


def is_full(title: str) -> bool:
    """Return whether the title says that the event is full.

    >>> is_full("[FULL] AI safety retreat"), is_full("Full-stack alignment")
    (True, False)
    """
    for _ in range(2):
        cleaned, word = _without_one(title)
        if word and _status_meanings()[fold(word)] == "full":
            return True
        title = cleaned
    return False


def _without_one(title: str) -> tuple[str, str]:
    leading, trailing, at_end, at_start = _patterns()
    title = " ".join(title[:_LONGEST_status_words].split())
    match = leading.match(title)
    if match and _is_marked(title, match):
        return title[match.end() :].strip() or title, match[1]
    match = trailing.search(title) or at_end.search(title)
    if match and not _is_denied(title, match, is_clause=match.re is at_end):
        return title[: match.start()].strip() or title, match[1]
    match = at_start.match(title)
    return (title[match.end() :], match[1]) if match else (title, "")


def _is_denied(title: str, match: re.Match[str], *, is_clause: bool) -> bool:
    """Return whether what stands before a status word takes it back, or makes it a part of a sentence."""
    before = title[: match.start()]
    if is_clause:
        return _DENIES.search(before) is not None
    is_shouted_all = title.isupper() and match[0][:1] == " " and match[0][1:2].isalpha()
    in_brackets = before.count("(") > before.count(")")
    # In a title of capitals, capitals are no mark; "(Dec 24 and 31: cancelled)" is not said of the event.
    return is_shouted_all or in_brackets or _NOT.search(before) is not None


def _is_marked(title: str, match: re.Match[str]) -> bool:
    """Return whether the word is a status: in brackets, in capitals, or separated by punctuation."""
    is_status = not title.isupper() and _status_meanings()[fold(match[1])] != "full"  # "FULL STACK DAY"
    is_shouted = match[1].isupper() and is_status
    if is_shouted or title[:1] in "[(*{":
        return True
    following = title[match.end(1) : match.end()]
    if match.end(1) == len(title.rstrip()):
        return True
    # The hyphen of "Full-stack" joins words; "Postponed: …" and "Cancelled – …" are separated.
    return any(char in "])}:|!–—" for char in following) or following.startswith(" -")
