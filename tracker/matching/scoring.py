"""Scores how likely two listings are one event, as the sum of named terms in points.

Points are roughly tenths of a decade of odds: ten points make it ten times as likely. A pair that reaches ``SAME`` and
has no veto is one event; one that reaches only ``PERHAPS`` is shown to a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.matching.application_rounds import days_between_deadlines
from tracker.matching.left_behind import says_earlier_start
from tracker.matching.popularity import Popularity
from tracker.matching.table import Flags, Floats, Ints, Table
from tracker.matching.vetoes import compare_places, share_entry, slips
from tracker.matching.wording import compare_titles
from tracker.matching.words import format_bit

SAME = 40.0
"""Minimum number of points from which two listings are one event."""
PERHAPS = 32.0
"""Minimum number of points from which a pair is shown to a person."""
APART = 14.0
"""Number of points below which two listings are not joined through a third listing either."""
SAME_UNDATED = 42.0
"""Minimum number of points from which two listings are one event if one of them has no date."""
_ANOTHER_SUBJECT = -40.0
_PART_OF = -34.0
"""Points for a conference and an event that its title calls a workshop, dinner or fair of the conference."""
MOST_FROM_TITLE = 47.0
"""Maximum number of points of the title term."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The terms of many pairs, each an array with one value per pair."""

    terms: dict[str, Floats]
    asked: Floats
    """Points that each pair needs."""

    @property
    def total(self) -> Floats:
        """Sum of all terms, rounded because the last digits depend on how many pairs are scored at once."""
        total: Floats = np.round(np.sum(list(self.terms.values()), axis=0), 3)
        return total


def score_pairs(table: Table, popularity: Popularity, i: Ints, j: Ints) -> Scores:
    """Return the score terms of each pair ``(i, j)`` of rows."""
    terms = _terms_of_facts(table, popularity, i, j)
    title, rivals = compare_titles(table, i, j)
    same_entry = share_entry(table, i, j)
    terms["title"] = title
    terms["subject"] = np.where(rivals & ~same_entry, _ANOTHER_SUBJECT, 0.0)
    # A page may describe several events, or a conference with all its parts: with another title, it proves little.
    says_little = ((title < -8.0) | (terms["kind"] == _PART_OF)) & ~same_entry
    terms["link"] = np.where(says_little, 0.4, 1.0) * terms["link"]
    return Scores(terms, asked_of(table, i, j))


def asked_of(table: Table, i: Ints, j: Ints) -> Floats:
    """Return the points that each pair needs."""
    undated = (table.times[i, 0] == 0) | (table.times[j, 0] == 0)
    answer: Floats = np.where(undated, SAME_UNDATED, SAME)
    return answer


def may_reach(table: Table, popularity: Popularity, i: Ints, j: Ints, points: float) -> Ints:
    """Return the indices of the pairs that could reach ``points`` with the best possible title term."""
    facts: Floats = np.sum(list(_terms_of_facts(table, popularity, i, j).values()), axis=0)
    answer: Ints = np.flatnonzero(facts + MOST_FROM_TITLE >= points)
    return answer


def _terms_of_facts(table: Table, popularity: Popularity, i: Ints, j: Ints) -> dict[str, Floats]:
    return {
        "kind": _kind(table, i, j),
        "link": popularity.evidence(table, i, j),
        "start": _start(table, i, j),
        "end": _end(table, i, j),
        "place": _place(table, i, j),
        "organiser": _organiser(table, i, j),
        "deadline": _deadline(table, i, j),
        "description": _description(table, i, j),
    }


def _start(table: Table, i: Ints, j: Ints) -> Floats:
    one, other = table.times[i], table.times[j]
    kind, other_kind = one[:, 0], other[:, 0]
    minutes = np.abs(one[:, 1] - other[:, 1])
    instants = (kind == 1) & (other_kind == 1)
    days = np.abs(one[:, 2] - other[:, 2])
    by_instant = np.select([minutes == 0, minutes <= 15, minutes <= 30, minutes <= 60], [14.0, 8.0, 5.0, -3.0], -9.0)
    by_day = np.where(days == 0, 8.0, -4.0)
    spanned = (kind == 3) | (other_kind == 3)
    undated = (kind == 0) | (other_kind == 0)
    by_instant = np.where(slips(table, i, j), np.maximum(by_instant, -3.0), by_instant)
    points = np.where(undated, 0.0, np.where(spanned, 2.0, np.where(instants, by_instant, by_day)))
    return np.where(says_earlier_start(table, i, j), np.maximum(points, 8.0), points)


