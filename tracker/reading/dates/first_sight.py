"""Remembers from which day the words of a listing count: dates without a year, and "tomorrow", are inferred once.

A page that never changes would otherwise announce the same event for another year as soon as it is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from tracker.models.text import fold

_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_LONGEST = 80
_REMEMBERED = timedelta(days=400)
"""Words that are gone are remembered this long: last year's page may be shown again."""
_MOST = 40


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
        return fold(words)[:_LONGEST] in self._known

    def of(self, words: str, today: date) -> date:
        """Return the day that ``words`` count from: when they were first seen, else ``today``."""
        key = fold(words)[:_LONGEST]
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
        return self.of(" ".join(_NOT_LETTERS.sub(" ", fold(sentence)).split()), today)

    def latest(self, today: date) -> date:
        """Return the day as of which the text is to be read: that of its newest words, ``today`` if it has none."""
        return max(self._used.values(), default=today)

    def remembered(self, today: date) -> dict[str, date]:
        """Return the words to pass as ``known`` when the listing is read again."""
        gone = {words: day for words, day in self._known.items() if day >= today - _REMEMBERED}
        return dict(sorted([*self._used.items(), *(gone.items() - self._used.items())][:_MOST]))


class FirstSights:
    """The words of all listings of a source with the days on which they were first seen.

    Args:
        listings: the source's id, the title and ``Listing.first_seen`` of each earlier listing.
    """

    def __init__(self, listings: Iterable[tuple[str, str, Mapping[str, date]]] = ()) -> None:
        self._of: dict[str, dict[str, date]] = {}
        for name, title, first_seen in listings:
            for key in (name, fold(title)):
                known = self._of.setdefault(key, {})
                known |= {words: min(day, known.get(words, day)) for words, day in first_seen.items()}

    def of(self, name: str, title: str) -> Mapping[str, date]:
        """Return what is known of a listing with this id or, as ids change, this title."""
        return self._of.get(fold(title), {}) | self._of.get(name, {})
