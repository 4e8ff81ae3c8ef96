"""Shows the attributions that licences of sources require."""

from __future__ import annotations

import streamlit as st

from dashboard.components.plain import link, plain
from dashboard.loading import Found, load_sources


def show_credits(found: Found) -> None:
    """Show the sources of the events that require attribution, with a link and their licence."""
    listing = found.sources()
    due = sorted(
        {
            (source.attribution, source.licence): source.homepage
            for source in load_sources().values()
            if source.attribution and source.id in listing
        }.items()
    )
    if due:
        said = ", ".join(f"{link(name, homepage)} ({plain(licence)})" for (name, licence), homepage in due)
        st.markdown(f":small[With data of {said}]")
