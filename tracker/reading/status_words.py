"""Strips status words from titles: ``CANCELLED - Meetup`` becomes ``Meetup`` with lifecycle cancelled."""

from __future__ import annotations

import re
from functools import cache

from tracker.models.text import fold
from tracker.models.vocabulary import Lifecycle
from tracker.reading.lookups import load, meanings

_LONGEST = 400


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    spellings = {word for said in load("words")["title_status"].values() for word in said}
    ordered = sorted(spellings, key=lambda word: (-len(word), word))
    words = "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in ordered)
    leading = re.compile(rf"^[^\w]{{0,8}}({words})(?!\w)\s*[\])*}}]*\s*[-–—:|!]*\s*", re.IGNORECASE)
    marks = r"[-–—:|!~] ?|[\[(*{]{1,3} ?| (?-i:(?=[A-ZÀ-Ý]{4}))"
    trailing = re.compile(rf" ?(?:{marks})({words})\W{{0,8}}$", re.IGNORECASE)
    return leading, trailing


def read_status_words(title: str) -> tuple[str, Lifecycle | None]:
    """Return (title without its status words, lifecycle). FULL and SOLD OUT are stripped but set no lifecycle.

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
        meaning = meanings("title_status")[fold(word)]
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
        if word and meanings("title_status")[fold(word)] == "full":
            return True
        title = cleaned
    return False


def _without_one(title: str) -> tuple[str, str]:
    leading, trailing = _patterns()
    title = " ".join(title[:_LONGEST].split())
    match = leading.match(title)
    if match and _is_marked(title, match):
        return title[match.end() :].strip() or title, match[1]
    match = trailing.search(title)
    if match:
        return title[: match.start()].strip() or title, match[1]
    return title, ""


def _is_marked(title: str, match: re.Match[str]) -> bool:
    """Return whether the word is a status: in brackets, in capitals, or separated by punctuation."""
    is_shouted = match[1].isupper() and meanings("title_status")[fold(match[1])] != "full"  # "FULL STACK DAY"
    if is_shouted or title[:1] in "[(*{":
        return True
    following = title[match.end(1) : match.end()]
    if match.end(1) == len(title.rstrip()):
        return True
    # The hyphen of "Full-stack" joins words; "Postponed: …" and "Cancelled – …" are separated.
    return any(char in "])}:|!–—" for char in following) or following.startswith(" -")
