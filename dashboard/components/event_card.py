"""Shows an event as a card, or as a line of a list."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.components.countdown import countdown_badge, deadline_words
from dashboard.components.facts import calendar_links, cost_words, format_places, says_who, type_badges, when_words
from dashboard.components.plain import link, plain
from dashboard.navigation import link_to_event
from dashboard.visitor import base_url, visitor_zone
from tracker.models.application_status import next_deadline
from tracker.models.event import PublishedEvent
from tracker.models.selection import Selection


def show_event(published: PublishedEvent, selection: Selection, now: datetime) -> None:
    """Show a card: title, date, place, next deadline, sources and calendar links."""
    event, zone = published.event, visitor_zone()
    with st.container(border=True, height="stretch", gap="xxsmall"):
        badges = " ".join(part for part in (type_badges(event), countdown_badge(event, now, zone)) if part)
        lines = [badges] if badges else []
        lines += [f"**{link(event.title, event.link)}**", when_words(event, zone), format_places(event)]
        if deadline := next_deadline(event, now):
            lines.append(deadline_words(deadline, zone))
        facts = [plain(", ".join(event.organizers[:2])), plain(cost_words(event)), says_who(event)]
        lines += [f":small[{' · '.join(fact for fact in facts if fact)}]"]
        st.markdown("  \n".join(lines))
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            link_to_event(event, selection)
            st.markdown(f":small[{calendar_links(event, base_url())}]", width="content")


def show_line(published: PublishedEvent, selection: Selection, now: datetime, *, deadline_first: bool = False) -> None:
    """Show an event in a list: title, date, place and next deadline."""
    event, zone = published.event, visitor_zone()
    with st.container(gap="xxsmall"):
        said = [when_words(event, zone), format_places(event)]
        deadline = next_deadline(event, now)
        if deadline_first and deadline:
            said = [f"{countdown_badge(event, now, zone)} {deadline_words(deadline, zone)}", *said]
        elif deadline_first:
            said = [countdown_badge(event, now, zone), *said]
        said = [f"**{link(event.title, event.link)}**", *(part for part in said if part)]
        st.markdown("  \n".join(said))
        link_to_event(event, selection)
