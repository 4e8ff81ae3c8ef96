"""Shows what surrounds the events of every view: number and age, and attributions."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.components.plain import link, plain
from dashboard.components.subscribe import show_subscribe
from dashboard.loading import Found, load_sources
from dashboard.settings import settings
from dashboard.visitor import base_url


def show_header(found: Found) -> None:
    """Show title, count, freshness and the Subscribe button."""
    number, selection = len(found), found.selection
    upcoming = "upcoming " if selection.past is None and selection.starts_from is None else ""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False):
        # The page's heading: the number of events that match the filters.
        st.title(f"{number:,} {upcoming}event{'s' if number != 1 else ''}", anchor=False, width="content")
        with st.container(key="subscribe", width="content"):
            show_subscribe(selection)
    fresh = f"updated {relative_time(found.now, found.updated_at)}" if found.updated_at else "never updated"
    with st.container(key="about"):
        st.markdown(f":small[AI safety events and opportunities, from {found.successes} sources, {fresh}]")
    if found.is_stale and found.updated_at:
        age = relative_time(found.now, found.updated_at).removesuffix(" ago")
        st.warning(
            f"These data are {age} old: dates and deadlines may have changed since. We look for changes every few "
            f"hours; after {settings().stale_after:g} hours without success something is wrong here, not at the "
            "organisers.",
            icon=":material/history:",
        )


def relative_time(now: datetime, then: datetime) -> str:
    """Return the time since ``then`` in words: ``5 min relative_time``."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min ago" if minutes else "just now"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"


def show_credits(found: Found) -> None:
    """Show the sources of the events that require attribution, with a link and their licence."""
    listing = found.sources()
    due = sorted(
        {
            (source.attribution, source.licence): source.homepage
            for source in load_sources().values()
            if source.attribution and source.id in listing
        }.items()
    )
    asked = found.selection.to_query()
    whole = link("All on one page, to print", f"{base_url()}/print{'?' if asked else ''}{asked}")
    st.markdown(f":small[{link('Digest of this week', f'{base_url()}/digest')}, and of the weeks before · {whole}]")
    if due:
        said = ", ".join(f"{link(name, homepage)} ({plain(licence)})" for (name, licence), homepage in due)
        st.markdown(f":small[With data of {said}]")
