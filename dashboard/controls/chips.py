"""Shows the chosen filter values as chips, buttons that remove them."""

from __future__ import annotations

import streamlit as st

from dashboard.components.labels import LABELS, value_words
from dashboard.components.plain import plain
from dashboard.controls.address import choose, clear
from tracker.models.selection import Selection


def show_chips(selection: Selection, source_names: dict[str, str]) -> None:
    """Show a chip for every chosen value, and a button that clears all filters."""
    pairs = [pair for pair in selection.to_pairs() if pair[0] not in {"sort", "within"}]
    if not pairs:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="chips"):
        for number, (name, value) in enumerate(pairs):
            words = source_names.get(value, value) if name == "source" else value_words(name, value)
            if name == "near":
                words = f"{words}, {selection.within} km"
            rest = [each for key, each in pairs if key == name and each != value]
            st.button(
                f"{LABELS[name]}: {plain(words)}", key=f"chip_{number}", icon=":material/close:", help="Take it away",
                on_click=choose, args=(name, rest),
            )  # fmt: skip
        st.button("Clear all filters", type="tertiary", key="clear", on_click=clear)
