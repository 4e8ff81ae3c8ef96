"""Some of the events as cards, under a heading that counts them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.loading import Found
from dashboard.pieces.event_card import show_event
from tracker.store.queries import EventRow

_MOST = 24


def show_cards(title: str, found: Found, rows: Sequence[EventRow], where: str) -> None:
    """Show events as cards.

    Args:
        title: the heading, as Markdown.
        found: what they are part of.
        rows: which they are.
        where: what they have in common, in words: ``on this day``.
    """
    st.header(f"{title} :gray[{len(rows):,}]", anchor=False)
    with st.grid(min_column_width=300):
        for published in found.events(rows[:_MOST]):
            show_event(published, found.selection, found.now)
    if len(rows) > _MOST:
        st.markdown(f":small[{len(rows) - _MOST:,} more {where}: narrow the filters to see them.]")
