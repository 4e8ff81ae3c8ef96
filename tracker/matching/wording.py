"""Compares names: the weights of the words that two titles share against those of words that only one has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.matching.columns import Flags, Floats, Ints, among, any_shared
from tracker.matching.pairs import Pairs
from tracker.matching.running_text import TELLING
from tracker.matching.spellings import find_spellings
from tracker.matching.table import Rows, TitleTable
from tracker.matching.words import format_codes, season_codes

_FAMILIAR = 0.35
"""Factor on the weight of a shared word that is also in the name of an organiser or place."""
_LEFT_OVER = 0.2
"""Minimum unmatched weight in both titles from which their words are compared letter by letter."""
_RIVAL = 0.25
"""Minimum unmatched weight in both titles of rivals."""
_OWN = 0.5
"""Factor on the weight of an unmatched word that its own organiser or place contains: "Berlin:" before the title."""
_NO_NAME = 0.3
"""Shared weight below which titles have no name in common."""
_MOST_WITHOUT_NAME = 5.0
"""Points that they have at most: with the same start (14), end (5) and place (12), too few."""
_BY_ALIAS = -3.0
"""Points for a name that is no title: a summary may name something else."""
_ACRONYM = 32.0
"""Points of an acronym and the name whose first letters it consists of."""
_AGREEING = 20.0
"""Points from which two names agree, so that further names tell nothing new."""


_TOLD, _TOLD_BY_BOTH = 14.0, 28.0
"""Points of titles of which one, or each, is named in the text of the other listing."""
_LEAST_TOLD, _NEARLY_ALL = 1.2, 0.8
"""Minimum weight of the words of a title that only the text names, and minimum share of it that is named at all."""


@dataclass(frozen=True)
class NamePairs:
    """Pairs of names that are compared: rows of a table of titles, and the words of organisers and places of each."""

    titles: TitleTable
    a: Ints
    b: Ints
    around: Ints
    other_around: Ints

    @cached_property
    def words(self) -> npt.NDArray[np.int32]:
        """Codes of the words of the first names."""
        answer: npt.NDArray[np.int32] = self.titles.words[self.a]
        return answer

    @cached_property
    def other_words(self) -> npt.NDArray[np.int32]:
        """Codes of the words of the second names."""
        answer: npt.NDArray[np.int32] = self.titles.words[self.b]
        return answer

    def part(self, chosen: Any) -> NamePairs:
        """Return some of the pairs."""
        return NamePairs(self.titles, self.a[chosen], self.b[chosen], self.around[chosen], self.other_around[chosen])


def compare_names(pairs: Pairs) -> tuple[Floats, Flags]:
    """Return the points of the names that agree best, from about −40 to 47, and whether the titles name rivals.

    Titles count, and other names as far as they are known to be names of the listing: see ``tracker.matching.names``.
    Rivals share all words except one or two that differ on both sides: "Junior Fellows" and "Senior Fellows".
    """
    one, other = pairs.one, pairs.other
    names = NamePairs(pairs.table.titles, one.title, other.title, one.around, other.around)
    points, rivals = compare_titles(names)
    has_alias = (one.aliases[:, 0] >= 0) | (other.aliases[:, 0] >= 0)
    some = np.flatnonzero(has_alias & (points < _AGREEING))
    if len(some):
        by_alias = _compare_aliases(pairs.part(some))
        rivals[some[by_alias > points[some]]] = False
        points[some] = np.maximum(points[some], by_alias)
    some = np.flatnonzero(points < _TOLD_BY_BOTH)
    part = pairs.part(some)
    told, other_told = _is_told(part.one, part.other), _is_told(part.other, part.one)
    by_text = np.where(told & other_told, _TOLD_BY_BOTH, np.where(told | other_told, _TOLD, -np.inf))
    rivals[some[told & other_told]] = False
    points[some] = np.maximum(points[some], by_text)
    return points, rivals


def _is_told(one: Rows, other: Rows) -> Flags:
    """Return whether the text of ``other`` names nearly all of the title of ``one``, as for the talk of a series."""
    weights = np.where((one.weights >= TELLING) & ~among(one.words, one.around), one.weights, 0.0)
    named = among(one.words, other.told) | among(one.words, other.words)
    by_text = (weights * (among(one.words, other.told) & ~among(one.words, other.words))).sum(axis=1)
    total = weights.sum(axis=1)
    answer: Flags = (by_text >= _LEAST_TOLD) & ((weights * named).sum(axis=1) >= _NEARLY_ALL * total)
    return answer


def _compare_aliases(pairs: Pairs) -> Floats:
    """Return the points of the names other than both titles that agree best.

    A verified alias is as good as a title. Another one counts if each listing calls the other by its title.
    """
    names, is_sure = zip(*(_names_of(each) for each in (pairs.one, pairs.other)), strict=True)
    around, other_around = pairs.one.around, pairs.other.around
    sure, by_title, by_other_title = (np.full(len(pairs), -np.inf) for _ in range(3))
    for a, b in product(range(names[0].shape[1]), range(names[1].shape[1])):
        here = np.flatnonzero((names[0][:, a] >= 0) & (names[1][:, b] >= 0))
        if a == b == 0 or not len(here):
            continue
        left, right = names[0][here, a], names[1][here, b]
        points, _ = compare_titles(NamePairs(pairs.table.titles, left, right, around[here], other_around[here]))
        points += _BY_ALIAS
        both_sure = is_sure[0][here, a] & is_sure[1][here, b]
        sure[here] = np.maximum(sure[here], np.where(both_sure, points, -np.inf))
        for crossed, is_title in ((by_title, a == 0), (by_other_title, b == 0)):
            if is_title:
                crossed[here] = np.maximum(crossed[here], points)
    answer: Floats = np.maximum(sure, np.minimum(by_title, by_other_title))
    return answer


def _names_of(rows: Rows) -> tuple[Ints, Flags]:
    """Return the title and the aliases of each row, −1 for none, and which of them are surely its names."""
    is_title = np.ones((len(rows), 1), dtype=np.bool_)
    return np.hstack([rows.title[:, None], rows.aliases]), np.hstack([is_title, rows.alias_is_verified])


def compare_titles(names: NamePairs) -> tuple[Floats, Flags]:
    """Return the points of each pair of titles, from about −40 to 47, and whether they name rivals."""
    shared, left, other_left, rivals = _weigh(names)
    points = _points(shared, left, other_left)
    titles = names.titles
    hit = _abbreviates(titles, names.a, names.b, names.around) | _abbreviates(
        titles, names.b, names.a, names.other_around
    )
    points[hit] = np.maximum(points[hit], _ACRONYM)
    return points, rivals & ~hit


def _abbreviates(titles: TitleTable, short: Ints, full: Ints, around: Ints) -> Flags:
    """Return whether the only distinctive word of the one title is formed by the first letters of the other.

    Not if it is only the organiser of something else: "TUM: Intro Fellowship" and "Technical University of Munich".
    """
    is_name = (titles.weights[short] >= 1) & ~among(titles.words[short], titles.whole[short])
    answer: Flags = is_name.sum(axis=1) == 1
    some = np.flatnonzero(answer)
    word = np.where(is_name[some], titles.words[short[some]], 0)
    others = ((titles.weights[short[some]] > 0) & ~is_name[some] & ~among(titles.words[short[some]], around[some])).sum(
        axis=1
    )
    is_organiser = any_shared(word, around[some]) & (others >= _FEWEST_OTHERS)
    answer[some] = any_shared(word, titles.initials[full[some]]) & ~is_organiser
    return answer


_FEWEST_OTHERS = 2
"""Minimum number of words beside an acronym that name what its organiser does."""


def _points(shared: Floats, left: Floats, other_left: Floats) -> Floats:
    both_sides = np.minimum(left, other_left)
    one_side = np.abs(left - other_left)
    for_it = 42.0 * (1 - np.exp(-shared / 0.85))
    against = 58.0 * both_sides / (both_sides + 0.25 * shared + 0.4) + 10.0 * one_side / (one_side + shared + 0.6)
    equal = np.where((left + other_left) == 0, 5.0, 0.0)
    points = for_it - against + equal
    # One word such as "Meetup" is no name: the same moment in the same city does not make two of them one event.
    points = np.where(shared < _NO_NAME, np.minimum(points, _MOST_WITHOUT_NAME), points)
    # Titles without a common word: another language, or another event.
    return np.where(shared > 0, points, -np.where(both_sides > 0, 26.0, 4.0))


def _weigh(names: NamePairs) -> tuple[Floats, Floats, Floats, Flags]:
    """Return the weights of the shared words, of those only in the first and only in the second title, and rivals."""
    titles, one, other = names.titles, names.words, names.other_words
    weight, other_weight = titles.weights[names.a], titles.weights[names.b]
    matched, other_matched = among(one, other), among(other, one)
    squeezed, other_squeezed = titles.squeezed[names.a], titles.squeezed[names.b]
    joined = (squeezed == other_squeezed) & (squeezed > 0)
    matched[joined] = one[joined] > 0
    other_matched[joined] = other[joined] > 0
    own, other_own = among(one, names.around), among(other, names.other_around)
    known, other_known = among(one, names.other_around), among(other, names.around)
    familiar = own | known
    shared = (weight * matched * np.where(familiar, _FAMILIAR, 1.0)).sum(axis=1)
    left = (weight * ~matched * ~known * np.where(own, _OWN, 1.0)).sum(axis=1)
    other_left = (other_weight * ~other_matched * ~other_known * np.where(other_own, _OWN, 1.0)).sum(axis=1)
    loose, other_loose = ~matched & ~known & (one > 0), ~other_matched & ~other_known & (other > 0)
    shared, left, other_left = shared.astype(np.float64), left.astype(np.float64), other_left.astype(np.float64)
    rivals = np.zeros(len(shared), dtype=np.bool_)
    rows = np.flatnonzero((left > _LEFT_OVER) & (other_left > _LEFT_OVER))
    if len(rows):
        some = names.part(rows)
        found = find_spellings(titles, some.a, some.b, loose[rows], other_loose[rows])
        shared[rows] += found.shared
        left[rows] = np.maximum(0.0, left[rows] - found.taken)
        other_left[rows] = np.maximum(0.0, other_left[rows] - found.other_taken)
        rivals[rows] = (
            (np.minimum(left[rows], other_left[rows]) >= _RIVAL)
            & ~(titles.is_cut[some.a] | titles.is_cut[some.b])
            & _differ_in_one_place(some)
        )
    return shared, left, other_left, rivals


def _differ_in_one_place(names: NamePairs) -> Flags:
    """Return whether titles differ only in one or two words in the same place: names of sibling events."""
    one, other = names.words, names.other_words
    length, other_length = (one > 0).sum(axis=1), (other > 0).sum(axis=1)
    shorter = np.minimum(length, other_length)
    before = _equal_at_start(one, other)
    after = np.minimum(_equal_at_start(_backwards(one, length), _backwards(other, other_length)), shorter - before)
    answer: Flags = before + after > 0
    formats, seasons = format_codes(), season_codes()
    only_season, only_familiar = [], []
    for words, count in ((one, length), (other, other_length)):
        middle = count - before - after
        place = np.arange(words.shape[1])
        inside = (place >= before[:, None]) & (place < (count - after)[:, None])
        answer &= (middle >= 1) & (middle <= 2) & ~(inside & np.isin(words, formats)).any(axis=1)
        only_season.append(~(inside & ~np.isin(words, seasons)).any(axis=1))
        is_familiar = among(words, names.around) | among(words, names.other_around)
        only_familiar.append(~(inside & ~is_familiar).any(axis=1))
    # "Policy Fellowship (Spring 2027)" and "Policy Fellowship (Strathmore)" by Strathmore are one.
    answer &= ~(only_season[0] & only_familiar[1]) & ~(only_season[1] & only_familiar[0])
    return answer


def _equal_at_start(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Ints:
    answer: Ints = np.cumprod((one == other) & (one > 0), axis=1).sum(axis=1)
    return answer


def _backwards(words: npt.NDArray[Any], length: Ints) -> npt.NDArray[Any]:
    place = length[:, None] - 1 - np.arange(words.shape[1])
    answer: npt.NDArray[Any] = np.where(place >= 0, np.take_along_axis(words, np.maximum(place, 0), axis=1), 0)
    return answer
