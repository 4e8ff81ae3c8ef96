"""Status words around a title: ``CANCELLED - Meetup`` → ``Meetup``, cancelled."""

from __future__ import annotations

import re

from tracker.models.vocabulary import Lifecycle

_WORDS = {
    "cancelled": Lifecycle.CANCELLED,
    "canceled": Lifecycle.CANCELLED,
    "abgesagt": Lifecycle.CANCELLED,
    "postponed": Lifecycle.POSTPONED,
    "verschoben": Lifecycle.POSTPONED,
    "now online": Lifecycle.MOVED_ONLINE,
    "moved online": Lifecycle.MOVED_ONLINE,
}
_WORD = "|".join(_WORDS)
_LEADING = re.compile(rf"^\s*[\[(*]*\s*({_WORD})\b\s*[\])*]*\s*[-–—:|!]*\s*", re.IGNORECASE)
_TRAILING = re.compile(rf"\s*(?:[-–—:|]\s*|[\[(*]+\s*)({_WORD})\s*[\])*!]*\s*$", re.IGNORECASE)


def read_status_words(title: str) -> tuple[str, Lifecycle | None]:
    """Return (title without its status word, what the word says).

    >>> read_status_words("CANCELLED - Typhoon with Radiation City")
    ('Typhoon with Radiation City', <Lifecycle.CANCELLED: 'cancelled'>)
    >>> read_status_words("Cancelled flights and AI")[1] is None
    True
    """
    match = _LEADING.match(title)
    if match and _is_marked(title, match):
        return title[match.end() :].strip() or title, _WORDS[match[1].lower()]
    match = _TRAILING.search(title)
    if match:
        return title[: match.start()].strip() or title, _WORDS[match[1].lower()]
    return title, None


def _is_marked(title: str, match: re.Match[str]) -> bool:
    """A word counts as a status if it is bracketed, shouted, or set off by punctuation."""
    return not title[match.start(1) : match.end()].strip().isalpha() or match[1].isupper() or title[:1] in "[(*"
