"""Matches words that differ only by a typo, a truncation or an abbreviation: "alignement", "interp", "CCI"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from rapidfuzz.distance import OSA

from tracker.matching.columns import Flags, Floats, Ints, among
from tracker.matching.table import TitleTable
from tracker.matching.titles import Title
from tracker.matching.words import Word, joined, word_of

_DIGITS = re.compile(r"\d")
_NEARLY = 0.9
"""Factor on the weight of a word that is matched in another spelling."""


@dataclass(frozen=True, slots=True)
class Spellings:
    """Weights of words matched in another spelling, one value per pair of titles."""

    shared: Floats
    """Weight that counts as shared."""
    taken: Floats
    """Weight of the words of the first title that are now matched."""
    other_taken: Floats
    """Likewise of the second title."""


def find_spellings(titles: TitleTable, a: Ints, b: Ints, loose: Flags, other_loose: Flags) -> Spellings:
    """Compare letter by letter the words that only one of two titles has.

    Args:
        titles: all titles.
        a: rows of the first titles.
        b: rows of the second titles.
        loose: which words of the first title the second does not have; one column per word.
        other_loose: likewise for the words of the second title.
    """
    alike = _alike(titles, a, b, loose, other_loose)
    weight, other_weight = titles.weights[a].astype(np.float64), titles.weights[b].astype(np.float64)
    free = other_loose.copy()
    single = loose.copy()
    found = Spellings(np.zeros(len(a)), np.zeros(len(a)), np.zeros(len(a)))
    for place in range(loose.shape[1]):
        matches = alike[:, place] & free
        rows = np.flatnonzero(matches.any(axis=1))
        to = matches[rows].argmax(axis=1)
        free[rows, to] = False
        single[rows, place] = False
        found.shared[rows] += _NEARLY * np.minimum(weight[rows, place], other_weight[rows, to])
        found.taken[rows] += weight[rows, place]
        found.other_taken[rows] += other_weight[rows, to]
    short = _may_abbreviate(titles, a, b, single) | _may_abbreviate(titles, b, a, free)
    as_one = among(titles.words[a], titles.joins[b]) & loose, among(titles.words[b], titles.joins[a]) & other_loose
    for row in sorted(short | {*np.flatnonzero(as_one[0].any(axis=1) | as_one[1].any(axis=1)).tolist()}):
        title, other_title = titles.parsed(int(a[row])), titles.parsed(int(b[row]))
        found.shared[row], found.taken[row], found.other_taken[row] = _spelled_out(
            [title.words[at] for at in np.flatnonzero(loose[row])],
            [other_title.words[at] for at in np.flatnonzero(other_loose[row])],
            title,
            other_title,
        )
    return found


def _alike(titles: TitleTable, a: Ints, b: Ints, loose: Flags, other_loose: Flags) -> Flags:
    """Return which unmatched words differ only in spelling: pair × word of the first × word of the second title."""
    row, place, other_place = np.nonzero(loose[:, :, None] & other_loose[:, None, :])
    words, one = _distinct_words(titles, a[row], place)
    other_words, other = _distinct_words(titles, b[row], other_place)
    possible = _may_be_alike(words, other_words, one, other)
    row, place, other_place = row[possible], place[possible], other_place[possible]
    kinds, which = np.unique(one[possible] * len(other_words) + other[possible], return_inverse=True)
    verdicts = np.fromiter(
        (
            _is_one_word(words[kind // len(other_words)], other_words[kind % len(other_words)])
            for kind in kinds.tolist()
        ),
        dtype=np.bool_,
        count=len(kinds),
    )
    alike: Flags = np.zeros((*loose.shape, loose.shape[1]), dtype=np.bool_)
    alike[row, place, other_place] = verdicts[which]
    return alike


def _distinct_words(titles: TitleTable, rows: Ints, places: Ints) -> tuple[list[Word], Ints]:
    """Return the distinct words in these places, and for each place the index of its word."""
    _, first, which = np.unique(titles.spellings[rows, places], return_index=True, return_inverse=True)
    words = [titles.word(row, place) for row, place in zip(rows[first].tolist(), places[first].tolist(), strict=True)]
    return words, which


def _may_be_alike(words: Sequence[Word], others: Sequence[Word], one: Ints, other: Ints) -> Flags:
    """Return which words may be alike (fast pre-filter): a typo changes few letters, a truncation keeps the first."""
    answer: Flags = np.zeros(len(one), dtype=np.bool_)
    for spelled in (False, True):
        letters, other_letters = (
            np.array([_letters(word.spelled if spelled else word.text) for word in each], dtype=np.int64).reshape(-1, 2)
            for each in (words, others)
        )
        answer |= letters[one, 0] == other_letters[other, 0]
        answer |= np.bitwise_count(letters[one, 1] ^ other_letters[other, 1]) <= _MOST_LETTERS
    return answer


_MOST_LETTERS = 4
"""Maximum number of letters that occur in only one of two words: two typos change at most four."""


@lru_cache(maxsize=65_536)
def _letters(word: str) -> tuple[int, int]:
    """Return a hash of the first three letters, and a bit mask of the letters that occur."""
    word = word.removesuffix("s")
    mask = 0
    for letter in word:
        mask |= 1 << ord(letter) % 61
    return crc32(word[:3].encode()), mask


def _is_one_word(one: Word, other: Word) -> bool:
    if one.is_acronym or other.is_acronym:
        return False  # ICML and ICMLC are two conferences
    return is_alike(one.text, other.text) or is_alike(one.spelled, other.spelled)


def _may_abbreviate(titles: TitleTable, a: Ints, b: Ints, single: Flags) -> set[int]:
    """Return the pairs in which a word of the first title may abbreviate several words of the second."""
    pairs, places = np.nonzero(single)
    words, which = _distinct_words(titles, a[pairs], places)
    short = np.array([3 <= len(word.text) <= 5 for word in words], dtype=np.bool_)[which]
    return {
        pair
        for pair, at, to in zip(pairs[short].tolist(), which[short].tolist(), b[pairs[short]].tolist(), strict=True)
        if words[at].text in titles.parsed(to).letters
    }


def _spelled_out(words: list[Word], others: list[Word], title: Title, other_title: Title) -> tuple[float, float, float]:
    """Return the shared weight of words that differ by typo, truncation or abbreviation, and their weight per title."""
    left, right = list(words), list(others)
    # What is written as one word first: its beginning is no truncation of it.
    shared = _take_meant(left, right, other_title, _joined_in) + _take_meant(right, left, title, _joined_in)
    for word in list(left):
        match = next((other for other in right if _is_one_word(word, other)), None)
        if match is not None:
            left.remove(word)
            right.remove(match)
            shared += _NEARLY * min(word.weight, match.weight)
    shared += _take_meant(left, right, other_title, _meant_by) + _take_meant(right, left, title, _meant_by)
    return shared, _weight(words) - _weight(left), _weight(others) - _weight(right)


def _take_meant(
    words: list[Word], others: list[Word], title: Title, meant_by: Callable[[str, tuple[str, ...]], frozenset[str]]
) -> float:
    """Take the words that stand for several words of the other title, and these, out of both; return their weight."""
    shared = 0.0
    for word in list(words):
        if meant := meant_by(word.text, title.spelled):
            words.remove(word)
            others[:] = [other for other in others if other.text not in meant]
            shared += _NEARLY * word.weight
    return shared


def _weight(words: Iterable[Word]) -> float:
    return sum(word.weight for word in words)


def _meant_by(word: str, spelled: tuple[str, ...]) -> frozenset[str]:
    """Return the words that an abbreviation such as CCI or RFP stands for (with or without small words), or none."""
    length = len(word)
    if not 3 <= length <= 5:
        return frozenset()
    for listed in (spelled, tuple(each for each in spelled if word_of(each).weight > 0)):
        for at in range(len(listed) - length + 1):
            run = listed[at : at + length]
            if all(each[0] == letter for each, letter in zip(run, word, strict=True)):
                return frozenset(word_of(each).text for each in run)
    return frozenset()


def _joined_in(word: str, spelled: tuple[str, ...]) -> frozenset[str]:
    """Return the two neighbouring words that are written as one: "api" and "rally" for "apirally"."""
    pair = next((pair for pair in pairwise(spelled) if word in {word_of(each).text for each in joined(*pair)}), ())
    return frozenset(word_of(each).text for each in pair)


def is_alike(one: str, other: str) -> bool:
    """Return whether two words differ only by a typo, a plural or a truncation."""
    one, other = one.removesuffix("s"), other.removesuffix("s")
    shorter = min(len(one), len(other))
    if shorter < 3:
        return False
    if one.startswith(other) or other.startswith(one):
        return shorter > 3 or len(one) + len(other) > 8
    if shorter < 4:
        return False
    # LN46A750 and LN46A650 are different products.
    if (any(map(str.isdigit, one)) or any(map(str.isdigit, other))) and _DIGITS.sub("", one) == _DIGITS.sub("", other):
        return False
    mistakes = 1 if shorter < 8 else 2
    return OSA.distance(one, other, score_cutoff=mistakes) <= mistakes
