"""Vetoes: conditions that make two listings different events whatever their score, evaluated per pair of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from tracker.matching.application_rounds import differs_in_deadline
from tracker.matching.left_behind import says_earlier_place, says_earlier_start, succeeds
from tracker.matching.popularity import Popularity
from tracker.matching.table import Flags, Floats, Ints, Table
from tracker.matching.words import beside_codes, programme_formats

SAME_START = 120
"""Maximum minutes between two starts of one event: one may be the admission, the other the first talk."""
SAME_CITY = 40.0
"""Maximum kilometres within one area: Berkeley and San Francisco are one area, Oxford and London are not."""
SAME_REGION = 150.0
"""Maximum kilometres from the centre of a region, such as the Bay Area."""


def differs_in_time(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether starts are over two hours apart, days over one day apart, or a day outside the other's month.

    A clock time and a day may be one day apart, because a day is often that of UTC. Two mistakes are tolerated: the
    wrong day at the right minute, and local time that was taken for UTC.
    """
    one, other = table.times[i], table.times[j]
    kind, other_kind = one[:, 0], other[:, 0]
    dated = (kind > 0) & (other_kind > 0)
    both_short = (kind == 1) & (other_kind == 1) & ~((one[:, 6] == 1) & (other[:, 6] == 1))
    by_minute = both_short & (np.abs(one[:, 1] - other[:, 1]) > SAME_START) & ~slips(table, i, j)
    spanned = (kind == 3) | (other_kind == 3)
    by_day = ~spanned & ~both_short & (np.abs(one[:, 2] - other[:, 2]) > 1)
    last = np.where(kind == 3, one[:, 3], one[:, 2])
    other_last = np.where(other_kind == 3, other[:, 3], other[:, 2])
    by_span = spanned & ((one[:, 2] > other_last) | (other[:, 2] > last))
    answer: Flags = dated & (by_minute | by_day | by_span)
    answer[answer] = ~says_earlier_start(table, i[answer], j[answer])
    return answer


