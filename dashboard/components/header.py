"""Shows the header: number of events, freshness, number of sources, and the Subscribe button."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.components.subscribe import show_subscribe
from dashboard.loading import Found
from dashboard.settings import settings


def show_header(found: Found) -> None:
    """Show title, count, freshness and the Subscribe button."""
    number, selection = len(found), found.selection
    upcoming = "upcoming " if selection.past is None and selection.starts_from is None else ""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        # The page's heading: the number of events that match the filters.
        st.title(f"{number:,} {upcoming}event{'s' if number != 1 else ''}", anchor=False, width="content")
        show_subscribe(selection)
    fresh = f"updated {relative_time(found.now, found.updated_at)}" if found.updated_at else "never updated"
    st.markdown(f":small[AI safety events and opportunities, from {found.successes} sources, {fresh}]")
    if found.is_stale and found.updated_at:
        st.warning(
            f"These data are {relative_time(found.now, found.updated_at).removesuffix(' ago')} old: dates and deadlines "
            "may have changed since. We look for changes every few hours; after "
            f"{settings().stale_after:g} hours without "
            "success something is wrong here, not at the organisers.",
            icon=":material/history:",
        )


def relative_time(now: datetime, then: datetime) -> str:
    """Return the time since ``then`` in words: ``5 min relative_time``."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min ago" if minutes else "just now"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"
