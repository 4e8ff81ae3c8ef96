"""Compares titles: the weights of the words that two titles share against those of words that only one has."""

from __future__ import annotations

import numpy as np

from tracker.matching.spellings import find_spellings
from tracker.matching.table import Flags, Floats, Ints, Table
from tracker.matching.words import format_codes

_CHUNK = 100_000
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
_MOST_WITHOUT_NAME = 7.0
"""Points that they have at most: with the same start (14), end (5) and place (12), too few."""


def compare_titles(table: Table, i: Ints, j: Ints) -> tuple[Floats, Flags]:
    """Return the points of each pair of titles, from about −40 to 47, and whether they name rivals.

    Rivals share all words except one or two that differ on both sides: "Junior Fellows" and "Senior Fellows".
    """
    points, rivals = np.empty(len(i)), np.zeros(len(i), dtype=np.bool_)
    for at in range(0, len(i), _CHUNK):
        part = slice(at, at + _CHUNK)
        shared, left, other_left, rivals[part] = _weigh(table, i[part], j[part])
        points[part] = _points(shared, left, other_left)
    return points, rivals


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


def _weigh(table: Table, i: Ints, j: Ints) -> tuple[Floats, Floats, Floats, Flags]:
    """Return the weights of the shared words, of those only in the first and only in the second title, and rivals."""
    one, other = table.words[i], table.words[j]
    weight, other_weight = table.weights[i], table.weights[j]
    equal = (one[:, :, None] == other[:, None, :]) & (one[:, :, None] > 0)
    matched, other_matched = equal.any(axis=2), equal.any(axis=1)
    around, other_around = table.around[i], table.around[j]
    own, other_own = _among(one, around), _among(other, other_around)
    known, other_known = _among(one, other_around), _among(other, around)
    familiar = own | known
    shared = (weight * matched * np.where(familiar, _FAMILIAR, 1.0)).sum(axis=1)
    left = (weight * ~matched * ~known * np.where(own, _OWN, 1.0)).sum(axis=1)
    other_left = (other_weight * ~other_matched * ~other_known * np.where(other_own, _OWN, 1.0)).sum(axis=1)
    loose, other_loose = ~matched & ~known & (one > 0), ~other_matched & ~other_known & (other > 0)
    shared, left, other_left = shared.astype(np.float64), left.astype(np.float64), other_left.astype(np.float64)
    rivals = np.zeros(len(i), dtype=np.bool_)
    rows = np.flatnonzero((left > _LEFT_OVER) & (other_left > _LEFT_OVER))
    if len(rows):
        found = find_spellings(table, i[rows], j[rows], loose[rows], other_loose[rows])
        shared[rows] += found.shared
        left[rows] = np.maximum(0.0, left[rows] - found.taken)
        other_left[rows] = np.maximum(0.0, other_left[rows] - found.other_taken)
        rivals[rows] = (
            (np.minimum(left[rows], other_left[rows]) >= _RIVAL)
            & ~(table.is_cut[i[rows]] | table.is_cut[j[rows]])
            & _differ_in_one_place(table, i[rows], j[rows])
        )
    return shared, left, other_left, rivals


def _differ_in_one_place(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether titles differ only in one or two words in the same place: names of sibling events."""
    one, other = table.words[i], table.words[j]
    length, other_length = (one > 0).sum(axis=1), (other > 0).sum(axis=1)
    shorter = np.minimum(length, other_length)
    before = _equal_at_start(one, other)
    after = np.minimum(_equal_at_start(_backwards(one, length), _backwards(other, other_length)), shorter - before)
    answer: Flags = before + after > 0
    formats = format_codes()
    for words, count in ((one, length), (other, other_length)):
        middle = count - before - after
        place = np.arange(words.shape[1])
        inside = (place >= before[:, None]) & (place < (count - after)[:, None])
        answer &= (middle >= 1) & (middle <= 2) & ~(inside & np.isin(words, formats)).any(axis=1)
    return answer


def _equal_at_start(one: Ints, other: Ints) -> Ints:
    answer: Ints = np.cumprod((one == other) & (one > 0), axis=1).sum(axis=1)
    return answer


def _backwards(words: Ints, length: Ints) -> Ints:
    place = length[:, None] - 1 - np.arange(words.shape[1])
    answer: Ints = np.where(place >= 0, np.take_along_axis(words, np.maximum(place, 0), axis=1), 0)
    return answer


def _among(words: Ints, names: Ints) -> Flags:
    answer: Flags = (words[:, :, None] == names[:, None, :]).any(axis=2) & (words > 0)
    return answer
