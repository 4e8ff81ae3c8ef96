"""Shows suggested sources to curators: what would be read of each, its source file, and the decision."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.components.plain import link, plain
from dashboard.components.suggest_source import summary_line
from dashboard.controls.address import mark_changed
from dashboard.controls.decisions import decide, say
from dashboard.curator import curator
from dashboard.settings import settings
from dashboard.turns import turns
from tracker.curation import visitor_suggestions
from tracker.models.suggestion import SourceSuggestion
from tracker.probing.preview import add_suggested

_NO_PLATFORM = "No platform reads it yet: it needs selectors, or entries by hand (docs/sources.md)."


def show_source_suggestions(waiting: Mapping[int, SourceSuggestion]) -> None:
    """Show the suggested sources that wait to be decided."""
    for number, suggestion in waiting.items():
        proposal = suggestion.proposal
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{plain(proposal.name)}**, a source  \n{link(proposal.url, proposal.url)}")
            st.markdown(plain(summary_line(proposal)) if proposal.toml else _NO_PLATFORM)
            if suggestion.examples:
                st.markdown("\n".join(f"- {plain(each)}" for each in suggestion.examples))
            if proposal.missing:
                st.markdown(f":small[What it does not say: {plain(proposal.missing)}.]")
            if suggestion.note:
                st.markdown(f":small[“{plain(suggestion.note)}”]")
            if proposal.toml:
                with st.expander("Its source file", key=f"file_{number}", on_change=mark_changed):
                    st.code(proposal.toml, language=None)
            with st.container(horizontal=True):
                if proposal.toml:
                    st.button("Add this source", key=f"add_{number}", on_click=_add, args=(number, proposal.name))
                st.button("Take it away", key=f"refuse_{number}", on_click=_refuse, args=(number, proposal.name))


def _add(number: int, name: str) -> None:
    mark_changed()
    who = curator()
    if not who:
        say("Not decided: you are not logged in as a curator any more.", is_error=True)
        return
    with turns.lent():
        problem = add_suggested(settings(), number, who)
    if problem:
        say(f"{name} is not added: {problem}", is_error=True)
    else:
        say(f"Added: {name}. The next crawl reads it.", is_error=False)


def _refuse(number: int, name: str) -> None:
    decide(f"Taken away: {name}", lambda session, who: visitor_suggestions.refuse(session.db, number, session.now, who))
