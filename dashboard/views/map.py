"""Map: where events take place, on our own land layer; what has no place is counted beside it."""

from __future__ import annotations

import json
from functools import cache
from math import asin, atan2, degrees
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import Spec, colour, show_chart, tooltip
from dashboard.controls.address import extra, stay
from dashboard.loading import Found
from dashboard.navigation import View
from dashboard.pieces.card_list import show_cards
from dashboard.pieces.plain import plain
from tracker.models.event import PublishedEvent
from tracker.models.place import Place
from tracker.store.catalogue import Positions

_MOST_SPOTS = 300
_SPOT = "spot"


def show_map(found: Found) -> None:
    """Show the map, what has no place, and the events of the place one chooses."""
    spots = spots_of(found)
    online = np.isin(found.positions, np.flatnonzero(found.catalogue.having("mode", ["online"])))
    placed = np.isin(found.positions, found.catalogue.spot_positions)
    beside = (
        f"**{int((online & ~placed).sum()):,}** online · **{int((~online & ~placed).sum()):,}** without a known place"
    )
    st.markdown(f"**{int(placed.sum()):,}** on the map in {len(spots):,} places · {beside}")
    names = _names(found, spots)
    rows = [
        {"place": name, "events": len(positions), "latitude": at[0], "longitude": at[1]}
        for name, (positions, at) in zip(names, spots, strict=True)
    ]
    alt = "A map of the world with a circle for every place. The list of places below says the same."
    frame = pd.DataFrame(rows, columns=["place", "events", "latitude", "longitude"])
    show_chart(frame, _chart(), key="map", alt=alt, chosen=[_SPOT], on_choice=_choose)
    if not spots:
        return
    chosen = st.selectbox(
        "Place", names, index=names.index(extra("place")) if extra("place") in names else 0, key=_place_key(names),
        format_func=lambda name: f"{name} ({len(spots[names.index(name)][0])})",
        on_change=lambda: stay(place=st.session_state["place_chosen"]), width=320,
    )  # fmt: skip
    show_cards(plain(chosen), found, spots[names.index(chosen)][0], "here")


def spots_of(found: Found) -> list[tuple[Positions, tuple[float, float]]]:
    """Return (positions of events, (latitude, longitude)) of the places, those with most events first.

    What lies in one square of some ten kilometres is one place.
    """
    catalogue = found.catalogue
    wanted = np.isin(catalogue.spot_positions, found.positions)
    positions, vectors = catalogue.spot_positions[wanted], catalogue.spots[wanted]
    if not len(positions):
        return []
    places, which = np.unique(np.round(vectors * 640), axis=0, return_inverse=True)
    order = np.argsort(-np.bincount(which.ravel(), minlength=len(places)), kind="stable")[:_MOST_SPOTS]
    return [
        (np.unique(positions[which.ravel() == each]), _degrees(vectors[which.ravel() == each][0])) for each in order
    ]


def _names(found: Found, spots: list[tuple[Positions, tuple[float, float]]]) -> list[str]:
    events = {each.event.id: each for each in found.events([int(positions[0]) for positions, _ in spots])}
    names: list[str] = []
    for positions, at in spots:
        published = events.get(found.catalogue.ids[int(positions[0])])
        name = _name_at(published, at) if published else f"{at[0]:.1f}, {at[1]:.1f}"
        number = sum(each == name or each.startswith(f"{name} (no. ") for each in names)
        names.append(f"{name} (no. {number + 1})" if number else name)
    return names


def _name_at(published: PublishedEvent, at: tuple[float, float]) -> str:
    def far(place: Place) -> float:
        if place.latitude is None or place.longitude is None:
            return 999.0
        return abs(place.latitude - at[0]) + abs(place.longitude - at[1])

    return min(published.event.places, key=far).label[:60] or f"{at[0]:.1f}, {at[1]:.1f}"


def _degrees(vector: Any) -> tuple[float, float]:
    x, y, z = (float(each) for each in vector)
    return round(degrees(asin(max(-1.0, min(1.0, z)))), 2), round(degrees(atan2(y, x)), 2)


def _place_key(names: list[str]) -> str:
    key = "place_chosen"
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    if (asked := extra("place")) in names:
        st.session_state[key] = asked
    return key


def _choose() -> None:
    picked = st.session_state["map"].selection.get(_SPOT) or []
    if picked:
        stay(place=str(picked[0].get("place", "")))


@cache
def _land() -> dict[str, Any]:
    land: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "land.json").read_text("utf-8"))
    return land


def _chart() -> Spec:
    land: Spec = {
        "data": {"values": _land(), "format": {"type": "topojson", "feature": "land"}},
        "mark": {"type": "geoshape", "fill": colour("borderColor"), "stroke": None, "aria": False},
    }
    circles: Spec = {
        "mark": {"type": "circle", "color": colour("primaryColor"), "stroke": colour("backgroundColor"),
                 "strokeWidth": 1, "opacity": 0.85},
        "params": [{"name": _SPOT, "select": {"type": "point", "fields": ["place"], "on": "click"}}],
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
