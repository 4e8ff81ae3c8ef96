"""Some of the events as cards, under a heading that counts them."""

from __future__ import annotations

import streamlit as st

from dashboard.loading import Found
from dashboard.pieces.event_card import show_event
from tracker.store.catalogue import Positions

_MOST = 24


def show_cards(title: str, found: Found, positions: Positions, where: str) -> None:
    """Show events as cards.

    Args:
        title: the heading, as Markdown.
        found: what they are part of.
        positions: which they are.
        where: what they have in common, in words: ``on this day``.
    """
    st.header(f"{title} :gray[{len(positions):,}]", anchor=False)
    with st.grid(min_column_width=300):
        for published in found.events(positions[:_MOST]):
            show_event(published, found.selection, found.now)
    if len(positions) > _MOST:
        st.markdown(f":small[{len(positions) - _MOST:,} more {where}: narrow the filters to see them.]")
