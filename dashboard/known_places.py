"""Finds the places that the place filter suggests, with the number of events that one sees once a place is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import cos, pi

import numpy as np
import streamlit as st

from dashboard.loading import Found, find
from dashboard.settings import settings
from dashboard.shared_store import shared_store
from tracker.errors import SelectionError
from tracker.models.place import EARTH_RADIUS
from tracker.models.selection import Attendance, Selection
from tracker.reading.places import country_name
from tracker.reading.places.fields import locate, locate_place
from tracker.reading.places.gazetteer import largest_cities, named_areas
from tracker.store import choice_counts
from tracker.store.filters import unit_vector

_LARGEST = 700
"""Number of cities that are suggested though nothing is on there."""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that is suggested."""

    label: str
    """How it is shown: ``Cambridge, United Kingdom``."""
    events: int | None = None
    """Number of events that one sees once it is chosen; None if it is not counted."""

    def __str__(self) -> str:
        """Return the label with the number."""
        return self.label if self.events is None else f"{self.label} ({self.events})"


def known_places(found: Found) -> Mapping[str, KnownPlace]:
    """Return the suggested places by what the address says for them: those with events first, most of them first."""
    others = find(found.selection.model_copy(update={"near": "", "within": Selection().within}))
    within = found.selection.within
    cities = _cities(others)
    counts = _counts_near(others, list(cities), within)
    known = {name: KnownPlace(label, counts[name]) for name, label in cities.items() if counts[name]}
    for code, count in others.counts("country").items():
        name = country_name(code)
        known.setdefault(name, KnownPlace(f"{name}, all of it", count))
    for area in named_areas():
        known.setdefault(area, KnownPlace(f"{area}, area"))
    labels = {each.label for each in known.values()}
    for city, code in largest_cities(_LARGEST):
        if (label := _full_name(city, code)) not in labels:
            known.setdefault(label, KnownPlace(label))
    return known


def _cities(found: Found) -> dict[str, str]:
    """Return the full names of the cities of some events, most events first, by what the address says for each.

    That is the name alone, unless events are in several cities of that name, or the name alone means another one.
    """
    url, query = settings().store_url, found.selection.to_query()
    counts = _city_counts(url, found.version, query, found.now)
    named = Counter(city for city, _ in counts)
    cities = {}
    for city, code in counts:
        whole = _full_name(city, code)
        cities[city if named[city] == 1 and _center(city) == _center(whole) else whole] = whole
    return cities


@st.cache_resource(max_entries=64, show_spinner=False)
def _city_counts(url: str, version: str, query: str, now: datetime) -> dict[tuple[str, str], int]:
    del version
    with shared_store(url).data.reading() as db:
        return choice_counts.city_counts(db, locate(Selection.from_query(query)), now)


def _full_name(city: str, country: str) -> str:
    return ", ".join(dict.fromkeys(filter(None, (city, country_name(country) if country else ""))))


@lru_cache(maxsize=4096)
def _center(name: str) -> tuple[float, float] | None:
    try:
        return locate_place(name)
    except SelectionError:
        return None


def _counts_near(others: Found, names: Sequence[str], within: int) -> dict[str, int]:
    """Return how many events one sees near each place: those in its surroundings, and online ones if also chosen."""
    located, modes = others.locations(), others.selection.mode
    also = others.ids_with("mode", Attendance.ONLINE) if Attendance.ONLINE in modes and len(modes) > 1 else set()
    ids = [row.id for row in others.rows]
    online = sum(event_id in also for event_id in ids)
    owners = [number for number, each in enumerate(ids) if each not in also for _ in located.get(each, ())]
    vectors = np.array([vector for each in ids if each not in also for vector in located.get(each, ())]).reshape(-1, 3)
    nearest, numbers = cos(min(within / EARTH_RADIUS, pi)), np.array(owners, dtype=int)
    counts = {}
    for name in names:
        center = _center(name)
        close = numbers[vectors @ np.array(unit_vector(*center)) >= nearest] if center else numbers[:0]
        counts[name] = online + len(np.unique(close))
    return counts
