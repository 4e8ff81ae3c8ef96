"""Draws small maps of places, on the land of Natural Earth: nobody else is asked for tiles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any

from tracker.models.place import Place

Point = tuple[float, float]
"""Longitude and latitude in degrees, or x and y in pixels."""
_WIDEST, _NARROWEST = 360.0, 36.0
"""Degrees of longitude that a map shows at most, and at least: the coast is too coarse for less."""
_MARGIN = 1.5
"""Width of the map, in widths of the rectangle around the places."""


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """A map of some places: land and places in pixels from the upper left corner."""

    width: int
    height: int
    land: Sequence[Sequence[Point]]
    """Polygons, cut off at the edges."""
    places: Sequence[Point]


def coordinates_of(places: Iterable[Place]) -> list[Point]:
    """Return longitude and latitude of the places whose coordinates are known."""
    return [
        (place.longitude, place.latitude)
        for place in places
        if place.latitude is not None and place.longitude is not None
    ]


def draw_map(points: Sequence[Point], width: int, height: int) -> PlaceMap:
    """Return a map that shows all points (at least one), true to shape in its middle."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    squeeze = max(0.3, cos(radians(middle_y)))  # how wide a degree of longitude is, in degrees of latitude
    across = max(_NARROWEST / squeeze, (east - west) * _MARGIN, (north - south) * _MARGIN * width / height / squeeze)
    across = min(across, _WIDEST)
    scale = width / across
    down = height / scale * squeeze

    def pixel(point: Point) -> Point:
        x = (point[0] - middle_x) * scale + width / 2
        y = (middle_y - point[1]) * scale / squeeze + height / 2
        return round(x, 1), round(y, 1)

    edges = (middle_x - across / 2, middle_y - down / 2, middle_x + across / 2, middle_y + down / 2)
    land = [[pixel(point) for point in ring] for ring in _land_within(edges)]
    return PlaceMap(width, height, land, [pixel(point) for point in points])


def map_svg(drawn: PlaceMap, *, land: str, place: str, edge: str) -> str:
    """Return a map as an SVG image.

    Args:
        drawn: the map.
        land: colour of the land; the sea is transparent.
        place: colour of the places.
        edge: colour of the line around each place.
    """
    coast = "".join(f"M{' '.join(f'{x:g},{y:g}' for x, y in ring)}Z" for ring in drawn.land)
    dots = "".join(f'<circle cx="{x:g}" cy="{y:g}" r="7"/>' for x, y in drawn.places)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.height}">'
        f'<path fill="{land}" d="{coast}"/><g fill="{place}" stroke="{edge}" stroke-width="2">{dots}</g></svg>'
    )


@cache
def land_topology() -> dict[str, Any]:
    """Return the land of the world without Antarctica, as TopoJSON."""
    land: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "land.json").read_text("utf-8"))
    return land


@cache
def land_rings() -> list[list[Point]]:
    """Return the outlines of the land, as longitudes and latitudes."""
    topology = land_topology()
    (scale_x, scale_y), (first_x, first_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[Point]] = []
    for steps in topology["arcs"]:  # each point is the difference to the one before
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + first_x, y * scale_y + first_y))
        arcs.append(arc)
    polygons = topology["objects"]["land"]["geometries"][0]["arcs"]
    return [
        _unrolled([point for number in ring for point in (arcs[number] if number >= 0 else arcs[~number][::-1])])
        for polygon in polygons
        for ring in polygon
    ]


def _unrolled(ring: Sequence[Point]) -> list[Point]:
    """Return a polygon that crosses the date line in one piece: longitudes may lie beyond 180."""
    turn, made = 0.0, [ring[0]]
    for (before, _), (x, y) in pairwise(ring):
        turn += 360.0 if x - before < -180 else -360.0 if x - before > 180 else 0.0
        made.append((x + turn, y))
    return made


def _land_within(edges: tuple[float, float, float, float]) -> Iterator[list[Point]]:
    """Yield the outlines of the land within (west, south, east, north), which may cross the date line."""
    west, south, east, north = edges
    for ring in land_rings():
        for turn in (-360.0, 0.0, 360.0):
            moved = [(x + turn, y) for x, y in ring]
            xs, ys = [x for x, _ in moved], [y for _, y in moved]
            if max(xs) < west or min(xs) > east or max(ys) < south or min(ys) > north:
                continue
            for axis, limit, side in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
                moved = _cut(moved, axis, limit, side)
            if len(moved) > 2:
                yield moved


def _cut(ring: Sequence[Point], axis: int, limit: float, side: int) -> list[Point]:
    """Return the part of a polygon on one side of a line (Sutherland and Hodgman's algorithm)."""
    kept: list[Point] = []
    for before, point in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        was_inside, is_inside = (side * (each[axis] - limit) >= 0 for each in (before, point))
        if was_inside != is_inside:
            share = (limit - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if is_inside:
            kept.append(point)
    return kept
