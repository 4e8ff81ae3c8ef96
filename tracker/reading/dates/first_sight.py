"""Remembers from which day the words of a listing count: dates without a year, and "tomorrow", are inferred once.

A page that never changes would otherwise announce the same event for another year as soon as it is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from tracker.models.text import fold

_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_LONGEST = 80
_REMEMBERED = timedelta(days=400)
"""Words that are gone are remembered this long: last year's page may be shown again."""
_MOST_GONE = 40
_NEARLY = 0.6
"""Minimum share of words in common of two sentences that are one, retouched."""
_FEWEST = 2
"""Minimum number of words of a title that is found again in a longer one."""
_RELATIVE = "~ "
"""Begins the keys of sentences with relative words."""


class FirstSight:
    """The days on which words were first seen, for one listing.

    Args:
        known: day of first sight by words, as ``remembered`` gave them when the listing was read before.
    """

    def __init__(self, known: Mapping[str, date] | None = None) -> None:
        self._known = known or {}
        self._used: dict[str, date] = {}

    def knows(self, words: str) -> bool:
        """Return whether ``words`` were seen before."""
        return _key(words) in self._known

    def of(self, words: str, today: date) -> date:
        """Return the day that ``words`` count from: when they were first seen, else ``today``."""
        key = _key(words)
        day = min(today, self._known.get(key, today))
        self._used[key] = day
        return day

    def of_sentence(self, text: str, start: int, end: int, today: date) -> date:
        """Return the day that relative words count from: "this Friday" is another day in another sentence.

        Args:
            text: the whole text.
            start: position of the words.
            end: position after the words.
            today: the day of this sight.
        """
        begins = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
        stop = _SENTENCE_END.search(text, end)
        sentence = text[begins : stop.start() if stop else len(text)]
        words = " ".join(_NOT_LETTERS.sub(" ", fold(sentence)).split())
        return self.of(_RELATIVE + self._nearly(words, fold(text[start:end])), today)

    def _nearly(self, words: str, mention: str) -> str:
        """Return the known sentence that is nearly ``words`` and has the same relative words, else ``words``."""
        said = set(words.split())
        for key in self._known:
            known = set(key.removeprefix(_RELATIVE).split())
            is_same = key.startswith(_RELATIVE) and set(mention.split()) & said <= known
            if is_same and len(said & known) >= _NEARLY * max(len(said | known), 1):
                return key.removeprefix(_RELATIVE)
        return words

    def latest(self, today: date) -> date:
        """Return the day as of which the text is to be read: that of its newest words, ``today`` if it has none."""
        return max(self._used.values(), default=today)

    def remembered(self, today: date) -> dict[str, date]:
        """Return the words to pass as ``known`` when the listing is read again.

        Relative words that are gone are forgotten: after "Thursday", "Friday" is another Friday.
        """
        gone = {
            words: day
            for words, day in self._known.items()
            if words not in self._used and day >= today - _REMEMBERED and not words.startswith(_RELATIVE)
        }
        kept = sorted(gone.items(), key=lambda each: (each[1], each[0]), reverse=True)[:_MOST_GONE]
        return dict(sorted([*self._used.items(), *kept]))


class FirstSights:
    """The words of all listings of a source with the days on which they were first seen.

    Args:
        listings: the source's id, the title and ``Listing.first_seen`` of each earlier listing.
    """

    def __init__(self, listings: Iterable[tuple[str, str, Mapping[str, date]]] = ()) -> None:
        self._of: dict[str, dict[str, date]] = {}
        self._titled: dict[str, dict[str, date]] = {}
        for name, title, first_seen in listings:
            for table, key in ((self._of, name), (self._titled, fold(title))):
                known = table.setdefault(key, {})
                known |= {words: min(day, known.get(words, day)) for words, day in first_seen.items()}

    def of(self, name: str, title: str) -> Mapping[str, date]:
        """Return what is known of a listing with this id; else of those whose title has more or fewer words.

        An id changes if it holds a title that was retouched. Relative words count for the same id only.
        """
        own = self._of.get(name)
        if own is not None or not self._titled:
            return own or {}
        words = _words(title)
        found: dict[str, date] = {}
        for other, known in self._titled.items():
            less, more = sorted((words, _words(other)), key=len)
            if other == fold(title) or (len(less) >= _FEWEST and less <= more):
                found |= {each: day for each, day in known.items() if not each.startswith(_RELATIVE)}
        return found


def _key(words: str) -> str:
    return fold(words)[:_LONGEST]


@lru_cache(maxsize=4_096)
def _words(title: str) -> frozenset[str]:
    return frozenset(_NOT_LETTERS.sub(" ", fold(title)).split())
