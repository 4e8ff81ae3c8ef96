"""Tells copies that are left behind from other events: one of two listings has moved, or taken the other's place."""

from __future__ import annotations

import numpy as np

from tracker.matching.columns import Flags
from tracker.matching.pairs import Pairs
from tracker.matching.profiles import TimeKind


def says_earlier_start(pairs: Pairs) -> Flags:
    """Return whether one still says when the other was to start before it moved, by its history or by its text.

    It may have moved more than once: of two listings that were one event, the one that never moved is left behind.
    """
    one_moved, other_moved = pairs.one.moved_kind > 0, pairs.other.moved_kind > 0
    answer: Flags = _were_together(pairs) & (one_moved != other_moved)
    for moved, other in ((pairs.one, pairs.other), (pairs.other, pairs.one)):
        was_instant, was_day = moved.moved_kind == TimeKind.INSTANT, moved.moved_kind == TimeKind.DAY
        is_instant, is_day = other.time_kind == TimeKind.INSTANT, other.time_kind == TimeKind.DAY
        by_minute = was_instant & is_instant & (moved.moved_minute == other.start_minute)
        by_day = ((was_instant | was_day) & is_day) | (was_day & is_instant)
        answer |= by_minute | (by_day & (np.abs(moved.moved_day - other.first_day) <= was_instant))
        apart = np.where(moved.earlier_days > 0, np.abs(moved.earlier_days - other.first_day[:, None]), _FAR)
        answer |= ((is_instant | is_day)[:, None] & (apart <= is_instant[:, None])).any(axis=1)
    return answer


_FAR = 1_000
"""Number of days that is no match."""


def says_earlier_place(pairs: Pairs) -> Flags:
    """Return whether two listings of one event are at different places only since one of them was relocated."""
    answer: Flags = _were_together(pairs) & (pairs.one.is_relocated | pairs.other.is_relocated)
    return answer


def _were_together(pairs: Pairs) -> Flags:
    answer: Flags = (pairs.one.last_event == pairs.other.last_event) & (pairs.one.last_event > 0)
    return answer


def succeeds(pairs: Pairs) -> Flags:
    """Return whether one may have taken the other's place: it was first seen after the other was seen last."""
    answer: Flags = np.zeros(len(pairs), dtype=np.bool_)
    for gone, new in ((pairs.one, pairs.other), (pairs.other, pairs.one)):
        answer |= (gone.absent_since > 0) & (new.known_since > gone.absent_since)
    return answer
