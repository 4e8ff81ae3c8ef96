"""The view Suggest: an address is read, and suggested as one event or as a source, for a curator to decide."""

from __future__ import annotations

import streamlit as st

from dashboard.components.plain import plain
from dashboard.components.suggest_event import show_event_form
from dashboard.components.suggest_source import show_source_form
from dashboard.controls.address import mark_changed
from dashboard.loading import Found, reading
from dashboard.navigation import View, link_to_event
from dashboard.settings import settings
from dashboard.suggestion_form import Reading, start_reading
from tracker.curation.event_names import events_at
from tracker.errors import SuggestionError, UsageError
from tracker.probing.preview import Preview
from tracker.store import queries

_PAGE, _READING, _DONE = "suggested_page", "reading_page", "suggested"
_SOURCE, _EVENT = "source", "event"
_KINDS = {_SOURCE: "All events of this page or calendar", _EVENT: "One event"}


def suggest(found: Found) -> None:
    """Show the form in two steps."""
    st.title("Suggest events", anchor=False)
    if not settings().suggestions:
        st.info("Suggestions are switched off here.")
        return
    if st.session_state.pop(_DONE, False):
        st.success("Thank you. A person looks at it before it appears; that can take some days.")
    st.markdown(
        "Paste the address of **an event**, or of **a calendar or page with all events of a group**: on Luma, Meetup, "
        "Google Calendar or a website. We read what is there, and you correct it."
    )
    with st.form("suggest_address", border=False):
        url = st.text_input("Address", placeholder="https://luma.com/my-group", max_chars=2_000)
        if st.form_submit_button("Read the page", on_click=mark_changed):
            _begin(url.strip())
    _finish()
    page: Preview | None = st.session_state.get(_PAGE)
    if page is not None:
        _show_known(page.url, found)
        if page.problem:
            st.info(f"{plain(page.problem)} You can write it yourself.")
        if _show_form(page):
            st.session_state.pop(_PAGE, None)
            st.session_state[_DONE] = True
            st.rerun()


def _begin(url: str) -> None:
    """Begin to read a page, unless it is being read already: Enter and then a click on the button are one wish."""
    running: Reading | None = st.session_state.get(_READING)
    if running is not None and running.url == url:
        return
    try:
        st.session_state[_READING] = start_reading(url)
    except SuggestionError as error:
        st.error(plain(str(error)))
    else:
        st.session_state.pop(_PAGE, None)


def _finish() -> None:
    """Wait for the page that is being read."""
    running: Reading | None = st.session_state.get(_READING)
    if running is None:
        return
    with st.spinner("Reading the page; this takes up to 40 seconds …", show_time=True):
        try:
            st.session_state[_PAGE] = running.wait()
        except UsageError as error:
            st.error(plain(str(error)))
    st.session_state.pop(_READING, None)


def _show_known(url: str, found: Found) -> None:
    with reading() as db:
        ids = [each for each in events_at(db, url) if not queries.is_hidden(db, each)]
        known = [queries.find_event(db, event_id) for event_id in ids[:3]]
    if known:
        st.info("This address is listed already. Is yours among these?")
        for published in known:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(published.event.title), width="content")
                link_to_event(published.event, found.selection)


def _show_form(page: Preview) -> bool:
    """Show the form for a source or for an event; return True once something has been suggested."""
    proposal = page.proposal
    if proposal is None:
        return show_event_form(page)
    if proposal.known_as:
        st.info(f"{plain(proposal.known_as)} is read already: its events come by themselves.")
        return show_event_form(page)
    likely = _SOURCE if proposal.toml and proposal.count != 1 else _EVENT
    kind = st.segmented_control(
        "What do you suggest?", list(_KINDS), format_func=_KINDS.__getitem__, default=likely, required=True,
        key=f"kind {page.url}", on_change=mark_changed,
    )  # fmt: skip
    return show_source_form(page, proposal) if kind == _SOURCE else show_event_form(page)


VIEW = View("Suggest events", "suggest", 8, suggest, filters=False, icon=":material/add_circle:")
