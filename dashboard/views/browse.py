"""The view Browse: events as cards."""

from __future__ import annotations

import streamlit as st

from dashboard.components.event_card import show_event
from dashboard.controls.pager import page_of_list, show_pager
from dashboard.loading import Found
from dashboard.navigation import View

PER_PAGE = 24


def browse(found: Found) -> None:
    """Show one page of the events as cards."""
    rows, pages = page_of_list(found.rows, PER_PAGE)
    fits = found.fits()
    with st.grid(min_column_width=300):
        for published in found.events(rows):
            show_event(published, found.selection, found.now, fits.get(published.event.id))
    show_pager(pages)


VIEW = View("Browse", "", 1, browse, icon=":material/grid_view:")
