"""The view Table: a sortable table of events whose rows lead to their pages, with a CSV download."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.controls.widgets import widget_key
from dashboard.loading import Found
from dashboard.navigation import View, open_event
from dashboard.visitor import base_url, visitor_zone
from tracker.models.application_status import next_deadline
from tracker.models.event import Event
from tracker.models.moments import When, zone_of
from tracker.publishing.countdown import left_words
from tracker.publishing.phrases import fact_words, format_places, format_when, humanize, zone_words

MOST = 1_000
"""Maximum number of rows: a browser takes half a second for five thousand."""
_FEW = 17
"""Number of rows up to which the table is as high as they are."""
_DAY = "ddd D MMM YYYY"
_LINK = "Organiser's page"


def table(found: Found) -> None:
    """Show the events as a table."""
    st.link_button(
        "Download as CSV", f"{base_url()}/events.csv?{found.selection.to_query()}", icon=":material/download:"
    )
    shown = [each.event for each in found.events(found.rows[:MOST])]
    if len(found) > MOST:
        st.markdown(f":small[The first {MOST:,} of {len(found):,}: the CSV has all, and filters narrow the table.]")
    st.markdown(":small[A click on a row opens the event; a click on a heading sorts.]")
    chosen = st.dataframe(
        pd.DataFrame([_row(each, found.now, visitor_zone()) for each in shown]),
        hide_index=True, height=640 if len(shown) > _FEW else "content", key=widget_key("table"), placeholder="",
        alt=f"A table of {len(shown)} events.",
        on_select="rerun", selection_mode="single-cell",
        column_config={
            "Event": st.column_config.TextColumn(width="large"),
            "Where": st.column_config.TextColumn(width="medium"),
            **{name: st.column_config.DateColumn(format=_DAY) for name in ("Starts", "Ends", "Apply by")},
            _LINK: st.column_config.LinkColumn(display_text="Open"),
        },
    )  # fmt: skip
    cells = chosen.selection.cells
    if cells and cells[0][1] != _LINK:
        open_event(shown[cells[0][0]], found.selection)


def _row(event: Event, now: datetime, zone: str) -> dict[str, Any]:
    exact = event.when.is_exact_to_the_day
    deadline = next_deadline(event, now)
    return {
        "Event": event.title,
        "Type": ", ".join(humanize(each.value) for each in event.types),
        "Starts": event.when.first_day if exact else None,
        "Ends": event.when.last_day if exact else None,
        "Time": _time_words(event.when),
        "Where": format_places(event),
        # The day in the deadline's own zone: what the organiser wrote.
        "Apply by": deadline.day if deadline else None,
        "Left": left_words(event, deadline, now, zone) if deadline else "",
        "Cost": fact_words(event, "cost"),
        "Organiser": ", ".join(event.organizers),
        _LINK: event.link,
    }


def _time_words(when: When) -> str:
    """Return what the days leave to say: the clock times at the place, or the words for a date that is not certain."""
    if not when.is_exact_to_the_day:
        return format_when(when)
    if not isinstance(when.start, datetime):
        return ""
    begins = when.start.astimezone(zone_of(when.timezone))
    until = f"–{when.end.astimezone(begins.tzinfo):%H:%M}" if isinstance(when.end, datetime) else ""
    return f"{begins:%H:%M}{until} {zone_words(when.timezone)}"


VIEW = View("Table", "table", 6, table, is_sorted=True, icon=":material/table_rows:")
