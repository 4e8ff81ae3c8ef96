"""Shows the Subscribe button: links to the calendar feed of the current selection, and to popular ones."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import streamlit as st

from dashboard.visitor import base_url, is_local, main_button
from tracker.models.calendar_options import CalendarOptions
from tracker.models.selection import Attendance, Selection
from tracker.publishing.calendar_clients import LATENESS_WORDS
from tracker.publishing.embedding import embed_snippet
from tracker.publishing.feed_request import calendar_words
from tracker.publishing.feeds import CALENDAR_NAME
from tracker.reading.places import country_name

_DEADLINES = {"with": "Events and their deadlines", "only": "Deadlines only", "none": "Events only"}
_ALARMS = {"": "No reminders", "7d": "A week before", "7d,1d": "A week and a day before", "1d": "A day before"}
_OTHERS = {
    "events.atom": "newly listed (Atom)",
    "changes.atom": "what changed (Atom)",
    "events.csv": "CSV",
    "events.json": "JSON",
}
_REFRESH = f"{LATENESS_WORDS}. Google and Nextcloud leave reminders out."


def show_subscribe(selection: Selection) -> None:
    """Show a button that opens the subscription links of the selection."""
    with st.popover("Subscribe", type=main_button(), icon=":material/event_repeat:"):
        st.markdown("A calendar of **what the filters show now**. It stays up to date by itself.")
        if selection.status or selection.deadline_within is not None:
            st.markdown(":small[Once an event is in it, it stays until it is over, also when applications close.]")
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
        webcal = _webcal(feed)
        st.link_button("Open in your calendar program", webcal, width="stretch")
        with st.container(horizontal=True, gap="xsmall"):
            st.link_button("Google Calendar", _google(webcal))
            st.link_button("Outlook", _outlook(feed, selection))
        st.markdown(":small[Or copy the address into any calendar program:]")
        st.code(feed, language=None, wrap_lines=True)
        others = " · ".join(f"[{words}]({_address(name, selection.to_pairs())})" for name, words in _OTHERS.items())
        st.markdown(f":small[The same events: {others}]")
        with st.expander("How soon a change shows"):
            st.markdown(f":small[{_REFRESH}]")
        if is_local():
            with st.expander("Push it to a chat, a phone or a mailbox"):
                st.code(_push(selection), language=None, wrap_lines=True)
        with st.expander("Show this list on your own site"):
            st.code(embed_snippet(_address("embed", selection.to_pairs())), language=None, wrap_lines=True)
        ready = " · ".join(
            f"[{words}]({_webcal(_address('events.ics', pairs))})" for words, pairs in presets(selection)
        )
        st.markdown(f":small[Or subscribe at once to: {ready}]")


def presets(selection: Selection) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return popular calendars as (label, query parameters)."""
    country = selection.country[0] if selection.country else _visitors_country()
    found = [
        ("all deadlines", [("deadlines", "only")]),
        ("everything online", Selection(mode=(Attendance.ONLINE,)).to_pairs()),
    ]
    if country:
        found.append((f"everything in {country_name(country)}", Selection(country=(country,)).to_pairs()))
    return found


def _visitors_country() -> str:
    """Return the country of the browser's locale (``de-DE``); often empty."""
    region = (st.context.locale or "").rpartition("-")[2]
    return region if len(region) == 2 and region.isupper() and country_name(region) != region else ""


def _google(webcal: str) -> str:
    return "https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe="")


def _outlook(feed: str, selection: Selection) -> str:
    words = calendar_words(selection)
    name = f"{CALENDAR_NAME}: {words}" if words else CALENDAR_NAME
    return "https://outlook.live.com/calendar/0/addfromweb?" + urlencode({"url": feed, "name": name[:80]})


def _push(selection: Selection) -> str:
    return f'tracker notify add NAME --selection "{selection.to_query()}" --to URL'


def _webcal(feed: str) -> str:
    return "webcal://" + feed.partition("://")[2]


def _address(name: str, pairs: list[tuple[str, str]]) -> str:
    return f"{base_url()}/{name}{'?' + urlencode(pairs) if pairs else ''}"
