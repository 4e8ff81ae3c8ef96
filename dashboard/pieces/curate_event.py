"""What a curator may decide about one event, below everything that is known of it."""

from __future__ import annotations

import streamlit as st

from dashboard.controls.decisions import decide
from dashboard.curator import is_curator
from dashboard.loading import load_rulings_about
from dashboard.pieces.plain import plain
from dashboard.pieces.ruling_line import show_ruling
from tracker.curating import decisions
from tracker.curating.sitting import Sitting
from tracker.models.listing import ListingKey
from tracker.models.ruling import FIELDS, RulingKind
from tracker.publishing.pages import EventPage
from tracker.publishing.wording import field_words, plain_words


def show_curation(page: EventPage) -> None:
    """Show the decisions that a curator may take; nothing to anybody else."""
    if not is_curator():
        return
    st.divider()
    st.header("Decide", anchor=False)
    st.markdown(f":small[Event {page.event.id}. Every decision stands whatever sources say later, and can be undone.]")
    note = st.text_input("Why (for those who read it later)", key="ruling_note", max_chars=300)
    edit, merge, hide = st.tabs(["Set or lock a field", "Merge or split", "Hide"])
    with edit:
        _show_edit(page, note)
    with merge:
        _show_merge(page, note)
    with hide:
        st.markdown("Shown nowhere; calendars that have it are told that it is cancelled.")
        st.button("Hide this event", on_click=_hide, args=(page, note), icon=":material/visibility_off:")
    for number, ruling in load_rulings_about(page).items():
        show_ruling(number, ruling)


def _show_edit(page: EventPage, note: str) -> None:
    field = st.selectbox("Field", FIELDS, format_func=plain_words, key="ruling_field")
    st.markdown(f":small[Published now: {plain(field_words(page.event, field))[:500]}]")
    value = st.text_input("New value, as a source would write it", key="ruling_value", max_chars=2_000)
    with st.container(horizontal=True):
        st.button("Set it", on_click=_edit, args=(page, field, value, note), disabled=not value)
        st.button("Lock it as it is", on_click=_lock, args=(page, field, note))


def _show_merge(page: EventPage, note: str) -> None:
    other = st.text_input("The same as (an event's id, or its address)", key="ruling_other", max_chars=2_000)
    st.button("Merge them", on_click=_merge, args=(page, other.strip(), note), disabled=not other.strip())
    if len(page.listings) > 1:
        st.markdown("Listings behind this event that are another one:")
        for listing, _ in page.listings:
            name = page.source_names.get(listing.source, listing.source)
            st.button(
                f"Split off {plain(name)}: {plain(listing.title[:80])}", key=f"split_{listing.key}",
                on_click=_split, args=(page, listing.key, note),
            )  # fmt: skip


def _hide(page: EventPage, note: str) -> None:
    def make(sitting: Sitting, who: str) -> None:
        sitting.done.append(decisions.decide_hidden(sitting.db, page.event.id, sitting.now, note, who))

    decide(f"Hidden: {page.event.title}", make)


def _edit(page: EventPage, field: str, value: str, note: str) -> None:
    def make(sitting: Sitting, who: str) -> None:
        sitting.done.append(decisions.decide_edit(sitting.db, page.event.id, field, value, sitting.now, note, who))

    decide(f"{plain_words(field)} is set", make)


def _lock(page: EventPage, field: str, note: str) -> None:
    def make(sitting: Sitting, who: str) -> None:
        sitting.done.append(decisions.decide_locked(sitting.db, page.event.id, field, sitting.now, note, who))

    decide(f"{plain_words(field)} is locked", make)


def _merge(page: EventPage, other: str, note: str) -> None:
    def make(sitting: Sitting, who: str) -> None:
        kind, own = RulingKind.SAME, page.event.id
        sitting.done.append(decisions.decide_pair(sitting.db, kind, own, other, sitting.now, note, who))

    decide("Merged", make)


def _split(page: EventPage, key: ListingKey, note: str) -> None:
    def make(sitting: Sitting, who: str) -> None:
        for listing, _ in page.listings:
            if listing.key != key:
                kind, other = RulingKind.DIFFERENT, str(listing.key)
                sitting.done.append(decisions.decide_pair(sitting.db, kind, str(key), other, sitting.now, note, who))

    decide("Split off", make)
