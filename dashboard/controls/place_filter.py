"""The place filter: near a city, or in countries and cities."""

from __future__ import annotations

import streamlit as st

from dashboard.components.labels import value_words
from dashboard.controls.address import choose, report_problem
from dashboard.controls.widgets import multiselect, selectbox, sync_widget, widget_key
from dashboard.loading import Found
from tracker.errors import SelectionError
from tracker.models.selection import Selection
from tracker.reading.places import country_name
from tracker.reading.places.fields import locate

_DISTANCES = {"50km": "50 km", "": "100 km", "300km": "300 km", "1000km": "1,000 km"}


def show_where(found: Found) -> None:
    """Show the place filter."""
    selection = found.selection
    with st.popover(format_places(selection) or "Anywhere", icon=":material/place:"):
        key = sync_widget("near", selection.near)
        st.text_input(
            "Near", key=key, placeholder="Berlin, or Cambridge, GB", on_change=_choose_near, args=(key,), max_chars=100
        )
        if selection.near:
            selectbox(selection, "within", "Within", _DISTANCES)
        multiselect(selection, "country", "Country", found.counts("country"), country_name)
        multiselect(selection, "city", "City", found.counts("city"), str)
        if (selection.near or selection.country or selection.city) and "online" not in selection.mode:
            st.button("… and everything online", on_click=choose, args=("mode", ["in_person", "online"]))


def format_places(selection: Selection) -> str:
    """Return the chosen places in words: ``300 km around Berlin``; empty without any."""
    said = [f"{selection.within} km around {value_words('near', selection.near)}"] if selection.near else []
    said += [country_name(code) for code in selection.country]
    said += selection.city
    return ", ".join(said[:2]) + (" …" if len(said) > 2 else "")


def _choose_near(key: str) -> None:
    if key != widget_key("near"):
        return
    near = st.session_state[key].strip()
    if near:
        try:
            locate(Selection(near=near))
        except SelectionError:
            report_problem(
                f"We know no place called {near[:100]}. Write a larger city nearby, a city with its country "
                "(Cambridge, GB), or coordinates (52.52,13.41)."
            )
            return
    choose("near", [near] if near else [])