def slips(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether two instants differ by exactly a day or by the UTC offset of either, which are usual mistakes."""
    one, other = table.times[i], table.times[j]
    minutes = np.abs(one[:, 1] - other[:, 1])
    answer: Flags = (minutes > 0) & (
        (minutes == 24 * 60) | (minutes == np.abs(one[:, 7])) | (minutes == np.abs(other[:, 7]))
    )
    return answer


def differs_in_place(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether both have places, and no place of one can be a place of the other."""
    both, near = compare_places(table, i, j)
    answer: Flags = both & (near == 0) & ~says_earlier_place(table, i, j)
    return answer


def compare_places(table: Table, i: Ints, j: Ints) -> tuple[Flags, Ints]:
    """Return whether both have places, and how near the nearest two are.

    0 means elsewhere, 1 elsewhere but one is a guess, 2 perhaps the same place, 3 the same city.
    """
    near = np.zeros(len(i), dtype=np.int64)
    spots = table.spots
    count = table.spot_count
    for a in range(int(count.max(initial=0))):
        for b in range(int(count.max(initial=0))):
            here = np.flatnonzero((count[i] > a) & (count[j] > b) & (near < 3))
            if len(here):
                near[here] = np.maximum(near[here], _nearness(spots[i[here], a], spots[j[here], b]))
    both: Flags = (count[i] > 0) & (count[j] > 0)
    return both, near


def _nearness(one: Floats, other: Floats) -> Ints:
    north = (one[:, 0] - other[:, 0]) * 111.2
    east = (one[:, 1] - other[:, 1]) * 111.3 * np.cos(np.radians(one[:, 0]))
    distance = np.hypot(north, east)
    measured = ~np.isnan(distance)
    wide = (one[:, 4] == 1) | (other[:, 4] == 1)
    guessed = (one[:, 4] == 2) | (other[:, 4] == 2)
    named = (one[:, 2] > 0) & (other[:, 2] > 0)
    same_name = named & (one[:, 2] == other[:, 2])
    same_country = (one[:, 3] == other[:, 3]) | (one[:, 3] == 0) | (other[:, 3] == 0)
    by_distance = np.where(distance <= SAME_CITY, 3, np.where(wide & (distance <= SAME_REGION), 2, 0))
    by_name = np.where(same_country, np.where(named, np.where(same_name, 3, np.where(wide, 2, 0)), 2), 0)
    near = np.where(measured, np.where(same_name & same_country, 3, by_distance), by_name)
    answer: Ints = np.where((near == 0) & guessed, 1, near)
    return answer


def differs_in_edition(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether session, cohort, round, number or version differ: "4/7" and "5/7", "AISC 10" and "AISC 11"."""
    session, other_session = table.editions[i, 0], table.editions[j, 0]
    numbers, other_numbers = table.numbers[i], table.numbers[j]
    by_session = (session > 0) & (other_session > 0) & (session != other_session)
    numbered, other_numbered = numbers[:, 0] > 0, other_numbers[:, 0] > 0
    by_number = numbered & other_numbered & ~_share(numbers, other_numbers)
    # One has a number, the other a session: "#5" and "Session 4".
    crossed = (
        numbered
        & ~other_numbered
        & (other_session > 0)
        & (session == 0)
        & ~_share(numbers, other_session[:, None] * 100)
    ) | (
        other_numbered
        & ~numbered
        & (session > 0)
        & (other_session == 0)
        & ~_share(other_numbers, session[:, None] * 100)
    )
    answer: Flags = by_session | by_number | crossed
    return answer


def differs_in_variant(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether one is online, the other in person, or one part-time, the other full-time.

    Both titles must say so; for courses and hackathons, one title with "online" and an in-person place are enough.
    """
    one, other = table.editions[i], table.editions[j]
    answer: Flags = np.zeros(len(i), dtype=np.bool_)
    for column in (3, 4):
        answer |= (one[:, column] > 0) & (other[:, column] > 0) & (one[:, column] != other[:, column])
    programmes = table.is_training[i] | table.is_training[j] | table.has_nodes[i] | table.has_nodes[j]
    here, there = table.spot_count[i] > 0, table.spot_count[j] > 0
    answer |= programmes & (one[:, 3] == 1) & (other[:, 3] == 0) & (table.mode[j] == 2) & there & ~here
    answer |= programmes & (other[:, 3] == 1) & (one[:, 3] == 0) & (table.mode[i] == 2) & here & ~there
    return answer


def differs_in_year(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether the titles name different years, seasons, quarters or months."""
    years, other_years = table.years[i], table.years[j]
    by_year = (years[:, 0] > 0) & (other_years[:, 0] > 0) & ~_share(years, other_years)
    part, other_part = table.editions[i, 1], table.editions[j, 1]
    by_part = (part > 0) & (other_part > 0) & (part // 10 == other_part // 10) & (part != other_part)
    month, other_month = table.editions[i, 2], table.editions[j, 2]
    by_month = (month > 0) & (other_month > 0) & (month != other_month)
    answer: Flags = by_year | by_part | by_month
    return answer


def differs_as_entry(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether they are two entries of a platform that lists nothing twice: two Eventbrite ids are two events."""
    one, other = table.entries[i], table.entries[j]
    same_platform = (one[:, :, None, 0] == other[:, None, :, 0]) & (one[:, :, None, 0] > 0)
    same_id = same_platform & (one[:, :, None, 1] == other[:, None, :, 1])
    answer: Flags = same_platform.any(axis=(1, 2)) & ~same_id.any(axis=(1, 2))
    answer &= ~succeeds(table, i, j)
    return answer


def share_entry(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether both name the same entry of a platform that lists nothing twice."""
    one, other = table.entries[i], table.entries[j]
    answer: Flags = ((one[:, :, None] == other[:, None, :]).all(axis=3) & (one[:, :, None, 0] > 0)).any(axis=(1, 2))
    return answer


def differs_in_source_entry(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether they are two entries of one source that differ in what, when or where: it lists nothing twice.

    An entry that the source does not show any more may have been made anew as another.
    """
    answer: Flags = (table.source[i] == table.source[j]) & (table.statement[i] != table.statement[j])
    answer &= ~succeeds(table, i, j)
    return answer


def differs_as_evergreen(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether only one is an evergreen entry, which is none of its dated rounds."""
    answer: Flags = table.is_recurring[i] != table.is_recurring[j]
    return answer


def differs_in_mode(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether one is the online part of a hackathon, without a place, the other an in-person node at a place.

    A hybrid listing, or one of unknown mode without a certain place, is separated from neither.
    """
    one, other = table.mode[i], table.mode[j]
    here, there = table.spot_count[i] > 0, table.spot_count[j] > 0
    noded = table.has_nodes[i] | table.has_nodes[j]
    sure, other_sure = here & (table.spots[i, 0, 4] == 0), there & (table.spots[j, 0, 4] == 0)
    placed, other_placed = (one == 2) & here | (one == 0) & sure, (other == 2) & there | (other == 0) & other_sure
    answer: Flags = noded & (((one == 1) & ~here & other_placed) | ((other == 1) & ~there & placed))
    return answer


def differs_in_programme(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether they are programmes of two kinds: an Intensive and a Fellowship of one organiser and start."""
    one, other = table.formats[i] & programme_formats(), table.formats[j] & programme_formats()
    answer: Flags = (one > 0) & (other > 0) & ((one & other) == 0)
    return answer


def differs_in_track(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether they are two tracks of one programme: "– Policy Track" and "– Technical Track".

    A title that also names the track of the other is not separated from it.
    """
    one, other = table.tracks[i], table.tracks[j]
    programmes = (table.formats[i] & table.formats[j] & programme_formats()) > 0
    both = programmes & (one[:, 0] > 0) & (other[:, 0] > 0)
    answer: Flags = both & ~_share(one, table.words[j]) & ~_share(other, table.words[i])
    return answer


def stands_beside(table: Table, i: Ints, j: Ints) -> Flags:
    """Return whether only one is a side event: the afterparty, reception or satellite of something."""
    one, other = (np.isin(table.words[rows], beside_codes()).any(axis=1) for rows in (i, j))
    answer: Flags = one != other
    return answer


def _share(one: Ints, other: Ints) -> Flags:
    answer: Flags = ((one[:, :, None] == other[:, None, :]) & (one[:, :, None] > 0)).any(axis=(1, 2))
    return answer


Veto: TypeAlias = Callable[[Table, Ints, Ints], Flags]
VETOES: Mapping[str, Veto] = {
    "two entries of one source": differs_in_source_entry,
    "another time": differs_in_time,
    "another place": differs_in_place,
    "online and in person": differs_in_mode,
    "another kind of programme": differs_in_programme,
    "another track": differs_in_track,
    "beside it": stands_beside,
    "another edition": differs_in_edition,
    "another variant": differs_in_variant,
    "another year or season": differs_in_year,
    "another entry of the same platform": differs_as_entry,
    "deadlines of two rounds": differs_in_deadline,
    "evergreen and dated": differs_as_evergreen,
}
"""Vetoes by name; those that decide the most pairs come first."""


def moved(table: Table, popularity: Popularity, i: Ints, j: Ints) -> Flags:
    """Return whether both name one platform entry whose link no source has twice: then one of the dates is stale."""
    answer = share_entry(table, i, j)
    some = np.flatnonzero(answer)
    one, other = table.links[i[some]], table.links[j[some]]
    for column in range(one.shape[1]):
        shared = (one[:, column] > 0) & (one[:, column, None] == other).any(axis=1)
        answer[some[shared]] &= popularity.has_once(one[shared, column])
    return answer


def stands(veto: Veto, table: Table, popularity: Popularity, i: Ints, j: Ints) -> Flags:
    """Return for each pair whether a veto applies; that of time does not apply if one of the dates is stale."""
    hit = veto(table, i, j)
    if veto is differs_in_time and hit.any():
        hit[hit] = ~moved(table, popularity, i[hit], j[hit])
    return hit


def vetoed(table: Table, popularity: Popularity, i: Ints, j: Ints) -> Flags:
    """Return for each pair whether any veto applies."""
    answer: Flags = np.zeros(len(i), dtype=np.bool_)
    open_pairs = np.arange(len(i))
    for veto in VETOES.values():
        one, other = i[open_pairs], j[open_pairs]
        hit = stands(veto, table, popularity, one, other)
        answer[open_pairs[hit]] = True
        open_pairs = open_pairs[~hit]
    return answer
