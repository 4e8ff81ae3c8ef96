"""The Subscribe button: the calendar of exactly what the filters show."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from tracker.config import Settings
from tracker.models.calendar_options import CalendarOptions
from tracker.models.selection import Selection

_DEADLINES = {"with": "Events and their deadlines", "only": "Deadlines only", "none": "Events only"}
_ALARMS = {"": "No reminders", "7d": "A week before", "7d,1d": "A week and a day before", "1d": "A day before"}
_OTHERS = {
    "events.atom": "newly listed (Atom)",
    "changes.atom": "what changed (Atom)",
    "events.csv": "CSV",
    "events.json": "JSON",
}


def show_subscribe(selection: Selection) -> None:
    """Show a button that opens the links for the current filters."""
    with st.popover("Subscribe", type="primary"):
        st.markdown("A calendar of **what the filters show now**. It stays up to date by itself.")
        deadlines = st.selectbox(
            "Entries", list(_DEADLINES), format_func=_DEADLINES.__getitem__, key="subscribe_deadlines"
        )
        alarms = ""
        if deadlines != "none":
            alarms = st.selectbox(
                "Reminders of deadlines", list(_ALARMS), format_func=_ALARMS.__getitem__, key="subscribe_alarms"
            )
        options, _ = CalendarOptions.split([("deadlines", deadlines), ("alarms", alarms)])
        feed = _address("events.ics", [*selection.to_pairs(), *options.to_pairs()])
        webcal = "webcal://" + feed.partition("://")[2]
        st.link_button("Open in your calendar program", webcal, width="stretch")
        st.link_button(
            "Add to Google Calendar",
            "https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe=""),
            width="stretch",
        )
        st.markdown(":small[Or copy the address into any calendar program:]")
        st.code(feed, language=None, wrap_lines=True)
        st.markdown(
            ":small[Google looks for changes every 12 to 24 hours, most others every few hours. "
            "Google and Nextcloud leave reminders out.]"
        )
        others = " · ".join(f"[{words}]({_address(name, selection.to_pairs())})" for name, words in _OTHERS.items())
        st.markdown(f":small[The same events: {others}]")


def base_url() -> str:
    """Return the address under which the visitor reaches us, without a trailing slash."""
    configured = Settings.load().public_url
    if configured:
        return configured.rstrip("/")
    parts = urlsplit(st.context.url or "http://127.0.0.1:8501/")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _address(name: str, pairs: list[tuple[str, str]]) -> str:
    return f"{base_url()}/{name}{'?' + urlencode(pairs) if pairs else ''}"
