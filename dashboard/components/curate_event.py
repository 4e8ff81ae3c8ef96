"""Shows a curator's controls for one event, and rulings as lines with Undo."""

from __future__ import annotations

import streamlit as st

from dashboard.components.plain import plain
from dashboard.controls.address import mark_changed
from dashboard.controls.decisions import decide
from dashboard.curator import is_curator
from dashboard.loading import load_rulings_about
from tracker.curation import decisions
from tracker.curation.decisions import undo_ruling_number
from tracker.curation.review_session import ReviewSession
from tracker.models.listing import ListingKey
from tracker.models.ruling import FIELDS, Ruling, RulingKind
from tracker.publishing.pages import EventPage
from tracker.publishing.phrases import field_words, humanize, instant_words


def show_ruling(number: int, ruling: Ruling) -> None:
    """Show a ruling with a button that undoes it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Take back", key=f"undo_{number}", on_click=_undo, args=(number,), icon=":material/undo:")
        who = ruling.by or "on the command line"
        why = f": “{plain(ruling.note)}”" if ruling.note else ""
        said = f"**{number}** {plain(str(ruling))}  \n:small[{plain(who)}, {instant_words(ruling.at)}{why}]"
        st.markdown(said, width="stretch")


def _undo(number: int) -> None:
    def make(session: ReviewSession, who: str) -> None:
        undo_ruling_number(session.db, number, session.now, who)

    decide(f"Ruling {number} is taken back", make)


def show_curation(page: EventPage) -> None:
    """Show the decisions that a curator can make; nothing to other visitors."""
    if not is_curator():
        return
    st.divider()
    st.header("Decide", anchor=False)
    st.markdown(f":small[Event {page.event.id}. Every decision stands whatever sources say later, and can be undone.]")
    st.text_input("Why (for those who read it later)", key=_key(page, "note"), max_chars=300, on_change=mark_changed)
    edit, merge, hide = st.tabs(["Set or lock a field", "Merge or split", "Hide"])
    with edit:
        _show_edit(page)
    with merge:
        _show_merge(page)
    with hide:
        st.markdown("Shown nowhere; calendars that have it are told that it is cancelled.")
        st.button("Hide this event", on_click=_hide, args=(page,), icon=":material/visibility_off:")
    for number, ruling in load_rulings_about(page).items():
        show_ruling(number, ruling)


def _show_edit(page: EventPage) -> None:
    field = st.selectbox("Field", FIELDS, format_func=humanize, key=_key(page, "field"), on_change=mark_changed)
    st.markdown(f":small[Published now: {plain(field_words(page.event, field))[:500]}]")
    # A form submits its values together with the click.
    with st.form(_key(page, "edit"), border=False):
        st.text_input("New value, as a source would write it", key=_key(page, "value"), max_chars=2_000)
        with st.container(horizontal=True):
            st.form_submit_button("Set it", on_click=_edit, args=(page, field))
            st.form_submit_button("Lock it as it is", on_click=_lock, args=(page, field))


def _show_merge(page: EventPage) -> None:
    with st.form(_key(page, "merge"), border=False):
        st.text_input("The same as (an event's id, or its address)", key=_key(page, "other"), max_chars=2_000)
        st.form_submit_button("Merge them", on_click=_merge, args=(page,))
    if len(page.listings) > 1:
        st.markdown("Listings behind this event that are another one:")
        for listing, _ in page.listings:
            name = page.source_names.get(listing.source, listing.source)
            st.button(
                f"Split off {plain(name)}: {plain(listing.title[:80])}", key=f"split_{listing.key}",
                on_click=_split, args=(page, listing.key),
            )  # fmt: skip


def _key(page: EventPage, name: str) -> str:
    return f"ruling_{name}_{page.event.id}"


def _typed(page: EventPage, name: str) -> str:
    """Return the text of an input. For use in callbacks."""
    return str(st.session_state.get(_key(page, name), "")).strip()


def _hide(page: EventPage) -> None:
    note = _typed(page, "note")

    def make(session: ReviewSession, who: str) -> None:
        session.done.append(decisions.decide_hidden(session.db, page.event.id, session.now, note, who))

    decide(f"Hidden: {page.event.title}", make)


def _edit(page: EventPage, field: str) -> None:
    value, note = _typed(page, "value"), _typed(page, "note")

    def make(session: ReviewSession, who: str) -> None:
        session.done.append(decisions.decide_edit(session.db, page.event.id, field, value, session.now, note, who))

    decide(f"{humanize(field)} is set", make)


def _lock(page: EventPage, field: str) -> None:
    note = _typed(page, "note")

    def make(session: ReviewSession, who: str) -> None:
        session.done.append(decisions.decide_locked(session.db, page.event.id, field, session.now, note, who))

    decide(f"{humanize(field)} is locked", make)


def _merge(page: EventPage) -> None:
    other, note = _typed(page, "other"), _typed(page, "note")

    def make(session: ReviewSession, who: str) -> None:
        kind, own = RulingKind.SAME, page.event.id
        session.done.append(decisions.decide_pair(session.db, kind, own, other, session.now, note, who))

    decide("Merged", make)


def _split(page: EventPage, key: ListingKey) -> None:
    note = _typed(page, "note")

    def make(session: ReviewSession, who: str) -> None:
        for listing, _ in page.listings:
            if listing.key != key:
                kind, other = RulingKind.DIFFERENT, str(listing.key)
                session.done.append(decisions.decide_pair(session.db, kind, str(key), other, session.now, note, who))

    decide("Split off", make)
