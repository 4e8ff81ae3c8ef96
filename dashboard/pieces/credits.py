"""Credit where a licence asks for it."""

from __future__ import annotations

import streamlit as st

from dashboard.loading import Found, load_sources
from dashboard.pieces.plain import link, plain


def show_credits(found: Found) -> None:
    """Name the sources of what is shown that ask for credit, with a link and their licence."""
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
