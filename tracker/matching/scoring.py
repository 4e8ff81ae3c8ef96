"""Scores how likely two listings are one event, as the sum of named terms in points.

Points are roughly tenths of a decade of odds: ten points make it ten times as likely. A pair that reaches ``SAME`` and
has no veto is one event; one that reaches only ``PERHAPS`` is shown to a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.matching.application_rounds import days_between_deadlines, starts_by_deadline
from tracker.matching.columns import Flags, Floats, among, any_shared
from tracker.matching.left_behind import says_earlier_place, says_earlier_start, succeeds
from tracker.matching.pairs import Pairs
from tracker.matching.parts import are_two_parts
from tracker.matching.profiles import ModeCode, TimeKind
from tracker.matching.table import Rows
from tracker.matching.vetoes import slips
from tracker.matching.wording import compare_names
from tracker.matching.words import format_bit

SAME = 38.0
"""Minimum number of points from which two listings are one event."""
PERHAPS = 32.0
"""Minimum number of points from which a pair is shown to a person."""
APART = 14.0
"""Number of points below which two listings are joined through others only if as many pairs speak for it."""
RIVALS = 0.0
"""Number of points below which what could be either of two listings is neither."""
SAME_UNDATED = 42.0
"""Minimum number of points from which two listings are one event if one of them has no date."""
_ANOTHER_SUBJECT = -40.0
_ALMOST_EQUAL = 30.0
"""Points of titles that differ in hardly more than a typo."""
_RENAMED = -7.0
"""Minimum points of titles without a common word, if all else is the same."""
_PART_OF = -34.0
"""Points for a conference and an event that its title calls a workshop, dinner or fair of the conference."""
MOST_FROM_TITLE = 47.0
"""Maximum number of points of the title term."""
_MAIN_PROGRAMME = -2.5
"""Points for a start or end that differs because one counts only the main programme."""
_OTHER_HOSTS = -14.0
"""Points for other organisers of something with a common title."""
_OTHER_SITE = -12.0
"""Points for pages on the sites of two organisers, likewise."""
_SAME_ROOM = 20.0
"""Points for the same room at the same minute."""
_SAME_SOURCE = -22.0
"""Points for two entries of one source that differ in what, when or where: most sources list nothing twice."""
_SAME_SOURCE_ELSEWHEN = -60.0
"""The same if they start or end at different times, or have a common title and different pages."""
_SAME_PLATFORM, _SAME_PLATFORM_ALIKE = -60.0, -30.0
"""Points for two entries of a platform, as two Eventbrite ids are two events; and if they say the same."""


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


def score_pairs(pairs: Pairs) -> Scores:
    """Return the score terms of each pair."""
    return _with_names(pairs, _terms_of_facts(pairs))


def score_likely(pairs: Pairs, least: float) -> tuple[Pairs, Scores]:
    """Return the pairs that could reach ``least`` points with the best possible title term, and their scores."""
    terms = _terms_of_facts(pairs)
    likely = np.sum(list(terms.values()), axis=0) + MOST_FROM_TITLE >= least
    pairs = pairs.part(likely)
    return pairs, _with_names(pairs, {name: values[likely] for name, values in terms.items()})


def _with_names(pairs: Pairs, terms: dict[str, Floats]) -> Scores:
    title, rivals = compare_names(pairs)
    same_entry = pairs.share_entry
    two_parts = are_two_parts(pairs)
    renamed = _is_renamed(pairs) & ~two_parts
    title = np.where(renamed, np.maximum(title, _RENAMED), title)
    terms["title"] = title
    rivals = (rivals & ~renamed) | (two_parts & (title < _ALMOST_EQUAL))
    terms["subject"] = np.where(rivals & ~same_entry, _ANOTHER_SUBJECT, 0.0)
    # A page may describe several events, or a conference with all its parts: with another title, it proves little.
    says_little = ((title < -8.0) | (terms["kind"] == _PART_OF)) & ~same_entry
    terms["link"] = np.where(says_little, 0.4, 1.0) * terms["link"]
    return Scores(terms, asked_of(pairs))


def _is_renamed(pairs: Pairs) -> Flags:
    """Return whether two lists may call one event by two names: they share its page, its days and its place.

    The page of a short event may be that of an evening with several, unless it is an entry of a platform, or both begin
    at the same minute in the same room: a talk by its title, and by the series and its speaker.
    """
    answer: Flags = (pairs.same_span & pairs.share_page) | (pairs.same_days & pairs.share_entry)
    answer |= pairs.same_room & pairs.share_page
    return answer


def asked_of(pairs: Pairs) -> Floats:
    """Return the points that each pair needs."""
    undated = (pairs.one.time_kind == TimeKind.UNDATED) | (pairs.other.time_kind == TimeKind.UNDATED)
    answer: Floats = np.where(undated, SAME_UNDATED, SAME)
    return answer


def _terms_of_facts(pairs: Pairs) -> dict[str, Floats]:
    return {
        "same source": _same_source(pairs),
        "same platform": _same_platform(pairs),
        "kind": _kind(pairs),
        "site": _site(pairs),
        "link": pairs.popularity.evidence(pairs.one, pairs.other),
        "start": _start(pairs),
        "end": _end(pairs),
        "place": _place(pairs),
        "organiser": _organiser(pairs),
        "deadline": _deadline(pairs),
        "description": _description(pairs),
    }


def _same_source(pairs: Pairs) -> Floats:
    """A source rarely lists an event twice, unless an entry that it does not show any more was made anew."""
    one, other = pairs.one, pairs.other
    twice = (one.source == other.source) & (one.statement != other.statement)
    some = np.flatnonzero(twice)
    points = np.zeros(len(pairs))
    if len(some):
        part = pairs.part(some)
        by_doubt = np.where(_may_be_twice(part), _SAME_SOURCE, _SAME_SOURCE_ELSEWHEN)
        points[some] = np.where(succeeds(part) | _are_two_entries(part), 0.0, by_doubt)
    return points


def _may_be_twice(pairs: Pairs) -> Flags:
    """Return whether two entries have the same time, or one has none; if their title is a common one, also the page."""
    one, other = pairs.one, pairs.other
    undated = (one.time_kind == TimeKind.UNDATED) | (other.time_kind == TimeKind.UNDATED)
    answer: Flags = undated | (pairs.same_days & (one.start_minute == other.start_minute))
    answer &= ~one.is_generic | any_shared(one.links, other.links)
    return answer


def _are_two_entries(pairs: Pairs) -> Flags:
    answer: Flags = any_shared(pairs.one.entry_platform, pairs.other.entry_platform)
    some = np.flatnonzero(answer)
    answer[some] = ~pairs.part(some).share_entry
    return answer


def _same_platform(pairs: Pairs) -> Floats:
    """Two ids of one platform are two events, unless one entry was made anew."""
    some = np.flatnonzero(_are_two_entries(pairs))
    points = np.zeros(len(pairs))
    if len(some):
        part = pairs.part(some)
        alike = part.same_days & (part.one.start_minute == part.other.start_minute)
        alike &= part.same_title | any_shared(part.one.organizers, part.other.organizers)
        points[some] = np.where(succeeds(part), 0.0, np.where(alike, _SAME_PLATFORM_ALIKE, _SAME_PLATFORM))
    return points


def _site(pairs: Pairs) -> Floats:
    """Something with a common title is another event if its page is on another organiser's site."""
    one, other = (pairs.popularity.sites[each.rows] for each in (pairs.one, pairs.other))
    is_other = (one > 0) & (other > 0) & (one != other) & pairs.one.is_generic & pairs.other.is_generic
    return np.where(is_other, _OTHER_SITE, 0.0)


