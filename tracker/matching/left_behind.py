"""Tells copies that are left behind from other events: one of two listings has moved, or taken the other's place."""

from __future__ import annotations

import numpy as np

from tracker.matching.table import Flags, Ints, Table


def says_earlier_start(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether one still says when the other was to start before it moved.

    It may have moved more than once: of two listings that were one event, the one that never moved is left behind.
    """
    answer: Flags = _were_together(table, i, j) & ((table.moved_from[i, 0] > 0) != (table.moved_from[j, 0] > 0))
    for one, other in ((i, j), (j, i)):
        moved, times = table.moved_from[one], table.times[other]
        by_minute = (moved[:, 0] == 1) & (times[:, 0] == 1) & (moved[:, 1] == times[:, 1])
        is_day = ((moved[:, 0] > 0) & (times[:, 0] == 2)) | ((moved[:, 0] == 2) & (times[:, 0] == 1))
        answer |= by_minute | (is_day & (np.abs(moved[:, 2] - times[:, 2]) <= (moved[:, 0] == 1)))
    return answer


def says_earlier_place(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether two listings of one event are at different places only since one of them was relocated."""
    answer: Flags = _were_together(table, i, j) & (table.is_relocated[i] | table.is_relocated[j])
    return answer


def _were_together(table: Table, i: Ints, j: Ints) -> Flags:
    answer: Flags = (table.last_event[i] == table.last_event[j]) & (table.last_event[i] > 0)
    return answer


def succeeds(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether one may have taken the other's place: it was first seen after the other was seen last."""
    answer: Flags = np.zeros(len(i), dtype=np.bool_)
    for one, other in ((i, j), (j, i)):
        answer |= (table.absent_since[one] > 0) & (table.known_since[other] > table.absent_since[one])
    return answer
