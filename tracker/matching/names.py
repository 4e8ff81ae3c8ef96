"""Finds the other names of an event beside its title: its acronym or full name, in brackets or in the summary.

Conference lists call one event "ICML 2026" and "International Conference on Machine Learning", and often say the other
name in brackets, after a colon, or as the summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.matching.acronyms import is_acronym
from tracker.models.listing import Listing

MOST_ALIASES = 2
_LONGEST = 160
"""Maximum number of characters of a summary that may be a name."""
_YEAR = r"(?:[ '’-]?(?:20)?\d\d)?"
_CODE_NAME = rf"(?:[A-Z][\w+/&-]*(?: [A-Z][\w+/&-]*)?|[a-z]+[A-Z][\w-]*){_YEAR}"
_IN_BRACKETS = re.compile(rf"^(.{{8,}}?)\s*\(({_CODE_NAME})\)\s*(?:20\d\d)?$")
_BEFORE_NAME = re.compile(rf"^({_CODE_NAME})\s*(?:[:–—|,(]| - )\s*(.{{8,}}?)\)?$")
_AFTER_NAME = re.compile(rf"^(.{{8,}}?)\s*(?:[–—|,]| - )\s*({_CODE_NAME})$")
_TWO_NAMES = re.compile(r"[(:–—|,]| - ")
"""Fast pre-filter: what separates two names."""
_SENTENCE = re.compile(r"[.!?;]\s|[.!?…;]$|https?:")
_LETTERS = re.compile(r"[^\W_]+")
_CAPITALS_IN_NAME = 0.6
"""Minimum share of the long words of a name that begin with a capital."""


def aliases_of(listing: Listing) -> list[tuple[str, bool]]:
    """Return up to ``MOST_ALIASES`` other names, and whether each is verified.

    A verified name is the title's acronym, or what the title abbreviates. An unverified one may also name something
    that the event is part of, so it needs the other listing to say the same.
    """
    found: dict[str, bool] = {}
    for name in (*_parts(listing.title), *_in_summary(listing.summary)):
        if name != listing.title and name not in found:
            found[name] = is_acronym(name, listing.title) or is_acronym(listing.title, name)
    return sorted(found.items(), key=lambda each: not each[1])[:MOST_ALIASES]


def _in_summary(summary: str) -> Iterator[str]:
    """Yield the name that a summary is, if it is no running text, and the parts of that name."""
    text = " ".join(summary.split())
    if text and len(text) <= _LONGEST and looks_like_name(text):
        yield from _parts(text)
        yield text


def _parts(title: str) -> Iterator[str]:
    """Yield the two names in a title such as ``Robotics: Science and Systems (RSS 2026)``."""
    if len(title) > _LONGEST or not _TWO_NAMES.search(title):
        return
    for pattern in (_IN_BRACKETS, _BEFORE_NAME, _AFTER_NAME):
        if found := pattern.match(title):
            one, other = found.groups()
            if is_acronym(one, other) or is_acronym(other, one):
                yield from (one, other)
                return


def looks_like_name(text: str) -> bool:
    """Return whether a short text is a name rather than running text.

    >>> looks_like_name("International Conference on Machine Learning"), looks_like_name("A talk by one of our members")
    (True, False)
    """
    if _SENTENCE.search(text):
        return False
    words = _LETTERS.findall(text)
    long = [word for word in words if len(word) > 3] or words
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in long)
    return bool(long) and capitals >= _CAPITALS_IN_NAME * len(long)