def _start(pairs: Pairs) -> Floats:
    one, other = pairs.one, pairs.other
    minutes = np.abs(one.start_minute - other.start_minute)
    instants = (one.time_kind == TimeKind.INSTANT) & (other.time_kind == TimeKind.INSTANT)
    instants &= (one.is_long == other.is_long) | (minutes == 0)
    by_instant = np.select([minutes == 0, minutes <= 15, minutes <= 30, minutes <= 60], [14.0, 8.0, 5.0, -3.0], -9.0)
    by_day = np.select([pairs.days_apart == 0, pairs.days_apart == 1], [8.0, -6.0], -8.0)
    spanned = (one.time_kind == TimeKind.SPAN) | (other.time_kind == TimeKind.SPAN)
    undated = (one.time_kind == TimeKind.UNDATED) | (other.time_kind == TimeKind.UNDATED)
    by_instant = np.where(slips(pairs), np.maximum(by_instant, -3.0), by_instant)
    by_day = np.where(pairs.contained, np.maximum(by_day, _MAIN_PROGRAMME), by_day)
    points = np.where(undated, 0.0, np.where(spanned, 2.0, np.where(instants, by_instant, by_day)))
    points = np.where(starts_by_deadline(pairs), np.maximum(points, 0.0), points)
    return np.where(says_earlier_start(pairs), np.maximum(points, 8.0), points)


