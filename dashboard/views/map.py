"""The view Map: places of events to pan and zoom, the events of the chosen place beside it, and how many have none."""

from __future__ import annotations

from math import asin, atan2, degrees

import streamlit as st

from dashboard.components.event_lists import show_list
from dashboard.components.plain import plain
from dashboard.components.world_map import Spot, show_world_map
from dashboard.controls.address import extra_param, set_extras
from dashboard.loading import Found
from dashboard.navigation import View, near_me_link
from tracker.models.event import PublishedEvent
from tracker.models.place import Place
from tracker.publishing.phrases import place_words
from tracker.store.queries import EventRow

_MAX_PLACES = 300
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
    st.markdown(
        f":small[{near_me_link('map', found.selection)}, by the location that your browser tells, once you allow it]"
    )
    if not places:
        return
    names = _names(found, places)
    spots = [Spot(name, len(rows), *at) for name, (rows, at) in zip(names, places, strict=True)]
    asked = extra_param("place")
    key = _place_key(names)
    with st.container(horizontal=True, gap="medium", key="map_and_list"):
        with st.container(key="map_side"):
            show_world_map(spots, asked if asked in names else "", key="map", on_choice=_choose)
        with st.container(key="list_side"):
            chosen = st.selectbox(
                "Place", names, key=key, index=names.index(asked) if asked in names else 0,
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
    if place := st.session_state["map"].get("place"):
        set_extras(place=str(place))


VIEW = View("Map", "map", 5, show_map, icon=":material/public:")
