"""Tells the rounds of a course or call by their deadlines: an extended deadline belongs to the same round."""

from __future__ import annotations

import numpy as np

from tracker.matching.table import Flags, Ints, Table

SAME_DEADLINE = 7
"""Maximum days between two deadlines of one event: extensions are about a week, the next round months later."""
EXTENDED = 21
"""The same if the titles are equal, edition included."""


def differs_in_deadline(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether deadlines of two courses, or of a pair with an undated one, are over a week apart: two rounds."""
    undated = (table.times[i, 0] == 0) | (table.times[j, 0] == 0)
    courses = np.flatnonzero(undated | (table.is_training[i] & table.is_training[j]))
    answer: Flags = np.zeros(len(i), dtype=np.bool_)
    if len(courses):
        some, others = i[courses], j[courses]
        most = np.where(_same_title(table, some, others), EXTENDED, SAME_DEADLINE)
        answer[courses] = days_between_deadlines(table, some, others) > most
    return answer


def _same_title(table: Table, i: Ints, j: Ints) -> Flags:
    same_words: Flags = (table.words[i] == table.words[j]).all(axis=1)
    same_edition = (table.editions[i] == table.editions[j]).all(axis=1) & (table.numbers[i] == table.numbers[j]).all(
        axis=1
    )
    answer: Flags = same_words & same_edition & (table.years[i] == table.years[j]).all(axis=1)
    return answer


def days_between_deadlines(table: Table, i: Ints, j: Ints) -> Ints:
    """Return the number of days between the nearest two deadlines; −1 unless both have one."""
    one, other = table.deadlines[i], table.deadlines[j]
    both = (one[:, :, None] > 0) & (other[:, None, :] > 0)
    apart = np.where(both, np.abs(one[:, :, None] - other[:, None, :]), np.iinfo(np.int64).max).min(axis=(1, 2))
    answer: Ints = np.where(both.any(axis=(1, 2)), apart, -1)
    return answer
