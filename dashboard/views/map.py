"""The view Map: places of events on a land layer of our own, and the number of events without a place."""

from __future__ import annotations

from math import asin, atan2, degrees

import pandas as pd
import streamlit as st

from dashboard.charts import Spec, colour, show_chart, tooltip
from dashboard.components.event_lists import show_list
from dashboard.components.plain import plain
from dashboard.controls.address import extra_param, set_extras
from dashboard.loading import Found
from dashboard.navigation import View
from tracker.models.event import PublishedEvent
from tracker.models.place import Place
from tracker.publishing.phrases import place_words
from tracker.publishing.place_map import land_topology
from tracker.store.queries import EventRow

_MAX_PLACES = 300
_PLACE = "spot"
_SQUARES = 640
"""Number of grid squares per Earth radius: about ten kilometres each."""
Vector = tuple[float, float, float]


def show_map(found: Found) -> None:
    """Show the map, the number of events without a place, and the events of the chosen place."""
    places = places_of(found)
    located, online = found.locations(), found.ids_with("mode", "online")
    placed = sum(row.id in located for row in found.rows)
    online_only = sum(row.id in online and row.id not in located for row in found.rows)
    beside = f"**{online_only:,}** online · **{len(found) - placed - online_only:,}** without a known place"
    st.markdown(f"**{placed:,}** on the map in {len(places):,} places · {beside}")
    names = _names(found, places)
    rows = [
        {"place": name, "events": len(events), "latitude": at[0], "longitude": at[1]}
        for name, (events, at) in zip(names, places, strict=True)
    ]
    alt = "A map of the world with a circle for every place. The list of places below says the same."
    frame = pd.DataFrame(rows, columns=["place", "events", "latitude", "longitude"])
    show_chart(frame, _chart(), key="map", alt=alt, chosen=[_PLACE], on_choice=_choose)
    if not places:
        return
    chosen = st.selectbox(
        "Place", names, key=_place_key(names),
        index=names.index(extra_param("place")) if extra_param("place") in names else 0,
        format_func=lambda name: f"{name} ({len(places[names.index(name)][0])})",
        on_change=lambda: set_extras(place=st.session_state["place_chosen"]), width=320,
    )  # fmt: skip
    show_list(plain(chosen), found, places[names.index(chosen)][0], "here")


def places_of(found: Found) -> list[tuple[list[EventRow], tuple[float, float]]]:
    """Return (events, (latitude, longitude)) of each place, most events first.

    Locations in one grid square of about ten kilometres are one place.
    """
    located = found.locations()
    squares: dict[tuple[int, int, int], dict[str, EventRow]] = {}
    centers: dict[tuple[int, int, int], Vector] = {}
    for row in found.rows:
        for vector in located.get(row.id, ()):
            square = (round(vector[0] * _SQUARES), round(vector[1] * _SQUARES), round(vector[2] * _SQUARES))
            squares.setdefault(square, {})[row.id] = row
            centers.setdefault(square, vector)
    most_first = sorted(squares, key=lambda square: (-len(squares[square]), square))[:_MAX_PLACES]
    return [(list(squares[square].values()), _degrees(centers[square])) for square in most_first]


def _names(found: Found, places: list[tuple[list[EventRow], tuple[float, float]]]) -> list[str]:
    events = {each.event.id: each for each in found.events([rows[0] for rows, _ in places])}
    names: list[str] = []
    for rows, at in places:
        published = events.get(rows[0].id)
        name = _name_at(published, at) if published else f"{at[0]:.1f}, {at[1]:.1f}"
        number = sum(each == name or each.startswith(f"{name} (no. ") for each in names)
        names.append(f"{name} (no. {number + 1})" if number else name)
    return names


def _name_at(published: PublishedEvent, at: tuple[float, float]) -> str:
    def far(place: Place) -> float:
        if place.latitude is None or place.longitude is None:
            return 999.0
        return abs(place.latitude - at[0]) + abs(place.longitude - at[1])

    return place_words(min(published.event.places, key=far))[:60] or f"{at[0]:.1f}, {at[1]:.1f}"


def _degrees(vector: Vector) -> tuple[float, float]:
    x, y, z = vector
    return round(degrees(asin(max(-1.0, min(1.0, z)))), 2), round(degrees(atan2(y, x)), 2)


def _place_key(names: list[str]) -> str:
    key = "place_chosen"
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    if (asked := extra_param("place")) in names:
        st.session_state[key] = asked
    return key


def _choose() -> None:
    picked = st.session_state["map"].selection.get(_PLACE) or []
    if picked:
        set_extras(place=str(picked[0].get("place", "")))


def _chart() -> Spec:
    land: Spec = {
        "data": {"values": land_topology(), "format": {"type": "topojson", "feature": "land"}},
        "mark": {"type": "geoshape", "fill": colour("borderColor"), "stroke": None, "aria": False},
    }
    circles: Spec = {
        "mark": {"type": "circle", "color": colour("primaryColor"), "stroke": colour("backgroundColor"),
                 "strokeWidth": 1, "opacity": 0.85},
        "params": [{"name": _PLACE, "select": {"type": "point", "fields": ["place"], "on": "click"}}],
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "size": {"field": "events", "type": "quantitative", "legend": None,
                     "scale": {"type": "sqrt", "range": [60, 900]}},
            "tooltip": tooltip(place="Place", events="Events"),
        },
    }  # fmt: skip
    return {"layer": [land, circles], "projection": {"type": "naturalEarth1"}, "height": 460}


VIEW = View("Map", "map", 5, show_map, icon=":material/public:")
