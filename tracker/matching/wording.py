"""How much two titles agree: words they share, weighed by how much each says, against words that only one has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import OSA

from tracker.matching.table import Flags, Floats, Ints, Table
from tracker.matching.titles import Title, Word, format_of, word_of

_CHUNK = 100_000
_FAMILIAR = 0.35
"""What a shared word counts that organiser or place say anyway."""


_OWN = 0.5
"""What a word counts that only the one has, and that its own organiser or place says: "Berlin:" before the title."""


def compare_titles(table: Table, i: Ints, j: Ints) -> tuple[Floats, Flags]:
    """Return points for and against each pair of titles, from about −40 to 47; and whether they name rivals.

    Rivals share their words but for one or two that differ on both sides: "Junior Fellows" and "Senior Fellows".
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
    # Titles without a word in common: another language, or another event.
    equal = np.where((left + other_left) == 0, 5.0, 0.0)
    return np.where(shared > 0, for_it - against + equal, -np.where(both_sides > 0, 26.0, 4.0))


def _weigh(table: Table, i: Ints, j: Ints) -> tuple[Floats, Floats, Floats, Flags]:
    """Return the weight of the shared words, of those that only the one or only the other has, and who are rivals."""
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
    rivals = np.zeros(len(i), dtype=np.bool_)
    for row in np.flatnonzero((left > 0.2) & (other_left > 0.2)):
        words, other_words = table.profiles[i[row]].title.words, table.profiles[j[row]].title.words
        found = _alike(
            [words[at] for at in np.flatnonzero(loose[row])],
            [other_words[at] for at in np.flatnonzero(other_loose[row])],
            table.profiles[i[row]].title,
            table.profiles[j[row]].title,
        )
        shared[row] += found[0]
        left[row] = max(0.0, left[row] - found[1])
        other_left[row] = max(0.0, other_left[row] - found[2])
        rivals[row] = (
            min(left[row], other_left[row]) >= 0.25
            and not (table.profiles[i[row]].title.is_cut or table.profiles[j[row]].title.is_cut)
            and _differ_in_one_place(words, other_words)
        )
    return shared.astype(np.float64), left.astype(np.float64), other_left.astype(np.float64), rivals


def _differ_in_one_place(words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Say whether the titles are the same but for one or two words in the same place: names of siblings."""
    one, other = [word.code for word in words], [word.code for word in others]
    shorter = min(len(one), len(other))
    before = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    after = next((at for at in range(shorter - before) if one[-1 - at] != other[-1 - at]), shorter - before)
    middles = (words[before : len(one) - after], others[before : len(other) - after])
    return before + after > 0 and all(
        1 <= len(middle) <= 2 and not any(format_of(word.text) for word in middle) for middle in middles
    )


def _among(words: Ints, names: Ints) -> Flags:
    answer: Flags = (words[:, :, None] == names[:, None, :]).any(axis=2) & (words > 0)
    return answer


def _alike(words: list[Word], others: list[Word], title: Title, other_title: Title) -> tuple[float, float, float]:
    """Return the weight of words that are the same but for a typo or a cut, as shared and as taken off either side."""
    shared = taken = other_taken = 0.0
    free = list(others)
    for word in words:
        match = next(
            (other for other in free if _is_alike(word.text, other.text) or _is_alike(word.spelled, other.spelled)),
            None,
        )
        if match is not None:
            free.remove(match)
            shared += 0.9 * min(word.weight, match.weight)
            taken += word.weight
            other_taken += match.weight
        elif meant := _meant_by(word.text, other_title.spelled):
            spelled_out = [other for other in free if other.text in meant]
            free = [other for other in free if other.text not in meant]
            shared += 0.9 * word.weight
            taken += word.weight
            other_taken += sum(each.weight for each in spelled_out)
    for other in free:
        if meant := _meant_by(other.text, title.spelled):
            spelled_out = [word for word in words if word.text in meant]
            shared += 0.9 * other.weight
            other_taken += other.weight
            taken += sum(each.weight for each in spelled_out)
    return shared, taken, other_taken


def _meant_by(word: str, spelled: tuple[str, ...]) -> frozenset[str]:
    """Return the words that an abbreviation stands for, or none: CCI, RFP (with or without the small words)."""
    length = len(word)
    if not 3 <= length <= 5:
        return frozenset()
    for listed in (spelled, tuple(each for each in spelled if word_of(each).weight > 0)):
        for at in range(len(listed) - length + 1):
            run = listed[at : at + length]
            if all(each[0] == letter for each, letter in zip(run, word, strict=True)):
                return frozenset(word_of(each).text for each in run)
    return frozenset()


def _is_alike(one: str, other: str) -> bool:
    one, other = one.removesuffix("s"), other.removesuffix("s")
    shorter = min(len(one), len(other))
    if shorter < 3:
        return False
    if one.startswith(other) or other.startswith(one):
        return shorter > 3 or len(one) + len(other) > 8
    if shorter < 4:
        return False
    mistakes = 1 if shorter < 8 else 2
    return OSA.distance(one, other, score_cutoff=mistakes) <= mistakes
