"""The place filter: near a city, or in countries and cities."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st
from rapidfuzz import fuzz, process

from dashboard.components.labels import value_words
from dashboard.controls.address import choose, chosen_now, mark_changed, report_problem, set_selection, with_values
from dashboard.controls.widgets import is_current, meant_by, multiselect, selectbox, sync_widget
from dashboard.known_places import known_places
from dashboard.loading import Found
from dashboard.navigation import near_me_link
from dashboard.visitor import view_path
from tracker.errors import SelectionError
from tracker.models.selection import Selection
from tracker.models.text import fold
from tracker.reading.places import country_name, read_country
from tracker.reading.places.fields import locate

_ALIKE = 80
"""Minimum similarity of a misspelt place to one that is suggested, in percent."""
_DISTANCES = {"50km": "50 km", "": "100 km", "300km": "300 km", "1000km": "1,000 km"}


def show_where(found: Found) -> None:
    """Show a button that opens the place filter, which is made when it is opened."""
    with st.popover("Place", icon=":material/place:", key="where", on_change=mark_changed) as box:
        if box.open:
            show_places(found)


def show_places(found: Found, twin: str = "") -> None:
    """Show a field that suggests places while one types, and the countries and cities with events."""
    selection = found.selection
    known = known_places(found)
    key = sync_widget("near", selection.near or None, twin)
    st.selectbox(
        "City, area or country",
        list(dict.fromkeys([*([selection.near] if selection.near else []), *known])),
        index=None,
        key=key,
        accept_new_options=True,
        placeholder="Type: Berlin, Bay Area, Germany …",
        format_func=lambda name: str(known.get(name) or value_words("near", name)),
        on_change=_choose_place,
        args=(key, {each.label: name for name, each in known.items()}),
    )
    st.markdown(f":small[{near_me_link(view_path(), selection)}, as your browser tells once you allow it]")
    if selection.near:
        selectbox(selection, "within", "Within", _DISTANCES, twin)
    multiselect(selection, "country", "Country", found.counts("country"), country_name, twin)
    multiselect(selection, "city", "City", found.counts("city"), str, twin)
    if (selection.near or selection.country or selection.city) and "online" not in selection.mode:
        st.button("… and everything online", key=f"and_online{twin}", on_click=choose,
                  args=("mode", ["in_person", "online"]))  # fmt: skip


def _choose_place(key: str, labels: Mapping[str, str]) -> None:
    if is_current("near", key):
        _choose(meant_by((st.session_state[key] or "").strip(), labels), labels.values())


def _likely(typed: str, known: Collection[str]) -> str:
    """Return the suggested place whose name begins with what was typed, else the most similar one; empty if none is."""
    begun = fold(typed)
    if first := next((name for name in known if fold(name).startswith(begun)), ""):
        return first
    found = process.extractOne(begun, known, scorer=fuzz.ratio, processor=fold, score_cutoff=_ALIKE)
    return str(found[0]) if found else ""


def _choose(place: str, known: Collection[str]) -> None:
    if code := read_country(place):
        selection = chosen_now()
        set_selection(with_values(selection, {"country": [*dict.fromkeys([*selection.country, code])], "near": []}))
        return
    if place:
        try:
            locate(Selection(near=place))
        except SelectionError:
            if meant := _likely(place, known):
                _choose(meant, known)
                return
            report_problem(
                f"We know no place called {place[:100]}. Write a larger city nearby, a city with its country "
                "(Cambridge, United Kingdom), or coordinates (52.52,13.41)."
            )
            return
    choose("near", [place] if place else [])
