"""Shows events as cards under a heading with their number."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.event_card import show_event
from dashboard.loading import Found
from tracker.store.queries import EventRow

_MOST = 24


def show_cards(title: str, found: Found, rows: Sequence[EventRow], where: str) -> None:
    """Show events as cards.

    Args:
        title: the heading, as Markdown.
        found: the events of the selection.
        rows: the events to show.
        where: words that describe them in the note on further events: ``on this day``.
    """
    st.header(f"{title} :gray[{len(rows):,}]", anchor=False)
    with st.grid(min_column_width=300):
        for published in found.events(rows[:_MOST]):
            show_event(published, found.selection, found.now)
    if len(rows) > _MOST:
        st.markdown(f":small[{len(rows) - _MOST:,} more {where}: narrow the filters to see them.]")
