"""Shows what to do if no event matches: which filters to remove, and how many events that gives."""

from __future__ import annotations

import streamlit as st

from dashboard.components.labels import LABELS, value_words
from dashboard.components.plain import plain
from dashboard.controls.address import clear, set_selection
from dashboard.loading import Found, find
from tracker.errors import SelectionError
from tracker.models.selection import Selection


def show_empty_state(found: Found) -> None:
    """Show that no event matches, and buttons that remove a filter."""
    pairs = found.selection.to_pairs()
    if not pairs:
        st.info("No event is listed for the days to come. What ended is under More, “Past events”.")
        return
    st.info("No event matches all of these filters.", icon=":material/search_off:")
    without = []
    for name in dict.fromkeys(name for name, _ in pairs if name not in {"within", "sort"}):
        dropped = {name, "within"} if name == "near" else {name}
        wider = Selection.from_pairs(pair for pair in pairs if pair[0] not in dropped)
        try:
            without.append((len(find(wider)), name, wider))
        except SelectionError:
            continue
    for count, name, wider in sorted(without, key=lambda each: -each[0]):
        if count:
            said = ", ".join(value_words(key, value) for key, value in pairs if key == name)
            st.button(
                f"Without {LABELS[name].lower()} “{plain(said[:60])}”: {count:,} event{'s' if count != 1 else ''}",
                key=f"without_{name}", on_click=set_selection, args=(wider,),
            )  # fmt: skip
    st.button("Clear all filters", key="clear_everything", on_click=clear)
