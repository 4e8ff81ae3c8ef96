"""Shows an active ruling: who made it, when and why, and a button that undoes it."""

from __future__ import annotations

import streamlit as st

from dashboard.components.plain import plain
from dashboard.controls.decisions import decide
from tracker.curation.decisions import undo_ruling_number
from tracker.curation.review_session import ReviewSession
from tracker.models.ruling import Ruling
from tracker.publishing.phrases import instant_words


def show_ruling(number: int, ruling: Ruling) -> None:
    """Show a ruling with a button that undoes it."""
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
