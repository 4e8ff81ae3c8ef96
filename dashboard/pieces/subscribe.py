"""The Subscribe button: the calendar of exactly what the filters show."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import streamlit as st

from tracker.config import Settings
from tracker.models.selection import Selection


def show_subscribe(selection: Selection) -> None:
    """Show a button that opens the links for the current filters."""
    query = selection.to_query()
    feed = f"{base_url()}/events.ics{'?' + query if query else ''}"
    webcal = "webcal://" + feed.partition("://")[2]
    with st.popover("Subscribe", type="primary"):
        st.markdown("A calendar of **what the filters show now**. It stays up to date by itself.")
        st.link_button("Open in your calendar program", webcal, width="stretch")
        st.link_button(
            "Add to Google Calendar",
            "https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe=""),
            width="stretch",
        )
        st.markdown(":small[Or copy the address into any calendar program:]")
        st.code(feed, language=None, wrap_lines=True)
        st.markdown(":small[Google looks for changes every 12 to 24 hours, most others every few hours.]")
        st.markdown(f":small[For programs: [JSON]({feed.replace('/events.ics', '/events.json', 1)})]")


def base_url() -> str:
    """Return the address under which the visitor reaches us, without a trailing slash."""
    configured = Settings.load().public_url
    if configured:
        return configured.rstrip("/")
    parts = urlsplit(st.context.url or "http://127.0.0.1:8501/")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
