"""Shows places on a map that one can pan and zoom: Streamlit's component with a script of our own, and our own land."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import log, pi, radians, tan
from pathlib import Path

import streamlit as st

from tracker.publishing.place_map import land_rings

_WORLD = 1_000
"""Width of the world in units of the picture, as in ``map.js``."""
_NORTHERNMOST = 84.0
_DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its number of events."""

    name: str
    events: int
    latitude: float
    longitude: float


def show_world_map(spots: Sequence[Spot], chosen: str, *, key: str, on_choice: Callable[[], None]) -> None:
    """Show the places, most events first; a click sets ``place`` in the state of ``key`` and calls ``on_choice``."""
    data = {"places": [asdict(each) for each in spots], "chosen": chosen}
    _component(key=key, data=data, on_place_change=on_choice)


def _mercator(longitude: float, latitude: float) -> tuple[int, int]:
    """Return a point in tenths of the picture's units (Mercator's projection)."""
    north = log(tan(pi / 4 + radians(min(latitude, _NORTHERNMOST)) / 2))
    return round((longitude + 180) / 36 * _WORLD), round((0.5 - north / (2 * pi)) * _WORLD * 10)


def _land_path() -> str:
    """Return the land as the path of an SVG image, each point relative to the one before, which is shorter."""
    drawn = []
    for ring in land_rings():
        west, east = min(x for x, _ in ring), max(x for x, _ in ring)
        for turn in (-360, 0, 360):
            if east + turn <= -180 or west + turn >= 180:
                continue  # beyond the edge; what crosses the date line is drawn at both edges
            points = [_mercator(x + turn, y) for x, y in ring]
            steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
            said = " ".join(f"{x},{y}" for x, y in steps if x or y)
            drawn.append(f"M{points[0][0]},{points[0][1]}l{said}z")
    return "".join(drawn)


_HTML = f"""<div class="around">
<div class="map" role="group" aria-label="Map of the world. The list beside it says the same.">
<svg aria-hidden="true" preserveAspectRatio="none"><path transform="scale(.1)" d="{_land_path()}"/></svg>
<div class="marks"></div></div>
<div class="tools"><button type="button" class="in" aria-label="Zoom in">+</button>
<button type="button" class="out" aria-label="Zoom out">−</button>
<button type="button" class="all">All</button></div></div>"""
_component = st.components.v2.component(
    "world_map",
    html=_HTML,
    css=(_DATA / "map.css").read_text("utf-8"),
    js=(_DATA / "map.js").read_text("utf-8"),
)
