"""The events of one day, under a calendar."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard.loading import Found
from dashboard.pieces.event_card import show_event
from tracker.publishing.wording import day_words
from tracker.store.catalogue import Positions

_MOST = 24


def positions_of_day(found: Found, day: date) -> Positions:
    """Return the events that take place on a day, of those whose dates are certain enough to say so."""
    at = day.isoformat().encode()
    catalogue = found.catalogue
    on = catalogue.has_day & (catalogue.first_day <= at) & (catalogue.last_day >= at)
    return found.positions[on[found.positions]]


def show_day(found: Found, day: date) -> None:
    """Show the events of a day as cards."""
    positions = positions_of_day(found, day)
    st.header(f"{day_words(day)} :gray[{len(positions):,}]", anchor=False)
    with st.grid(min_column_width=300):
        for published in found.events(positions[:_MOST]):
            show_event(published, found.selection, found.now)
    if len(positions) > _MOST:
        st.markdown(f":small[{len(positions) - _MOST:,} more on this day: narrow the filters to see them.]")
