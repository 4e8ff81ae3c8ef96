"""Which sources list an event, and under which ids."""

from __future__ import annotations

from itertools import accumulate
from random import Random

from benchmarks.matching.listings import source_id_of
from benchmarks.matching.truth import Truth
from benchmarks.matching.words import Source, sources

_EXTRA_PER_EVENT = 3 / 7
"""30 % of the records are duplicates."""
_SIZES = (2, 3, 4, 5, 6, 7, 8, 9)
_SIZE_WEIGHTS = (150, 55, 23, 11, 5, 2.5, 1.2, 0.8)
_SEVERAL = sum(_SIZE_WEIGHTS) / 1000
_FAME = {
    "meetup": 0.75,
    "evening": 0.8,
    "conference": 1.45,
    "hackathon": 1.3,
    "course": 1.2,
    "programmes": 1.3,
    "bootcamp": 1.2,
}
_TWO_RECORDS_OF_ONE_ROW = 0.075


class Crowd:
    """Chooses the sources of each event and counts their ids."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.by_id = {source.id: source for source in sources()}
        self.counts = dict.fromkeys(self.by_id, 0)
        self.salts = {source.id: index for index, source in enumerate(sources())}
        self._eligible: dict[tuple[str, str, bool], tuple[list[Source], list[int]]] = {}
        self._events = self._extra = 0

    def who_lists(self, truth: Truth, number: int) -> list[tuple[Source, str]]:
        """Return the sources that list ``truth``, the ``number``-th event, with their ids; the first knows it best."""
        chosen = self._choose(truth, self._size(truth))
        rows = {}
        for source in chosen:
            self.counts[source.id] += 1
            if source.ids == "rec" and not source.built_from:  # its rows are numbered by event
                rows[source.id] = source_id_of(source, self.salts[source.id], number, truth.title)
        listed = []
        for source in chosen:
            row = rows.get(source.built_from or source.id)
            own = source_id_of(source, self.salts[source.id], self.counts[source.id], truth.title)
            listed.append((source, row or own))
        return listed

    def _size(self, truth: Truth) -> int:
        """Return how many sources list ``truth``; steered so that the share of duplicates stays as wanted."""
        steer = 1.15 if self._extra < self._events * _EXTRA_PER_EVENT else 0.87
        several = _SEVERAL * _FAME.get(truth.family, 1.0) * steer
        size = self.rng.choices(_SIZES, _SIZE_WEIGHTS)[0] if self.rng.random() < several else 1
        self._events += 1
        self._extra += size - 1
        return size

    def _choose(self, truth: Truth, size: int) -> list[Source]:
        eligible, weights = self._who_may(truth)
        first = self.rng.choices(eligible, cum_weights=weights)[0]
        if size == 1:
            return [first]
        chosen = [first]
        if self.rng.random() < _TWO_RECORDS_OF_ONE_ROW:
            pair = [source for source in eligible if source.built_from]
            if pair:
                chosen = [self.by_id[pair[0].built_from], pair[0]]
        while len(chosen) < size:
            source = self.rng.choices(eligible, cum_weights=weights)[0]
            if source not in chosen:
                chosen.append(source)
        return chosen

    def _who_may(self, truth: Truth) -> tuple[list[Source], list[int]]:
        city = truth.city.name if truth.city else ""
        key = (city, truth.organizer.name, truth.is_programme)
        if key not in self._eligible:
            other = "meetings" if truth.is_programme else "programmes"
            sources_ = [
                source
                for source in sources()
                if source.lists != other
                and (not source.city or source.city == city)
                and (not source.organizer or source.organizer == truth.organizer.name)
            ]
            self._eligible[key] = (sources_, list(accumulate(source.weight for source in sources_)))
        return self._eligible[key]
