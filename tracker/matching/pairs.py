"""Pairs of listings that are compared, with what several rules ask of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from tracker.matching.columns import Flags, Floats, Ints
from tracker.matching.popularity import Popularity
from tracker.matching.profiles import ModeCode, TimeKind
from tracker.matching.table import Rows, Table

SAME_CITY = 40.0
"""Maximum kilometres within one area: Berkeley and San Francisco are one area, Oxford and London are not."""
_NEXT_TOWN = 60.0
"""Maximum kilometres between a suburb and the city that it is called after; hackathons may have a node in each."""
SAME_REGION = 300.0
"""Maximum kilometres from the centre of a region, such as the Bay Area or California."""
_LONGEST_OVERLAP = 21
"""Maximum number of days of two events whose days are compared by overlap: longer ones are courses and seasons."""
FURTHEST_OVERLAP = 6
"""Maximum number of days between the starts of such events: tutorials take place up to five days before."""


class Pairs:
    """Pairs of rows of a table: ``one`` and ``other`` side by side."""

    def __init__(self, table: Table, popularity: Popularity, i: Ints, j: Ints) -> None:
        self.table = table
        self.popularity = popularity
        self.one = Rows(table, i)
        self.other = Rows(table, j)

    def __len__(self) -> int:
        return len(self.one)

    def part(self, chosen: Ints | Flags) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.table, self.popularity, self.one.rows[chosen], self.other.rows[chosen])

    @cached_property
    def dated(self) -> Flags:
        """Whether both have a day or an instant."""
        exact = [(each.time_kind == TimeKind.INSTANT) | (each.time_kind == TimeKind.DAY) for each in self._both]
        answer: Flags = exact[0] & exact[1]
        return answer

    @cached_property
    def days_apart(self) -> Ints:
        """Days between the first days."""
        answer: Ints = np.abs(self.one.first_day - self.other.first_day)
        return answer

    @cached_property
    def overlap(self) -> Flags:
        """Whether both take place on at least one common day, and one of them on several: one may count tutorials.

        Courses are left out, whose cohorts may overlap and be two events; and so are short events at a clock time.
        """
        one, other = self.one, self.other
        answer: Flags = self.dated & (one.first_day <= other.last_day) & (other.first_day <= one.last_day)
        answer &= (one.is_long | other.is_long) & (self.days_apart <= FURTHEST_OVERLAP)
        for each in self._both:
            answer &= ~each.is_training & (each.last_day - each.first_day < _LONGEST_OVERLAP)
            answer &= each.is_long | (each.time_kind == TimeKind.DAY)
        return answer

    @cached_property
    def contained(self) -> Flags:
        """Whether the days of one are among those of the other, see ``overlap``: it counts the main programme only."""
        one, other = self.one, self.other
        inside = (one.first_day >= other.first_day) & (one.last_day <= other.last_day)
        around = (one.first_day <= other.first_day) & (one.last_day >= other.last_day)
        answer: Flags = self.overlap & (inside | around) & one.is_long & other.is_long
        return answer

    @cached_property
    def same_days(self) -> Flags:
        """Whether both start on the same day and, as far as both say, end on the same day."""
        one, other = self.one, self.other
        end = ~(one.end_is_stated & other.end_is_stated) | (one.last_day == other.last_day)
        answer: Flags = self.dated & (self.days_apart == 0) & end
        return answer

    @cached_property
    def same_span(self) -> Flags:
        """Whether both say that it lasts the same several days at the same place, or online."""
        one, other = self.one, self.other
        online = (one.mode == ModeCode.ONLINE) & (other.mode == ModeCode.ONLINE) & ~self.placed
        answer: Flags = self.same_days & one.end_is_stated & other.end_is_stated & one.is_long & other.is_long
        answer &= (self.nearness == 3) | online
        for each in self._both:
            answer &= ~each.is_training & ~each.has_nodes
        return answer

    @cached_property
    def placed(self) -> Flags:
        """Whether both have places."""
        answer: Flags = (self.one.place_count > 0) & (self.other.place_count > 0)
        return answer

    @cached_property
    def nearness(self) -> Ints:
        """How near the nearest two places are.

        0 elsewhere; 1 elsewhere, but one is a guess, misspelled or a suburb; 2 perhaps the same; 3 the same.
        """
        near = np.zeros(len(self), dtype=np.int64)
        counts = [each.place_count for each in self._both]
        for a in range(int(counts[0].max(initial=0))):
            for b in range(int(counts[1].max(initial=0))):
                here = np.flatnonzero((counts[0] > a) & (counts[1] > b) & (near < 3))
                if len(here):
                    near[here] = np.maximum(near[here], _nearness(self.one, self.other, here, a, b))
        return near

    @cached_property
    def share_page(self) -> Flags:
        """Whether they share a link that no source has twice on one day: it leads to one event of that day."""
        return self._share_link(self.popularity.is_once_a_day)

    @cached_property
    def share_own_page(self) -> Flags:
        """Whether they share a link that no source has in two listings."""
        return self._share_link(self.popularity.has_once)

    def _share_link(self, is_telling: Callable[[Ints], Flags]) -> Flags:
        answer: Flags = np.zeros(len(self), dtype=np.bool_)
        for column in range(self.one.links.shape[1]):
            link = self.one.links[:, column]
            hit = np.flatnonzero((link > 0) & (link[:, None] == self.other.links).any(axis=1))
            answer[hit] |= is_telling(link[hit])
        return answer

    @cached_property
    def same_room(self) -> Flags:
        """Whether both begin at the same minute in the same room, or house of a street, and neither lasts for days."""
        one, other = self.one, self.other
        answer: Flags = (one.room > 0) & (one.room == other.room) & ~one.is_long & ~other.is_long
        answer &= (one.time_kind == TimeKind.INSTANT) & (other.time_kind == TimeKind.INSTANT)
        answer &= one.start_minute == other.start_minute
        return answer

    @cached_property
    def have_two_pages(self) -> Flags:
        """Whether one organiser has a page for each."""
        one, other = self.one, self.other
        answer: Flags = (one.site > 0) & (one.site == other.site) & (one.page != other.page)
        return answer

    @cached_property
    def share_entry(self) -> Flags:
        """Whether both name the same entry of a platform that lists nothing twice."""
        one, other = self.one, self.other
        same_platform = one.entry_platform[:, :, None] == other.entry_platform[:, None, :]
        same_id = (one.entry_id[:, :, None] == other.entry_id[:, None, :]) & (one.entry_id[:, :, None] > 0)
        answer: Flags = (same_platform & same_id).any(axis=(1, 2))
        return answer

    @cached_property
    def same_title(self) -> Flags:
        """Whether the titles are equal, edition included; one of them may leave out the year."""
        one, other = self.one, self.other
        answer: Flags = (one.words == other.words).all(axis=1) | ((one.squeezed == other.squeezed) & (one.squeezed > 0))
        answer &= (one.session == other.session) & (one.part_of_year == other.part_of_year)
        answer &= (one.month == other.month) & (one.setting == other.setting) & (one.pace == other.pace)
        answer &= (one.numbers == other.numbers).all(axis=1)
        both_years = (one.years[:, 0] > 0) & (other.years[:, 0] > 0)
        answer &= ~both_years | (one.years == other.years).all(axis=1)
        return answer

    @property
    def _both(self) -> tuple[Rows, Rows]:
        return self.one, self.other


def kilometres(latitude: Floats, longitude: Floats, other_latitude: Floats, other_longitude: Floats) -> Floats:
    """Return the distances between points in degrees, as far as they are near each other."""
    north = (latitude - other_latitude) * 111.2
    east = (longitude - other_longitude) * 111.3 * np.cos(np.radians(latitude))
    answer: Floats = np.hypot(north, east)
    return answer


def _nearness(one: Rows, other: Rows, here: Ints, a: int, b: int) -> Ints:
    distance = kilometres(
        one.latitude[here, a], one.longitude[here, a], other.latitude[here, b], other.longitude[here, b]
    )
    measured = ~np.isnan(distance)
    wide = one.is_wide[here, a] | other.is_wide[here, b]
    guessed = one.is_guess[here, a] | other.is_guess[here, b]
    city, other_city = one.city[here, a], other.city[here, b]
    country, other_country = one.country[here, a], other.country[here, b]
    named = (city > 0) & (other_city > 0)
    same_name = named & (city == other_city)
    same_country = (country == other_country) | (country == 0) | (other_country == 0)
    by_distance = np.where(distance <= SAME_CITY, 3, np.where(wide & (distance <= SAME_REGION), 2, 0))
    by_name = np.where(same_country, np.where(named, np.where(same_name, 3, np.where(wide, 2, 0)), 2), 0)
    near = np.where(measured, np.where(same_name & same_country, 3, by_distance), by_name)
    misspelled = (one.city_sound[here, a] == other.city_sound[here, b]) & named & same_country
    next_town = (distance <= _NEXT_TOWN) & ~one.has_nodes[here] & ~other.has_nodes[here]
    answer: Ints = np.where((near == 0) & (guessed | misspelled | next_town), 1, near)
    return answer
