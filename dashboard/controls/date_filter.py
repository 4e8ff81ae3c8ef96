"""The date filter: named spans, or a first and a last day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import streamlit as st

from dashboard.components.labels import value_words
from dashboard.controls.address import PROBLEM, choose, chosen_now, set_selection, with_values
from dashboard.controls.widgets import is_current, sync_widget
from dashboard.loading import Found
from dashboard.visitor import visitor_zone
from tracker.errors import SelectionError
from tracker.models.moments import day_of
from tracker.models.selection import Selection
from tracker.models.selection_values import write_day


def presets(now: datetime) -> dict[str, tuple[str, str]]:
    """Return the named spans as (from, to) values of the URL."""
    today = day_of(now, visitor_zone())
    quarter = (today.month - 1) // 3 + 1
    after = date(today.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return {
        # A week from now, not until Sunday: on a Sunday evening that would be nothing.
        "Next 7 days": ("today", "+7d"),
        "Next 30 days": ("today", "+30d"),
        "This quarter": ("today", (after - timedelta(days=1)).isoformat()),
    }


def show_when(found: Found) -> None:
    """Show the date filter."""
    selection = found.selection
    named = {span: name for name, span in presets(found.now).items()}
    label = named.get(_span(selection)) or when_words(selection) or "Any date"
    with st.popover(label, icon=":material/calendar_today:"):
        show_spans(found)


def show_spans(found: Found, twin: str = "") -> None:
    """Show the named spans, and the first and the last day."""
    selection = found.selection
    named = {span: name for name, span in presets(found.now).items()}
    key = sync_widget("span", named.get(_span(selection)), twin)
    st.pills("Date", list(named.values()), key=key, on_change=_choose_preset, args=(found.now, key))
    days = (selection.starts_from, selection.starts_to)
    for name, label, day in zip(("from", "to"), ("From", "To"), days, strict=True):
        key = sync_widget(name, day if isinstance(day, date) else None, twin)
        st.date_input(label, value=None, key=key, format="YYYY-MM-DD", on_change=_choose_day, args=(name, key))


def when_words(selection: Selection) -> str:
    """Return the chosen span in words: ``from today to in 30 days``; empty without one."""
    start, end = (value_words(name, value) for name, value in zip(("from", "to"), _span(selection), strict=True))
    return " ".join(part for part in (f"from {start}" if start else "", f"to {end}" if end else "") if part)


def _span(selection: Selection) -> tuple[str, str]:
    start, end = selection.starts_from, selection.starts_to
    return ("" if start is None else write_day(start), "" if end is None else write_day(end))


def _choose_preset(now: datetime, key: str) -> None:
    if not is_current("span", key):
        return
    start, end = presets(now).get(st.session_state[key], ("", ""))
    selection = chosen_now()
    set_selection(with_values(selection, {"from": [start] if start else [], "to": [end] if end else []}))


def _choose_day(name: str, key: str) -> None:
    if not is_current(name, key):
        return
    day = st.session_state[key]
    selection = chosen_now()
    other = "to" if name == "from" else "from"
    values = {name: [day.isoformat()] if day else []}
    try:
        with_values(selection, values)
    except SelectionError:
        # The first day is after the last one: the one chosen last is kept.
        set_selection(with_values(selection, {**values, other: []}))
        st.session_state[PROBLEM] = "The other day was taken away: it lay on the wrong side of this one."
    else:
        choose(name, values[name])
