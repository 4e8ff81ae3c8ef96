"""Credit where a licence asks for it."""

from __future__ import annotations

import streamlit as st

from dashboard.loading import Loaded
from dashboard.pieces.plain import link, plain


def show_credits(loaded: Loaded) -> None:
    """Name the sources that ask for credit, with a link and their licence."""
    due = {
        (source.attribution, source.homepage, source.licence)
        for published in loaded.found
        for source in published.event.sources
        if source.attribution
    }
    if due:
        said = ", ".join(f"{link(name, homepage)} ({plain(licence)})" for name, homepage, licence in sorted(due))
        st.markdown(f":small[With data of {said}]")
