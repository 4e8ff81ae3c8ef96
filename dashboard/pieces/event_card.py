"""One event on a card."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import streamlit as st

from dashboard.pieces.plain import link, plain
from tracker.models.application_status import application_status, next_deadline
from tracker.models.event import Event
from tracker.models.vocabulary import ApplicationStatus, CostKind, Lifecycle, Mode
from tracker.publishing.wording import deadline_line, when_line
from tracker.reading.places import country_name

_Colour = Literal["red", "orange", "green", "blue", "gray"]
_MODES = {
    Mode.ONLINE: "Online",
    Mode.HYBRID_CHOICE: "or online",
    Mode.HYBRID_REQUIRED: "and online",
}


def show_event(event: Event, now: datetime) -> None:
    """Show a card: what, when, where, by when to apply, and who says so."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall"):
            for each in event.types:
                st.badge(each.value.replace("_", " "), color="blue")
            if event.lifecycle is not Lifecycle.SCHEDULED:
                colour: _Colour = "red" if event.lifecycle is Lifecycle.CANCELLED else "orange"
                st.badge(event.lifecycle.value.replace("_", " "), color=colour)
        st.markdown(f"**{link(event.title, event.link)}**")
        st.markdown(plain(when_line(event.when)))
        st.markdown(plain(_where(event)))
        _show_deadline(event, now)
        facts = [", ".join(event.organizers[:2]), _cost(event)]
        facts.append("listed by " + ", ".join(source.name for source in event.sources))
        st.markdown(f":small[{plain(' · '.join(fact for fact in facts if fact))}]")


def _where(event: Event) -> str:
    said = []
    for place in event.places:
        city = place.city or place.region
        country = country_name(place.country) if place.country else ""
        # Singapore, Singapore
        named = ", ".join(dict.fromkeys(part for part in (city, country) if part))
        said.append(place.raw if place.is_around_city else named or place.raw)
    words = " & ".join(dict.fromkeys(said))
    return f"{words} {_MODES.get(event.mode, '')}".strip() or "Place not announced"


def _show_deadline(event: Event, now: datetime) -> None:
    deadline = next_deadline(event, now)
    if deadline is not None and deadline.closes_at is not None:
        days = (deadline.closes_at - now).days
        colour: _Colour = "red" if days < 7 else "orange" if days < 30 else "green"
        left = "closes today" if days < 1 else f"{days} day{'s' if days != 1 else ''} left"
        st.badge(left, color=colour, help=deadline_line(deadline))
        st.markdown(f":small[{plain(deadline_line(deadline))}]")
        return
    status = application_status(event, now)
    words = {
        ApplicationStatus.CLOSED: "applications closed",
        ApplicationStatus.NOT_YET_OPEN: "applications not yet open",
        ApplicationStatus.ROLLING: "rolling applications",
    }.get(status, "runs again and again" if event.recurring else "")
    if words:
        st.badge(words, color="gray")


def _cost(event: Event) -> str:
    cost = event.cost
    if cost.kind is CostKind.UNKNOWN:
        return ""
    if cost.minimum is not None:
        most = f"–{cost.maximum}" if cost.maximum not in {None, cost.minimum} else ""
        return f"{cost.minimum}{most} {cost.currency}".strip()
    return cost.text or cost.kind.value.capitalize()
