"""Locates the place that a person names in the filter ``near``."""

from __future__ import annotations

from tracker.errors import SelectionError
from tracker.models.selection import Selection
from tracker.models.selection_values import coordinates
from tracker.reading.places.gazetteer import cities_named
from tracker.reading.places.lines import read_line


def locate(selection: Selection) -> Selection:
    """Return the selection with the coordinates of its ``near``.

    Raises:
        SelectionError: ``near`` is neither coordinates nor a known place.
    """
    near = selection.near
    return selection.with_center(*_find(near)) if near and coordinates(near) is None else selection


def _find(near: str) -> tuple[float, float]:
    # Typed in small letters a city is still meant.
    for name in (near, near.title()):
        for place in read_line(name, keeps_unknown=False).places:
            if place.latitude is not None and place.longitude is not None:
                return place.latitude, place.longitude
    if cities := cities_named(near):
        return cities[0].at
    raise SelectionError(
        f"near={near} is no place we know. Write a larger city nearby, a city with its country such as "
        "near=Cambridge, GB, or coordinates such as near=52.52,13.41."
    )
