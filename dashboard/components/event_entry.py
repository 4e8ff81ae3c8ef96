"""Shows an event as an entry of a list: the day beside it, title, place and organiser, one line of facts, and "Add"."""

from __future__ import annotations

from datetime import date, datetime

import streamlit as st

from dashboard.components.countdown import countdown_badge
from dashboard.components.facts import (
    add_links,
    cost_words,
    date_words,
    deadline_rail,
    rail_words,
    says_who,
    span_words,
    type_badges,
    where_words,
)
from dashboard.components.fit import fit_words
from dashboard.components.plain import plain
from dashboard.navigation import event_link
from dashboard.visitor import base_url, visitor_zone
from tracker.fitting.ranking import Fitness
from tracker.models.application_status import next_deadline
from tracker.models.event import Event, PublishedEvent
from tracker.models.moments import day_of
from tracker.models.selection import Selection
from tracker.publishing.phrases import deadline_line


def show_entry(published: PublishedEvent, selection: Selection, now: datetime, fitness: Fitness | None = None, *,
               by_deadline: bool = False) -> None:  # fmt: skip
    """Show an event in a list. An event may stand on a page only once.

    Args:
        published: the event.
        selection: the filters, which its link keeps.
        now: the current time.
        fitness: why it fits, if that was asked.
        by_deadline: whether the day of its deadline stands beside it, and its own day among the facts.
    """
    event, zone = published.event, visitor_zone()
    with st.container(key=f"entry_{event.id}", horizontal=True, wrap=False, gap="small"):
        st.markdown(deadline_rail(event, now) if by_deadline else rail_words(event, now, zone), width="content")
        with st.container(gap=None):
            st.markdown(_body(event, selection, now, zone, by_deadline=by_deadline))
            if fitness:
                st.markdown(fit_words(fitness))
        show_add(event)


def show_add(event: Event) -> None:
    """Show the menu that adds an event to a calendar, or copies its address."""
    with st.popover("Add", type="tertiary", icon=":material/calendar_add_on:", key=f"add_{event.id}"):
        st.markdown("\n".join(f"- {each}" for each in add_links(event, base_url())))


def shown_day(event: Event, zone: str) -> date | None:
    """Return the day that stands beside an event: on the visitor's clock if one attends online only."""
    start = event.when.start
    if isinstance(start, datetime) and not event.places:
        return day_of(start, zone)
    return event.when.first_day


def _body(event: Event, selection: Selection, now: datetime, zone: str, *, by_deadline: bool) -> str:
    lines = [f"### {event_link(event, selection)}"]
    span = date_words(event, zone) if by_deadline else span_words(event, zone)
    host = plain(", ".join(event.organizers[:2])) or says_who(event)
    lines.append(" · ".join(part for part in (span, where_words(event), f":gray[{host}]") if part))
    badge, deadline = countdown_badge(event, now, zone), next_deadline(event, now)
    facts = [type_badges(event), plain(cost_words(event)), plain(deadline_line(deadline)) if deadline else "", badge]
    lines.append(f":small[{' · '.join(fact for fact in facts if fact)}]")
    return f"{lines[0]}\n" + "  \n".join(line for line in lines[1:] if line != ":small[]")
