"""The view Suggest: a form with the URL of an event, then its facts as read from the page, for a curator to decide."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components.plain import plain
from dashboard.controls.address import mark_changed
from dashboard.loading import Found, reading
from dashboard.navigation import View, link_to_event
from dashboard.settings import settings
from dashboard.suggestion_form import keep_suggestion, read_page
from dashboard.visitor import main_button
from tracker.clock import current_time
from tracker.curation.event_names import events_at
from tracker.errors import TrackerError, UsageError
from tracker.models.raw_listing import RawListing, RawPlace
from tracker.reading.plain_text import read_text
from tracker.store import queries

_PAGE, _DONE = "suggested_page", "suggested"


def suggest(found: Found) -> None:
    """Show the form in two steps."""
    st.title("Suggest an event", anchor=False)
    if not settings().suggestions:
        st.info("Suggestions are switched off here.")
        return
    if st.session_state.pop(_DONE, False):
        st.success("Thank you. A person looks at it before it appears; that can take some days.")
    st.markdown("Paste the address of its page. We read what is there, and you correct it.")
    with st.form("suggest_address", border=False):
        url = st.text_input("Address of its page", placeholder="https://example.org/event", max_chars=2_000)
        if st.form_submit_button("Read the page", on_click=mark_changed):
            _read(url)
    page = st.session_state.get(_PAGE)
    if page is not None:
        _show_known(page.url, found)
        if page.problem:
            st.info(f"{plain(page.problem)} You can write it yourself.")
        _show_form(page.url, list(page.listings))


def _read(url: str) -> None:
    st.session_state.pop(_PAGE, None)
    with st.spinner("Reading the page; this takes up to 40 seconds …", show_time=True):
        try:
            st.session_state[_PAGE] = read_page(url)
        except UsageError as error:
            st.error(plain(str(error)))


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


def _show_form(url: str, listings: list[RawListing]) -> None:
    chosen = RawListing(source="suggested", page_url=url, fetched_at=current_time(), url=url)
    if len(listings) > 1:
        number = st.selectbox(
            "Which of these?", range(len(listings)), on_change=mark_changed,
            format_func=lambda each: f"{listings[each].title[:80]}, {listings[each].starts[:25]}",
        )  # fmt: skip
        chosen = listings[number]
    elif listings:
        chosen = listings[0]
    key = f"{url} {chosen.source_id} {chosen.starts}"
    with st.form(f"suggest {key}"):
        title = st.text_input("Title", value=read_text(chosen.title)[:255], max_chars=255)
        when = st.text_input(
            "When", value=_when(chosen), max_chars=300, placeholder="12 March 2027, 18:00-20:00 Berlin time"
        )
        where = st.text_input(
            "Where", value=_where(chosen), max_chars=300, placeholder="Trajan House, Oxford, UK, or: online"
        )
        note = st.text_area("Anything else we should know", max_chars=1_000)
        values: dict[str, Any] = {"chosen": chosen, "title": title, "when": when, "where": where, "note": note}
        if st.form_submit_button("Suggest it", type=main_button(), on_click=mark_changed):
            _keep(url, values)


def _keep(url: str, values: dict[str, Any]) -> None:
    chosen: RawListing = values["chosen"]
    changed: dict[str, Any] = {"title": values["title"]}
    if values["when"] != _when(chosen):
        changed |= {"starts": values["when"], "ends": "", "timezone": "", "approximate": "", "end_is_exclusive": False}
    if values["where"] != _where(chosen):
        changed |= {"places": (RawPlace(text=values["where"]),) if values["where"].strip() else (), "mode": ""}
    try:
        keep_suggestion(
            chosen.model_copy(
                update={**changed, "url": chosen.url if chosen.url.startswith(("http://", "https://")) else url}
            ),
            values["note"],
        )
    except TrackerError as error:
        st.error(plain(str(error)))
    else:
        st.session_state.pop(_PAGE, None)
        st.session_state[_DONE] = True
        st.rerun()


def _when(raw: RawListing) -> str:
    return " – ".join(part for part in (raw.starts, raw.ends) if part) or raw.approximate


def _where(raw: RawListing) -> str:
    places = [", ".join(filter(None, (each.text, each.venue, each.city, each.country))) for each in raw.places]
    return " & ".join(places) or raw.mode


VIEW = View("Suggest an event", "suggest", 8, suggest, filters=False, icon=":material/add_circle:")
