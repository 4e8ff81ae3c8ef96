"""One decision that stands, with who, when and why, and a way back."""

from __future__ import annotations

import streamlit as st

from dashboard.controls.decisions import decide
from dashboard.pieces.plain import plain
from tracker.curating.decisions import take_back
from tracker.curating.sitting import Sitting
from tracker.models.ruling import Ruling
from tracker.publishing.wording import instant_words


def show_ruling(number: int, ruling: Ruling) -> None:
    """Show a ruling, with a button that takes it back."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Take back", key=f"undo_{number}", on_click=_undo, args=(number,), icon=":material/undo:")
        who = ruling.by or "on the command line"
        why = f": “{plain(ruling.note)}”" if ruling.note else ""
        said = f"**{number}** {plain(str(ruling))}  \n:small[{plain(who)}, {instant_words(ruling.at)}{why}]"
        st.markdown(said, width="stretch")


def _undo(number: int) -> None:
    def make(sitting: Sitting, who: str) -> None:
        take_back(sitting.db, number, sitting.now, who)

    decide(f"Ruling {number} is taken back", make)
