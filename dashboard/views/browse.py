"""Browse: the events as cards, soonest first."""

from __future__ import annotations

from math import ceil

import streamlit as st

from dashboard.loading import Loaded
from dashboard.pieces.credits import show_credits
from dashboard.pieces.empty_state import show_empty_state
from dashboard.pieces.event_card import show_event
from tracker.models.selection import Selection

PER_PAGE = 24


def browse(selection: Selection, loaded: Loaded) -> None:
    """Show one page of cards."""
    if not loaded.found:
        show_empty_state(selection)
        return
    pages = ceil(len(loaded.found) / PER_PAGE)
    cards = st.grid(min_column_width=300)
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    with cards:
        for published in loaded.found[(page - 1) * PER_PAGE : page * PER_PAGE]:
            show_event(published.event, loaded.now)
    show_credits(loaded)
