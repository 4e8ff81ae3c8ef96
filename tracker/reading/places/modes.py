"""Tells from words whether something takes place online, in person or both."""

from __future__ import annotations

import re
from functools import cache

from tracker.reading.lookups import load
from tracker.reading.pattern_parts import split_alternatives
from tracker.reading.places.evidence_patterns import pattern
from tracker.reading.places.pieces import SENTENCE_END
from tracker.reading.word_patterns import WordPattern, alternation

STATED, _ANY = ("online", "in_person", "hybrid"), "any of these"


@cache
def mode_words(name: str) -> WordPattern:
    """Return the words of a mode of ``place_words.toml``, or of any of those that are stated."""
    modes = load("place_words")["modes"]
    names = STATED if name == _ANY else (name,)
    words = alternation(each for name in names for each in split_alternatives(modes[name]))
    return WordPattern(rf"(?<![\w-])(?=\w)(?:{words})(?![\w-])")


def says_mode(text: str) -> tuple[bool, bool]:
    """Return (whether ``text`` says online, whether it says in person); hybrid is both."""
    if mode_words(_ANY).search(text) is None:
        return False, False
    hybrid = bool(mode_words("hybrid").search(text))
    online = any(not _is_of_website(text, *match.span()) for match in mode_words("online").finditer(text))
    return hybrid or online, hybrid or bool(mode_words("in_person").search(text))


@cache
def _around_website(where: str) -> re.Pattern[str]:
    return re.compile(load("place_words")["modes"][f"of_website_{where}"], re.IGNORECASE)


def _is_of_website(text: str, start: int, end: int) -> bool:
    """Return whether "online" is said of a website or a form: "register online", "online store"."""
    before = _around_website("before").search(text, max(0, start - 40), start)
    return before is not None or _around_website("after").match(text, end) is not None


def is_only_online(text: str) -> bool:
    """Return whether a text says that all of it is online: "fully online", not "apply only online"."""
    words = pattern("only_online")
    return any(
        not pattern("of_applying").search(
            SENTENCE_END.split(text[max(0, match.start() - 90) : match.start()])[-1]
            + SENTENCE_END.split(text[match.end() : match.end() + 50])[0]
        )
        for match in words.finditer(text)
    )