def _end(pairs: Pairs) -> Floats:
    one, other = pairs.one, pairs.other
    both = one.end_is_stated & other.end_is_stated
    instants = both & (one.end_minute >= 0) & (other.end_minute >= 0)
    minutes = np.abs(one.end_minute - other.end_minute)
    by_instant = np.where(minutes <= 1, 5.0, np.where(minutes <= 60, 1.0, -3.0))
    days = np.abs(one.last_day - other.last_day)
    by_day = np.where(days == 0, 4.0, np.where(days <= 1, 1.0, -np.minimum(12.0, 2.0 + days)))
    by_day = np.where(pairs.contained, np.maximum(by_day, _MAIN_PROGRAMME), by_day)
    # One lasts for days, the other is a short event that may be a part of it.
    within = (_lasts(one) & _is_brief(other)) | (_lasts(other) & _is_brief(one))
    within &= ~pairs.same_days  # in UTC an evening may last two days
    # Of a programme, one list may give the first session only.
    first_session = (one.is_training | other.is_training) & (pairs.days_apart == 0)
    by_length = np.where(first_session, 0.0, np.where(both, -40.0, -5.0))
    answer = np.where(
        within & pairs.dated, by_length, np.where(instants, by_instant, np.where(both & pairs.dated, by_day, 0.0))
    )
    return np.where(says_earlier_start(pairs), np.maximum(answer, 0.0), answer)


def _lasts(rows: Rows) -> Flags:
    answer: Flags = rows.is_long & rows.end_is_stated
    return answer


def _is_brief(rows: Rows) -> Flags:
    answer: Flags = (rows.time_kind == TimeKind.INSTANT) & ~rows.is_long
    return answer


def _place(pairs: Pairs) -> Floats:
    one, other = pairs.one, pairs.other
    online = (one.mode == ModeCode.ONLINE) & (other.mode == ModeCode.ONLINE) & ~pairs.placed
    # One is online without a place, the other has a place; a hybrid event contradicts neither.
    against = _is_elsewhere(one, other) | _is_elsewhere(other, one)
    unknown = (one.mode == ModeCode.UNKNOWN) | (other.mode == ModeCode.UNKNOWN)
    penalty = np.where(one.has_nodes | other.has_nodes, -30.0, np.where(unknown, -8.0, -14.0))
    by_nearness = np.array([-12.0, -12.0, 4.0, 12.0])[pairs.nearness]
    by_nearness = np.where(says_earlier_place(pairs), np.maximum(by_nearness, 0.0), by_nearness)
    by_nearness = np.where(pairs.same_room, np.maximum(by_nearness, _SAME_ROOM), by_nearness)
    return np.where(pairs.placed | pairs.same_room, by_nearness, np.where(online, 5.0, np.where(against, penalty, 0.0)))


def _is_elsewhere(online: Rows, other: Rows) -> Flags:
    answer: Flags = (online.mode == ModeCode.ONLINE) & (online.place_count == 0)
    answer &= (other.mode != ModeCode.HYBRID) & (other.place_count > 0) & ~other.is_guess[:, 0]
    return answer


def _organiser(pairs: Pairs) -> Floats:
    one, other = pairs.one, pairs.other
    both = (one.organizers[:, 0] > 0) & (other.organizers[:, 0] > 0)
    named = any_shared(one.organizers, other.words) | any_shared(other.organizers, one.words)
    # "AI Safety Social" of two groups in one city; events with a name of their own often have several hosts.
    others = np.where(one.is_generic & other.is_generic, _OTHER_HOSTS, -6.0)
    return np.where(
        any_shared(one.organizers, other.organizers), 12.0, np.where(named, 6.0, np.where(both, others, 0.0))
    )


def _deadline(pairs: Pairs) -> Floats:
    apart = days_between_deadlines(pairs)
    return np.where(apart < 0, 0.0, np.where(apart <= 1, 9.0, np.where(apart <= 7, 0.0, -8.0)))


def _description(pairs: Pairs) -> Floats:
    one, other = pairs.one.shingles, pairs.other.shingles
    told = np.flatnonzero((one[:, 0] > 0) & (other[:, 0] > 0))
    points = np.zeros(len(pairs))
    if len(told):
        one, other = one[told], other[told]
        # Sketches hold the smallest hashes, so both are complete up to the smaller of the two maxima.
        limit = np.minimum(one.max(axis=1), other.max(axis=1))[:, None]
        within, other_within = (one > 0) & (one <= limit), (other > 0) & (other <= limit)
        common = (among(one, other) & within).sum(axis=1)
        share = common / np.maximum(1, np.minimum(within.sum(axis=1), other_within.sum(axis=1)))
        points[told] = np.where(common == 0, -2.0, np.where(share >= 0.5, 18.0, np.where(share >= 0.2, 10.0, 4.0)))
    return points


def _kind(pairs: Pairs) -> Floats:
    one, other = pairs.one.formats, pairs.other.formats
    apart = (one > 0) & (other > 0) & ((one & other) == 0)
    # A dinner, workshop or talk at a conference names the conference as well.
    conference = format_bit("conference")
    beside = ((one & conference) > 0) & ((other & conference) > 0) & (one != other)
    within = beside & (((one & other) == one) | ((one & other) == other))
    return np.select([apart, within, beside], [-10.0, _PART_OF, -16.0], 0.0)
