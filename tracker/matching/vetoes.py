"""Vetoes: conditions that make two listings different events whatever their score, evaluated per pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np

from tracker.matching.application_rounds import differs_in_deadline, starts_by_deadline
from tracker.matching.columns import Codes, Flags, Ints, among, any_shared, looked_up
from tracker.matching.edition_dates import contradicts_edition
from tracker.matching.left_behind import says_earlier_place, says_earlier_start
from tracker.matching.pairs import FURTHEST_OVERLAP, Pairs
from tracker.matching.parts import is_part, names_part, stands_beside
from tracker.matching.profiles import ModeCode, TimeKind
from tracker.matching.table import Rows
from tracker.matching.words import node_codes, programme_codes, programme_formats, subject_codes

SAME_START = 120
"""Maximum minutes between two starts of one event: one may be the admission, the other the first talk."""


def differs_in_time(pairs: Pairs) -> Flags:
    """Return whether starts are over two hours apart, days over one day apart, or a day outside the other's month.

    A clock time and a day may be one day apart, because a day is often that of UTC. Tolerated are: the wrong day at the
    right minute; local time that was taken for UTC; days that overlap ("25–29 May" with tutorials, "27–29 May"); the
    last day to apply as the date; and an old start that the other listing, or their common entry on a platform, has
    left behind.
    """
    one, other = pairs.one, pairs.other
    instants = (one.time_kind == TimeKind.INSTANT) & (other.time_kind == TimeKind.INSTANT)
    both_short = instants & ~one.is_long & ~other.is_long
    late = np.abs(one.start_minute - other.start_minute) > SAME_START
    by_minute = both_short & late & ~slips(pairs)
    by_day = pairs.dated & ~both_short & (pairs.days_apart > 1) & ~pairs.overlap
    by_span = _is_before(one, other) | _is_before(other, one)
    answer: Flags = by_minute | by_day | by_span
    some = pairs.part(answer)
    answer[answer] = ~says_earlier_start(some) & ~_is_stale(some) & ~starts_by_deadline(some) & ~_has_moved(some)
    return answer


_FURTHEST_MOVE = 70
"""Maximum number of days by which a copy with the old date is known from its page alone."""


def _has_moved(pairs: Pairs) -> Flags:
    """Return whether one is marked as moved, and both have a page that no source has for anything else."""
    answer: Flags = pairs.one.says_moved != pairs.other.says_moved
    answer &= pairs.days_apart <= _FURTHEST_MOVE
    some = np.flatnonzero(answer)
    answer[some] = pairs.part(some).share_own_page
    return answer


def _is_before(one: Rows, other: Rows) -> Flags:
    """Return whether one starts before the span that contains the start of the other, such as a month.

    The evening before may be the first day of the month in UTC.
    """
    last = np.where(one.time_kind == TimeKind.SPAN, one.last_day, one.first_day + 1)
    answer: Flags = (other.time_kind == TimeKind.SPAN) & (one.time_kind > TimeKind.UNDATED) & (last < other.first_day)
    answer |= (one.time_kind == TimeKind.SPAN) & (other.time_kind > TimeKind.UNDATED) & (one.last_day < other.first_day)
    return answer


def slips(pairs: Pairs) -> Flags:
    """Return whether two instants differ by exactly a day or by the UTC offset of either, which are usual mistakes.

    Not if the organiser has a page for each: these are two dates of a series.
    """
    minutes = np.abs(pairs.one.start_minute - pairs.other.start_minute)
    offsets = (np.abs(pairs.one.utc_offset), np.abs(pairs.other.utc_offset))
    answer: Flags = (minutes > 0) & ((minutes == 24 * 60) | (minutes == offsets[0]) | (minutes == offsets[1]))
    return answer & ~pairs.have_two_pages


def _is_stale(pairs: Pairs) -> Flags:
    """Return whether both name one platform entry whose link no source has twice: then one of the dates is stale."""
    answer = pairs.share_entry
    some = np.flatnonzero(answer)
    one, other = pairs.one.links[some], pairs.other.links[some]
    for column in range(one.shape[1]):
        shared = (one[:, column] > 0) & (one[:, column, None] == other).any(axis=1)
        answer[some[shared]] &= pairs.popularity.has_once(one[shared, column])
    return answer


def differs_in_place(pairs: Pairs) -> Flags:
    """Return whether both have places, and no place of one can be a place of the other.

    Tolerated is one wrong place: the same title and days, and a page that leads to no other event of that day.
    """
    answer: Flags = pairs.placed & (pairs.nearness == 0)
    some = pairs.part(answer)
    mistaken = some.same_title & some.one.is_telling & some.same_days & some.share_page
    mistaken &= some.one.is_long | (some.one.time_kind == TimeKind.DAY)
    mistaken &= ~some.one.has_nodes & ~some.other.has_nodes & any_shared(some.one.country, some.other.country)
    answer[answer] = ~says_earlier_place(some) & ~mistaken
    return answer


def differs_in_edition(pairs: Pairs) -> Flags:
    """Return whether session, cohort, round, number or version differ: "4/7" and "5/7", "AISC 10" and "AISC 11"."""
    one, other = pairs.one, pairs.other
    by_session = (one.session > 0) & (other.session > 0) & (one.session != other.session)
    numbered, other_numbered = one.numbers[:, 0] > 0, other.numbers[:, 0] > 0
    by_number = numbered & other_numbered & ~any_shared(one.numbers, other.numbers)
    answer: Flags = by_session | by_number | _is_other_number(one, other) | _is_other_number(other, one)
    return answer


def _is_other_number(one: Rows, other: Rows) -> Flags:
    """Return whether one has a number, the other a session, and these differ: "#5" and "Session 4"."""
    numbered, other_numbered = one.numbers[:, 0] > 0, other.numbers[:, 0] > 0
    answer: Flags = numbered & ~other_numbered & (other.session > 0) & (one.session == 0)
    answer &= ~any_shared(one.numbers, other.session[:, None] * 100)
    return answer


def differs_in_variant(pairs: Pairs) -> Flags:
    """Return whether one is online, the other in person, or one part-time, the other full-time.

    Both titles must say so; for courses and hackathons, one title with "online" and an in-person place are enough.
    """
    one, other = pairs.one, pairs.other
    answer: Flags = (one.setting > 0) & (other.setting > 0) & (one.setting != other.setting)
    answer |= (one.pace > 0) & (other.pace > 0) & (one.pace != other.pace)
    programmes = one.is_training | other.is_training | one.has_nodes | other.has_nodes
    answer |= programmes & (_is_online_twin(one, other) | _is_online_twin(other, one))
    return answer


def _is_online_twin(one: Rows, other: Rows) -> Flags:
    """Return whether the title of one says "online", and the other is in person at a place."""
    answer: Flags = (one.setting == 1) & (other.setting == 0) & (one.place_count == 0)
    answer &= (other.mode == ModeCode.IN_PERSON) & (other.place_count > 0)
    return answer


def differs_in_year(pairs: Pairs) -> Flags:
    """Return whether the titles name different years, seasons, quarters or months.

    Another year in the title of something on the very same days is a slip of the pen.
    """
    one, other = pairs.one, pairs.other
    by_year = (one.years[:, 0] > 0) & (other.years[:, 0] > 0) & ~any_shared(one.years, other.years)
    part, other_part = one.part_of_year, other.part_of_year
    by_part = (part > 0) & (other_part > 0) & (part // 10 == other_part // 10) & (part != other_part)
    by_month = (one.month > 0) & (other.month > 0) & (one.month != other.month)
    answer: Flags = (by_year & ~pairs.same_days) | by_part | by_month
    return answer


def differs_as_evergreen(pairs: Pairs) -> Flags:
    """Return whether one is an evergreen entry, and the other one of its dated rounds."""
    one, other = pairs.one, pairs.other
    answer: Flags = (one.is_recurring & _is_round(other)) | (other.is_recurring & _is_round(one))
    return answer


def _is_round(rows: Rows) -> Flags:
    answer: Flags = ~rows.is_recurring & ((rows.time_kind != TimeKind.UNDATED) | (rows.deadlines[:, 0] > 0))
    return answer


def differs_in_mode(pairs: Pairs) -> Flags:
    """Return whether one is the online part of a hackathon, without a place, the other an in-person node at a place.

    So it is if only one title says that it is a node, unless both are at the same place.
    A hybrid listing, or one of unknown mode without a certain place, is separated from neither.
    """
    one, other = pairs.one, pairs.other
    answer: Flags = _is_node_of(one, other) | _is_node_of(other, one)
    says_node, other_says = (np.isin(each.words, node_codes()).any(axis=1) for each in (one, other))
    answer |= (says_node != other_says) & ~(pairs.placed & (pairs.nearness > 1))
    return answer & (one.has_nodes | other.has_nodes)


def _is_node_of(online: Rows, node: Rows) -> Flags:
    is_certain = (node.place_count > 0) & ~node.is_wide[:, 0] & ~node.is_guess[:, 0]
    answer: Flags = (online.mode == ModeCode.ONLINE) & (online.place_count == 0)
    answer &= (node.mode == ModeCode.IN_PERSON) | (is_certain & (node.mode == ModeCode.UNKNOWN))
    return answer


def differs_in_programme(pairs: Pairs) -> Flags:
    """Return whether they are programmes of two kinds: an Intensive and a Fellowship of one organiser and start.

    Words of both titles say nothing: "Warsaw School of Policy Intensive" is no "Warsaw School of Policy Research Lab".
    """
    one, other = pairs.one.formats & programme_formats(), pairs.other.formats & programme_formats()
    answer: Flags = (one > 0) & (other > 0)
    some = np.flatnonzero(answer & (one != other))
    words, other_words = pairs.one.words[some], pairs.other.words[some]
    own, other_own = _programmes(_only_in(words, other_words)), _programmes(_only_in(other_words, words))
    answer &= (one & other) == 0
    answer[some] |= (own > 0) & (other_own > 0) & ((own & other_own) == 0)
    return answer


def _only_in(words: Codes, others: Codes) -> Codes:
    """Return the words that the other title lacks, the rest as 0."""
    return np.where(among(words, others), 0, words)


def _programmes(words: Codes) -> Ints:
    """Return the bits of the kinds of programme that the words of each row name."""
    answer: Ints = np.bitwise_or.reduce(looked_up(words, *programme_codes()), axis=1)
    return answer


def differs_in_track(pairs: Pairs) -> Flags:
    """Return whether they are two tracks of one programme: "– Policy Track" and "– Technical Track".

    A title that also names the track of the other is not separated from it.
    """
    one, other = pairs.one, pairs.other
    answer: Flags = (one.formats & other.formats & programme_formats()) > 0
    answer &= (one.tracks[:, 0] > 0) & (other.tracks[:, 0] > 0)
    answer &= ~any_shared(one.tracks, other.words) & ~any_shared(other.tracks, one.words)
    programmes = [each.is_training | ((each.formats & programme_formats()) > 0) for each in (one, other)]
    # In a title, "school" may be the place of a talk; so of one alone the source has to say that it is a course.
    are_programmes = (programmes[0] & programmes[1]) | one.is_training | other.is_training
    some = np.flatnonzero(are_programmes & ~answer)
    words, other_words = one.words[some], other.words[some]
    # "Alignment Course" and "Governance Course" are two.
    own = looked_up(_only_in(words, other_words), *subject_codes())
    other_own = looked_up(_only_in(other_words, words), *subject_codes())
    answer[some] = (own > 0).any(axis=1) & (other_own > 0).any(axis=1) & ~any_shared(own, other_own)
    return answer


Veto: TypeAlias = Callable[[Pairs], Flags]
VETOES: Mapping[str, Veto] = {
    "another time": differs_in_time,
    "another place": differs_in_place,
    "online and in person": differs_in_mode,
    "another kind of programme": differs_in_programme,
    "another track": differs_in_track,
    "beside it": stands_beside,
    "a part of it": is_part,
    "another edition": differs_in_edition,
    "another variant": differs_in_variant,
    "another year or season": differs_in_year,
    "dates of another edition": contradicts_edition,
    "deadlines of two rounds": differs_in_deadline,
    "evergreen and dated": differs_as_evergreen,
}
"""Vetoes by name; those that decide the most pairs come first."""


_PART = [veto for veto in VETOES.values() if veto not in (differs_in_time, is_part, stands_beside, differs_in_edition)]
_WITHOUT_TIME = [veto for veto in VETOES.values() if veto is not differs_in_time]


def vetoed(pairs: Pairs, vetoes: Iterable[Veto] = VETOES.values()) -> Flags:
    """Return for each pair whether any veto applies."""
    answer: Flags = np.zeros(len(pairs), dtype=np.bool_)
    left = np.arange(len(pairs))
    for veto in vetoes:
        hit = veto(pairs)
        answer[left[hit]] = True
        left, pairs = left[~hit], pairs.part(~hit)
    return answer


def is_doubtful_veto(pairs: Pairs) -> Flags:
    """Return for each vetoed pair whether it is so only for days that are near each other: one may be mistaken.

    That is never said of courses and of short events, which take place in series.
    """
    one, other = pairs.one, pairs.other
    answer: Flags = pairs.dated & (pairs.days_apart <= FURTHEST_OVERLAP) & (one.is_long | other.is_long)
    for each in (one, other):
        answer &= ~each.is_training & (each.is_long | (each.time_kind == TimeKind.DAY))
    answer[answer] = ~vetoed(pairs.part(answer), _WITHOUT_TIME)
    return answer


def find_parts(pairs: Pairs) -> tuple[Flags, Flags]:
    """Return whether one is a part of the other, and the other of the one, on its days and at its place."""
    found = []
    for part, whole in ((pairs.one, pairs.other), (pairs.other, pairs.one)):
        answer: Flags = names_part(part, whole) & pairs.dated & (~pairs.placed | (pairs.nearness > 0))
        answer &= (part.first_day >= whole.first_day - FURTHEST_OVERLAP) & (part.first_day <= whole.last_day + 1)
        answer &= whole.is_long | (pairs.days_apart > 0)
        answer[answer] = ~vetoed(pairs.part(answer), _PART)
        found.append(answer)
    return found[0], found[1]
