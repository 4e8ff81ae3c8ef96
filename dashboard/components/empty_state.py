"""Shows that no event matches, and what would find some."""

from __future__ import annotations

import streamlit as st

from dashboard.components.did_you_mean import likely_selections
from dashboard.components.labels import LABELS, value_words
from dashboard.components.plain import plain
from dashboard.controls.address import set_selection
from dashboard.loading import Found, find
from tracker.errors import SelectionError
from tracker.models.selection import Selection


def show_empty_state(found: Found) -> None:
    """Show that no event matches, and buttons that lead to what the search may have meant, or remove a filter."""
    pairs = found.selection.to_pairs()
    if not pairs:
        st.info("No event is listed for the days to come. What ended is under More, “Past events”.")
        return
    st.info("No event matches all of these filters.", icon=":material/search_off:")
    offered = set()
    if found.selection.q:
        for number, likely in enumerate(likely_selections(found.selection, found.words())):
            if count := _count(likely):
                offered.add(likely)
                st.button(
                    f"Did you mean {_meant(likely)}? {_events(count)}", key=f"did_you_mean_{number}",
                    icon=":material/spellcheck:", on_click=set_selection, args=(likely,),
                )  # fmt: skip
    without = []
    for name in dict.fromkeys(name for name, _ in pairs if name not in {"within", "sort"}):
        dropped = {name, "within"} if name == "near" else {name}
        wider = Selection.from_pairs(pair for pair in pairs if pair[0] not in dropped)
        if wider not in offered:
            without.append((_count(wider), name, wider))
    for count, name, wider in sorted(without, key=lambda each: -each[0]):
        if count:
            said = ", ".join(value_words(key, value) for key, value in pairs if key == name)
            st.button(
                f"Without {LABELS[name].lower()} “{plain(said[:60])}”: {_events(count)}",
                key=f"without_{name}", on_click=set_selection, args=(wider,),
            )  # fmt: skip


def _meant(likely: Selection) -> str:
    words = f"“{plain(likely.q)}”" if likely.q else "all"
    return f"{words} near {plain(likely.near)}" if likely.near else words


def _count(selection: Selection) -> int:
    try:
        return len(find(selection))
    except SelectionError:
        return 0


def _events(count: int) -> str:
    return f"{count:,} event{'s' if count != 1 else ''}"
