"""The view Table: a sortable table of events, with a CSV download."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.loading import Found
from dashboard.navigation import View
from dashboard.visitor import base_url, visitor_zone
from tracker.models.application_status import next_deadline
from tracker.models.event import Event
from tracker.publishing.countdown import left_words
from tracker.publishing.phrases import humanize

MOST = 5_000


def table(found: Found) -> None:
    """Show the events as a table."""
    st.link_button(
        "Download as CSV", f"{base_url()}/events.csv?{found.selection.to_query()}", icon=":material/download:"
    )
    shown = [each.event for each in found.events(found.rows[:MOST])]
    if len(found) > MOST:
        st.markdown(f":small[The first {MOST:,} of {len(found):,}: the CSV has all, and filters narrow the table.]")
    st.dataframe(
        pd.DataFrame([_row(each, found.now, visitor_zone()) for each in shown]),
        hide_index=True, height=640, key="table", alt=f"A table of {len(shown)} events.",
        column_config={
            "Starts": st.column_config.DateColumn(format="YYYY-MM-DD"),
            "Ends": st.column_config.DateColumn(format="YYYY-MM-DD"),
            # The day in the deadline's own zone: what the organiser wrote.
            "Apply by": st.column_config.DateColumn(format="YYYY-MM-DD"),
            "Link": st.column_config.LinkColumn(display_text="Open"),
        },
    )  # fmt: skip


def _row(event: Event, now: datetime, zone: str) -> dict[str, Any]:
    exact = event.when.is_exact_to_the_day
    deadline = next_deadline(event, now)
    return {
        "Event": event.title,
        "Type": ", ".join(humanize(each.value) for each in event.types),
        "Starts": event.when.first_day if exact else None,
        "Ends": event.when.last_day if exact else None,
        "Date in words": "" if exact else event.when.text,
        "Where": " & ".join(dict.fromkeys(place.label for place in event.places)) or humanize(event.mode.value),
        "Apply by": deadline.day if deadline else None,
        "Left": left_words(event, deadline, now, zone) if deadline else "",
        "Cost": event.cost.text or humanize(event.cost.kind.value).replace("Unknown", ""),
        "Organiser": ", ".join(event.organizers),
        "Link": event.url or f"{base_url()}/events/{event.id}",
    }


VIEW = View("Table", "table", 6, table, icon=":material/table_rows:")
