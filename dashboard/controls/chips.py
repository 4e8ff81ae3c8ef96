"""What is chosen, as buttons that take it away again."""

from __future__ import annotations

import streamlit as st

from dashboard.controls.address import choose, clear
from dashboard.pieces.labels import LABELS, value_words
from dashboard.pieces.plain import plain
from tracker.models.selection import Selection


def show_chips(selection: Selection, source_names: dict[str, str]) -> None:
    """Show a chip for every value chosen, and a button that clears all."""
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
