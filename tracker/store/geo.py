"""Places as points on a globe: what is near is found by a dot product, alike on every database engine."""

from __future__ import annotations

from math import cos, pi, radians, sin

from sqlalchemy import Select, select

from tracker.errors import SelectionError
from tracker.models.selection_values import coordinates
from tracker.reading.places.gazetteer import cities_named
from tracker.reading.places.lines import read_line
from tracker.store import schema

_EARTH_RADIUS = 6371.0088  # km, the mean radius of IUGG


def unit_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Return the point of the unit sphere at a latitude and a longitude in degrees."""
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def events_within(near: str, kilometres: int) -> Select[tuple[str]]:
    """Return a query for the ids of the events within ``kilometres`` of ``near``, as the crow flies.

    Raises:
        SelectionError: ``near`` is neither coordinates nor a place we know.
    """
    x, y, z = unit_vector(*locate(near))
    spot = schema.event_location
    return select(spot.c.event_id).where(spot.c.x * x + spot.c.y * y + spot.c.z * z >= min_dot_product(kilometres))


def min_dot_product(kilometres: int) -> float:
    """Return the dot product that unit vectors so far apart have, as the crow flies."""
    return cos(min(kilometres / _EARTH_RADIUS, pi))


def locate(near: str) -> tuple[float, float]:
    """Return (latitude, longitude) of a place that a person names, in degrees.

    Raises:
        SelectionError: it is neither coordinates nor a place we know.
    """
    if written := coordinates(near):
        return written
    # Typed in small letters a city is still meant.
    for name in (near, near.title()):
        for place in read_line(name, keeps_unknown=False).places:
            if place.latitude is not None and place.longitude is not None:
                return place.latitude, place.longitude
    if spots := cities_named(near):
        return spots[0].at
    raise SelectionError(
        f"near={near} is no place we know. Write a larger city nearby, a city with its country such as "
        "near=Cambridge, GB, or coordinates such as near=52.52,13.41."
    )
