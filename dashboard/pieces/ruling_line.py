"""One decision that stands, with who, when and why, and a way back."""

from __future__ import annotations

import streamlit as st

from dashboard.controls.decisions import decide
from dashboard.pieces.plain import plain
from tracker.curation.decisions import undo_ruling_number
from tracker.curation.review_session import ReviewSession
from tracker.models.ruling import Ruling
from tracker.publishing.phrases import instant_words


def show_ruling(number: int, ruling: Ruling) -> None:
    """Show a ruling, with a button that takes it back."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Take back", key=f"undo_{number}", on_click=_undo, args=(number,), icon=":material/undo:")
        who = ruling.by or "on the command line"
        why = f": “{plain(ruling.note)}”" if ruling.note else ""
        said = f"**{number}** {plain(str(ruling))}  \n:small[{plain(who)}, {instant_words(ruling.at)}{why}]"
        st.markdown(said, width="stretch")


def _undo(number: int) -> None:
    def make(session: ReviewSession, who: str) -> None:
        undo_ruling_number(session.db, number, session.now, who)

    decide(f"Ruling {number} is taken back", make)
