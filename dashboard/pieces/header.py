"""The header: how many events, how fresh, from how many sources, and how to subscribe to them."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.loading import Loaded
from dashboard.pieces.subscribe import show_subscribe
from tracker.models.selection import Selection


def show_header(selection: Selection, loaded: Loaded) -> None:
    """Show title, count, freshness and the Subscribe button."""
    number = len(loaded.found)
    upcoming = "upcoming " if selection.past is None and selection.starts_from is None else ""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(f"{number:,} {upcoming}event{'s' if number != 1 else ''}", anchor=False, width="content")
        show_subscribe(selection)
    fresh = f"updated {_ago(loaded.now, loaded.updated_at)}" if loaded.updated_at else "never updated"
    st.markdown(f":small[AI safety, from {loaded.sources} sources, {fresh}]")


def _ago(now: datetime, then: datetime) -> str:
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min ago" if minutes else "just now"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"
