"""Table: every event on a line, sortable, to take away as CSV."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.loading import Found
from dashboard.navigation import View
from dashboard.visitor import base_url, visitor_zone
from tracker.models.application_status import TO_ENTER
from tracker.models.brief import Brief
from tracker.publishing.phrases import plain_words

MOST = 5_000


def table(found: Found) -> None:
    """Show the rows."""
    st.link_button(
        "Download as CSV", f"{base_url()}/events.csv?{found.selection.to_query()}", icon=":material/download:"
    )
    shown = found.briefs(found.positions[:MOST])
    if len(found) > MOST:
        st.markdown(f":small[The first {MOST:,} of {len(found):,}: the CSV has all, and filters narrow the table.]")
    st.dataframe(
        pd.DataFrame([_row(each, found.now) for each in shown]),
        hide_index=True, height=640, key="table", alt=f"A table of {len(shown)} events.",
        column_config={
            "Starts": st.column_config.DateColumn(format="YYYY-MM-DD"),
            "Ends": st.column_config.DateColumn(format="YYYY-MM-DD"),
            "Apply by": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone=visitor_zone()),
            "Link": st.column_config.LinkColumn(display_text="Open"),
        },
    )  # fmt: skip


def _row(brief: Brief, now: datetime) -> dict[str, Any]:
    exact = brief.when.is_exact_to_the_day
    entering = (each.closes_at for each in brief.deadlines if each.kind in TO_ENTER)
    closing = min((each for each in entering if each and each > now), default=None)
    return {
        "Event": brief.title,
        "Type": ", ".join(plain_words(each.value) for each in brief.types),
        "Starts": brief.when.first_day if exact else None,
        "Ends": brief.when.last_day if exact else None,
        "Date in words": "" if exact else brief.when.text,
        "Where": " & ".join(dict.fromkeys(place.label for place in brief.places)) or plain_words(brief.mode.value),
        "Apply by": closing,
        "Cost": brief.cost.text or plain_words(brief.cost.kind.value).replace("Unknown", ""),
        "Organiser": ", ".join(brief.organizers),
        "Link": brief.url or f"{base_url()}/events/{brief.id}",
    }


VIEW = View("Table", "table", 6, table, icon=":material/table_rows:")
