"""Shows what would be read of a suggested source, in words, and the button that suggests it."""

from __future__ import annotations

import streamlit as st

from dashboard.components.plain import plain
from dashboard.components.suggest_event import event_line
from dashboard.controls.address import mark_changed
from dashboard.suggestion_form import keep_source
from dashboard.visitor import main_button
from tracker.errors import TrackerError
from tracker.models.suggestion import SourceProposal
from tracker.probing.preview import Preview

EXAMPLES = 5
_BY_HAND = (
    "No program can read the events of this page by itself yet. Suggest it all the same, and a person looks at how it "
    "could be read. What works best is a calendar: on Luma or Meetup the group's own page, of Google Calendar the "
    "public address that its settings name, of any website the address that ends in .ics."
)


def show_source_form(page: Preview, proposal: SourceProposal) -> bool:
    """Show what would be read of a source, and what it is called; return True once it has been suggested."""
    examples = [event_line(each) for each in page.listings[: min(EXAMPLES, proposal.upcoming or EXAMPLES)]]
    if proposal.toml:
        st.markdown(plain(summary_line(proposal)))
        if examples:
            st.markdown("\n".join(f"- {plain(each)}" for each in examples))
        if proposal.count > len(examples) > 0:
            st.markdown(f":small[and {proposal.count - len(examples)} more]")
        if proposal.missing:
            st.markdown(f":small[What it does not say: {plain(proposal.missing)}.]")
        st.markdown("Once a person has agreed, its events appear here by themselves, and follow what it changes.")
    else:
        st.info(_BY_HAND)
    name = st.text_input(
        "Who publishes it", proposal.name, max_chars=80, placeholder="AI Safety Oslo", key=f"name {page.url}",
        on_change=mark_changed,
    )  # fmt: skip
    note = st.text_area(
        "Anything else we should know", max_chars=1_000, key=f"note {page.url}", on_change=mark_changed,
        placeholder="All events are in Oslo; times are local.",
    )  # fmt: skip
    if st.button("Suggest this source", type=main_button(), on_click=mark_changed):
        try:
            keep_source(proposal, name, examples, note)
        except TrackerError as error:
            st.error(plain(str(error)))
        else:
            return True
    return False


def summary_line(proposal: SourceProposal) -> str:
    """Return what a source is, in words: ``Luma calendar with 12 events, 5 of them to come.``"""
    kind = f"{proposal.kind[:1].upper()}{proposal.kind[1:]}"
    if not proposal.count:
        return f"{kind}. There is nothing in it today; it is looked at again and again."
    events = "1 event" if proposal.count == 1 else f"{proposal.count} events"
    coming = "to come" if proposal.upcoming == proposal.count else f"{proposal.upcoming} of them to come"
    return f"{kind} with {events}, {coming}."
