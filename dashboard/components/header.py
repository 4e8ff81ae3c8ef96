"""Shows what surrounds the events of every view: number and age, attributions, and what to do if none matches."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.components.did_you_mean import did_you_mean
from dashboard.components.labels import LABELS, value_words
from dashboard.components.plain import link, plain
from dashboard.components.subscribe import show_subscribe
from dashboard.controls.address import clear, set_selection
from dashboard.loading import Found, find, load_sources
from dashboard.settings import settings
from dashboard.visitor import base_url
from tracker.errors import SelectionError
from tracker.models.selection import Selection


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


def show_empty_state(found: Found) -> None:
    """Show that no event matches, and buttons that remove a filter."""
    pairs = found.selection.to_pairs()
    if not pairs:
        st.info("No event is listed for the days to come. What ended is under More, “Past events”.")
        return
    st.info("No event matches all of these filters.", icon=":material/search_off:")
    if meant := did_you_mean(found.selection.q, found.words()):
        likely = found.selection.model_copy(update={"q": meant})
        if count := len(find(likely)):
            st.button(
                f"Did you mean “{plain(meant)}”? {count:,} event{'s' if count != 1 else ''}", key="did_you_mean",
                icon=":material/spellcheck:", on_click=set_selection, args=(likely,),
            )  # fmt: skip
    without = []
    for name in dict.fromkeys(name for name, _ in pairs if name not in {"within", "sort"}):
        dropped = {name, "within"} if name == "near" else {name}
        wider = Selection.from_pairs(pair for pair in pairs if pair[0] not in dropped)
        try:
            without.append((len(find(wider)), name, wider))
        except SelectionError:
            continue
    for count, name, wider in sorted(without, key=lambda each: -each[0]):
        if count:
            said = ", ".join(value_words(key, value) for key, value in pairs if key == name)
            st.button(
                f"Without {LABELS[name].lower()} “{plain(said[:60])}”: {count:,} event{'s' if count != 1 else ''}",
                key=f"without_{name}", on_click=set_selection, args=(wider,),
            )  # fmt: skip
    st.button("Clear all filters", key="clear_everything", on_click=clear)
