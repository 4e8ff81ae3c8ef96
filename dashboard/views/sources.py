"""Sources: who we read, how well that goes, and the credit they are due."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.loading import Found, SourceState, load_source_states
from dashboard.navigation import View
from dashboard.pieces.header import ago
from dashboard.pieces.plain import link, plain
from tracker.health.diagnosis import verdict_words
from tracker.models.vocabulary import Verdict

_WELL = {Verdict.HEALTHY, Verdict.UNCHANGED}


def sources(found: Found) -> None:
    """Show a line for every source, and what is wrong with some in words."""
    states = load_source_states()
    well = sum(each.run is not None and each.run.verdict in _WELL for each in states)
    st.title(f"{len(states)} sources, {well} of them read without trouble", anchor=False)
    st.markdown(
        "A source that fails, empties or floods changes nothing here: its events stay as they were when it was last "
        "read well, and it is tried again."
    )
    rows = [_row(each, found) for each in states]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, height="content", key="sources", alt="The sources and their state.",
        column_config={
            "Homepage": st.column_config.LinkColumn(display_text="Open"),
            "Listings over time": st.column_config.LineChartColumn(y_min=0, width="small"),
        },
    )  # fmt: skip
    troubled = [each for each in states if each.run is not None and each.run.verdict not in _WELL]
    if troubled:
        st.header("What is wrong", anchor=False)
        st.markdown(
            "\n".join(
                f"- **{plain(each.source.name)}** {verdict_words(each.run.verdict)}: {plain(each.run.message)}"
                for each in troubled
                if each.run is not None
            )
        )
    st.header("Credit and licences", anchor=False)
    due = [each.source for each in states if each.source.attribution or each.source.licence]
    st.markdown(
        "\n".join(
            f"- {link(each.attribution or each.name, each.homepage)}: {plain(each.licence or 'no licence stated')}"
            for each in due
        )
        or "No source asks for credit."
    )


def _row(state: SourceState, found: Found) -> dict[str, object]:
    source, run = state.source, state.run
    return {
        "Source": source.name,
        "State": verdict_words(run.verdict) if run else "not crawled yet",
        "Last success": ago(found.now, state.success) if state.success else "never",
        "Upcoming events": state.upcoming,
        "Listings over time": list(state.trend),
        "Kind": source.tier.value,
        "Platform": source.platform,
        "Licence": source.licence,
        "Homepage": source.homepage,
    }


VIEW = View("Sources", "sources", 8, sources, filters=False, icon=":material/sensors:")