def _end(table: Table, i: Ints, j: Ints) -> Floats:
    one, other = table.times[i], table.times[j]
    both = (one[:, 5] == 1) & (other[:, 5] == 1)
    instants = both & (one[:, 4] >= 0) & (other[:, 4] >= 0)
    minutes = np.abs(one[:, 4] - other[:, 4])
    by_instant = np.where(minutes <= 1, 5.0, np.where(minutes <= 60, 1.0, -3.0))
    days = np.abs(one[:, 3] - other[:, 3])
    by_day = np.where(days == 0, 4.0, np.where(days <= 1, 1.0, -np.minimum(12.0, 2.0 + days)))
    # One lasts for days, the other is a short event that may be a part of it.
    lasting, other_lasting = (
        (one[:, 6] == 1) & (one[:, 5] == 1),
        (other[:, 6] == 1) & (other[:, 5] == 1),
    )
    brief, other_brief = (one[:, 0] == 1) & (one[:, 6] == 0), (other[:, 0] == 1) & (other[:, 6] == 0)
    within = (lasting & other_brief) | (other_lasting & brief)
    by_length = np.where(both, -40.0, -5.0)
    dated = (one[:, 0] < 3) & (other[:, 0] < 3)
    answer: Floats = np.where(
        within & dated, by_length, np.where(instants, by_instant, np.where(both & dated, by_day, 0.0))
    )
    return np.where(says_earlier_start(table, i, j), np.maximum(answer, 0.0), answer)


def _place(table: Table, i: Ints, j: Ints) -> Floats:
    both, near = compare_places(table, i, j)
    online = (table.mode[i] == 1) & (table.mode[j] == 1) & ~both
    # One is online without a place, the other has a place; a hybrid event contradicts neither.
    mode, other_mode = table.mode[i], table.mode[j]
    bare, other_bare = table.spot_count[i] == 0, table.spot_count[j] == 0
    against = ((mode == 1) & bare & (other_mode != 3) & ~other_bare) | (
        (other_mode == 1) & other_bare & (mode != 3) & ~bare
    )
    penalty = np.where(
        table.has_nodes[i] | table.has_nodes[j], -30.0, np.where((mode == 0) | (other_mode == 0), -8.0, -14.0)
    )
    return np.where(
        both, np.array([0.0, -12.0, 4.0, 12.0])[near], np.where(online, 5.0, np.where(against, penalty, 0.0))
    )


def _organiser(table: Table, i: Ints, j: Ints) -> Floats:
    one, other = table.names[i], table.names[j]
    both = (one[:, 0] > 0) & (other[:, 0] > 0)
    named = _meet(one, table.words[j]) | _meet(other, table.words[i])
    return np.where(_meet(one, other), 12.0, np.where(named, 6.0, np.where(both, -6.0, 0.0)))


def _meet(one: Ints, other: Ints) -> Flags:
    answer: Flags = ((one[:, :, None] == other[:, None, :]) & (one[:, :, None] > 0)).any(axis=(1, 2))
    return answer


def _deadline(table: Table, i: Ints, j: Ints) -> Floats:
    apart = days_between_deadlines(table, i, j)
    return np.where(apart < 0, 0.0, np.where(apart <= 1, 9.0, np.where(apart <= 7, 0.0, -8.0)))


def _description(table: Table, i: Ints, j: Ints) -> Floats:
    one, other = table.shingles[i], table.shingles[j]
    told = np.flatnonzero((one[:, 0] > 0) & (other[:, 0] > 0))
    points = np.zeros(len(i))
    if len(told):
        one, other = one[told], other[told]
        # Sketches hold the smallest hashes, so both are complete up to the smaller of the two maxima.
        limit = np.minimum(one.max(axis=1), other.max(axis=1))[:, None]
        within, other_within = (one > 0) & (one <= limit), (other > 0) & (other <= limit)
        common = ((one[:, :, None] == other[:, None, :]) & within[:, :, None]).any(axis=2).sum(axis=1)
        share = common / np.maximum(1, np.minimum(within.sum(axis=1), other_within.sum(axis=1)))
        points[told] = np.where(common == 0, -2.0, np.where(share >= 0.5, 18.0, np.where(share >= 0.2, 10.0, 4.0)))
    return points


def _kind(table: Table, i: Ints, j: Ints) -> Floats:
    one, other = table.formats[i], table.formats[j]
    apart = (one > 0) & (other > 0) & ((one & other) == 0)
    # A dinner, workshop or talk at a conference names the conference as well.
    conference = format_bit("conference")
    beside = ((one & conference) > 0) & ((other & conference) > 0) & (one != other)
    within = beside & (((one & other) == one) | ((one & other) == other))
    return np.select([apart, within, beside], [-10.0, _PART_OF, -16.0], 0.0)
