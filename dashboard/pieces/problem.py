"""What a visitor sees when there is nothing to show: what is wrong and what to do."""

from __future__ import annotations

import streamlit as st

from dashboard.pieces.plain import plain


def show_problem(title: str, message: str, *, clear: bool = False) -> None:
    """Show a problem in words, and a way out of it."""
    st.subheader(title, anchor=False)
    st.info(plain(message))
    if clear:
        st.button("Show all events", on_click=_forget_address)
    else:
        st.markdown("Fill it with `tracker crawl`, or try the practice data: `tracker demo`.")


def _forget_address() -> None:
    st.query_params.clear()
