"""Tells acronyms: "NeurIPS" abbreviates "Neural Information Processing Systems"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tracker.matching.editions import part_of_year_words
from tracker.matching.words import WORD, fold_title, format_bits, word_of

_YEARS = re.compile(r"['’]?\b(?:20)?\d\d\b")
_MOST_SPACES = 3
"""Maximum number of spaces in an acronym with its organiser and year: "ACM CHI 2027"."""


@lru_cache(maxsize=65_536)
def is_acronym(short: str, name: str) -> bool:
    """Return whether the only distinctive word of ``short`` abbreviates the words of ``name``, in their order.

    >>> is_acronym("NeurIPS 2026", "Conference on Neural Information Processing Systems")
    True
    """
    word = _only_distinctive_word(short)
    return bool(word) and abbreviates(word, WORD.findall(fold_title(name)))


@lru_cache(maxsize=65_536)
def _only_distinctive_word(short: str) -> str:
    """Return the only distinctive word of a name; an empty string if it has several or none."""
    spelled = _YEARS.sub("", short)
    if spelled.count(" ") > _MOST_SPACES:
        return ""
    words = [word for word in WORD.findall(fold_title(spelled)) if word_of(word).weight >= 1]
    return words[0] if len(words) == 1 else ""


def abbreviates(short: str, words: Sequence[str], *, skips: bool = True) -> bool:
    """Return whether ``short`` consists of the first letters of ``words``, in their order, and of at least two of them.

    Args:
        short: a folded word of at most 12 letters.
        words: folded words.
        skips: also allow to skip words other than small words and kinds of event.
    """
    if not 2 <= len(short) <= 12 or short in words:
        return False
    # states: number of letters explained so far → most words used for them
    reached = {0: 0}
    for word in words:
        optional = skips or word_of(word).weight == 0 or word_of(word).text in format_bits()
        later = dict(reached) if optional else {}
        for at, used in reached.items():
            length = 0
            while at + length < len(short) and length < len(word) and short[at + length] == word[length]:
                length += 1
                later[at + length] = max(later.get(at + length, 0), used + 1)
        reached = later
    return reached.get(len(short), 0) >= 2


_SMALL = 3
"""Maximum number of letters of the small words that acronyms leave out: "of", "and", "für"."""
_SHORTEST, _LONGEST = 3, 9


def initials_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the acronyms that the first letters of folded words form, with and without kinds of event.

    >>> initials_of(["winter", "conference", "on", "applications", "of", "computer", "vision"])
    ('wcacv', 'cacv', 'wacv', 'acv')
    """
    letters = [_letters_of(word) for word in words]
    if len(letters) < _SHORTEST - 1:
        return ()
    kinds = {kind for _, kind in letters if kind}
    found: dict[str, None] = {}
    for said in (letters, letters[1:]) if words[0] == "annual" else (letters,):
        for leaves_out in _LEFT_OUT if kinds else (_NOTHING,):
            found["".join([letter for letter, kind in said if not kind & leaves_out])] = None
    return tuple(each for each in found if _SHORTEST <= len(each) <= _LONGEST)


_NOTHING, _SEASON, _KIND = 0, 1, 2
_LEFT_OUT = (_NOTHING, _SEASON, _KIND, _SEASON | _KIND)


@lru_cache(maxsize=65_536)
def _letters_of(word: str) -> tuple[str, int]:
    """Return the letters that a word gives to an acronym, and what kind of word it is; nothing for a small word."""
    normal = word_of(word)
    if len(word) <= _SMALL and not normal.weight:
        return _NO_LETTERS
    kind = _SEASON * (word in part_of_year_words()) | _KIND * (normal.text in format_bits())
    return (word if word == "ai" else word[0]), kind


_NO_LETTERS = ("", 0)
