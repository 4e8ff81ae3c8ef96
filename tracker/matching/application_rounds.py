"""Tells the rounds of a course or call by their deadlines: an extended deadline belongs to the same round."""

from __future__ import annotations

import numpy as np

from tracker.matching.columns import Flags, Ints
from tracker.matching.pairs import Pairs
from tracker.matching.profiles import TimeKind
from tracker.matching.table import Rows

SAME_DEADLINE = 7
"""Maximum days between two deadlines of one event: extensions are about a week, the next round months later."""
EXTENDED = 21
"""The same if the titles are equal, edition included."""


def differs_in_deadline(pairs: Pairs) -> Flags:
    """Return whether deadlines of two courses, or of a pair with an undated one, are over a week apart: two rounds."""
    one, other = pairs.one, pairs.other
    undated = (one.time_kind == TimeKind.UNDATED) | (other.time_kind == TimeKind.UNDATED)
    answer: Flags = undated | (one.is_training & other.is_training)
    rounds = pairs.part(answer)
    is_same_round = rounds.same_title | rounds.share_page | (rounds.dated & (rounds.days_apart <= 1))
    late = days_between_deadlines(rounds) > np.where(is_same_round, EXTENDED, SAME_DEADLINE)
    answer[answer] = late | _closes_after(rounds.one, rounds.other) | _closes_after(rounds.other, rounds.one)
    return answer


def _closes_after(call: Rows, event: Rows) -> Flags:
    """Return whether one without a date can still be applied for when the other is over."""
    answer: Flags = (call.time_kind == TimeKind.UNDATED) & (event.time_kind != TimeKind.UNDATED)
    answer &= call.deadlines.max(axis=1, initial=0) > event.last_day + SAME_DEADLINE
    return answer


def starts_by_deadline(pairs: Pairs) -> Flags:
    """Return whether the day of one is the last day to apply for the other: one of them lists it by its deadline.

    So it may be if only one says a deadline, and calls its date so.
    """
    answer: Flags = np.zeros(len(pairs), dtype=np.bool_)
    for listed, other in ((pairs.one, pairs.other), (pairs.other, pairs.one)):
        is_day = (listed.time_kind == TimeKind.DAY) & ~listed.end_is_stated
        # "AI Safety Meetup" may take place on the day until which one registers for the next.
        may_close = is_day & (other.is_training | other.is_long) & (listed.first_day < other.first_day)
        answer |= (listed.may_start_later | may_close) & (listed.first_day[:, None] == other.deadlines).any(axis=1)
        later = other.first_day - listed.first_day
        answer |= (
            listed.is_day_to_apply & (other.time_kind != TimeKind.UNDATED) & (later >= 0) & (later < _LONGEST_WAIT)
        )
    return answer


_LONGEST_WAIT = 240
"""Maximum number of days from the last day to apply to the start."""


def days_between_deadlines(pairs: Pairs) -> Ints:
    """Return the number of days between the nearest two deadlines; −1 unless both have one."""
    one, other = pairs.one.deadlines, pairs.other.deadlines
    both = (one[:, :, None] > 0) & (other[:, None, :] > 0)
    apart = np.where(both, np.abs(one[:, :, None] - other[:, None, :]), np.iinfo(np.int64).max).min(axis=(1, 2))
    answer: Ints = np.where(both.any(axis=(1, 2)), apart, -1)
    return answer
