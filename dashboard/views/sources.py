"""The view Sources: the sources, their states, attributions and licences."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components.header import relative_time
from dashboard.components.plain import link, plain
from dashboard.loading import Found, SourceRow, load_source_rows
from dashboard.navigation import View
from tracker.health.diagnosis import state_words
from tracker.models.run import State


def sources(found: Found) -> None:
    """Show a row for each source, and the problems in words."""
    known = load_source_rows()
    well = sum(each.state.state is State.HEALTHY for each in known)
    st.title(f"{len(known)} sources, {well} of them read without trouble", anchor=False)
    st.markdown(
        "A source that fails, empties or floods changes nothing here: its events stay as they were when it was last "
        "read well, and it is tried again."
    )
    rows = [_row(each, found) for each in known]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, height="content", key="sources", alt="The sources and their state.",
        column_config={
            "Homepage": st.column_config.LinkColumn(display_text="Open"),
            "Listings over time": st.column_config.LineChartColumn(y_min=0, width="small"),
        },
    )  # fmt: skip
    troubled = [each for each in known if not each.state.is_ok]
    if troubled:
        st.header("What is wrong", anchor=False)
        st.markdown(
            "\n".join(
                f"- **{plain(each.source.name)}** {state_words(each.state)}: {plain(each.state.message)}"
                for each in troubled
            )
        )
    st.header("Credit and licences", anchor=False)
    due = [each.source for each in known if each.source.attribution or each.source.licence]
    st.markdown(
        "\n".join(
            f"- {link(each.attribution or each.name, each.homepage)}: {plain(each.licence or 'no licence stated')}"
            for each in due
        )
        or "No source asks for credit."
    )


def _row(row: SourceRow, found: Found) -> dict[str, object]:
    source, state = row.source, row.state
    return {
        "Source": source.name,
        "State": state_words(state),
        "Last success": relative_time(found.now, state.last_success) if state.last_success else "never",
        "Upcoming events": row.upcoming,
        "Listings over time": list(state.trend),
        "Kind": source.tier.value,
        "Platform": source.platform,
        "Licence": source.licence,
        "Homepage": source.homepage,
    }


VIEW = View("Sources", "sources", 8, sources, filters=False, icon=":material/sensors:")
