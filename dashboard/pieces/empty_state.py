"""What a visitor sees when the filters leave nothing: which one to drop, and what that would give."""

from __future__ import annotations

import streamlit as st

from dashboard.controls.filters import clear_filters
from dashboard.loading import count
from dashboard.pieces.plain import plain
from tracker.models.selection import Selection


def show_empty_state(selection: Selection) -> None:
    """Show that nothing matches, and what would."""
    st.info("No upcoming event matches all of these filters.")
    pairs = selection.to_pairs()
    lines = []
    for name in dict.fromkeys(name for name, _ in pairs):
        wider = Selection.from_pairs(pair for pair in pairs if pair[0] != name)
        if found := count(wider):
            said = ", ".join(value for key, value in pairs if key == name)
            lines.append(f"- without **{plain(name)}: {plain(said)}** there are {found}")
    if lines:
        st.markdown("\n".join(lines))
    if pairs:
        st.button("Clear all filters", on_click=clear_filters)
