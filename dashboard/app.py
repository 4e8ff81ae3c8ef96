"""The Streamlit entry script: reads the selection from the URL, shows the filters, then the view.

``streamlit run dashboard/app.py`` imports it first, and finds an app with the theme and the feeds of ``tracker serve``.
"""

from __future__ import annotations

import streamlit as st

from dashboard.components.empty_state import show_empty_state
from dashboard.components.header import show_credits, show_header
from dashboard.components.problem import show_store_problem
from dashboard.controls.address import find_what_is_known, read_address
from dashboard.controls.filters import show_filters
from dashboard.curator import is_curator
from dashboard.hosting import alone
from dashboard.loading import load_source_names
from dashboard.navigation import page_of, show_navigation, show_way_back, views
from dashboard.reconnection import first_click_kept
from dashboard.suggestion_form import visitor
from dashboard.turns import turns
from tracker.errors import StoreError


def show_page() -> None:
    """Show the view that the URL names."""
    st.set_page_config(page_icon="🗓️", layout="wide")
    pages = {view.path: page_of(view) for view in views()}
    current = st.navigation(list(pages.values()), position="hidden")
    view = next(each for each in views() if pages[each.path] == current)
    try:
        found = find_what_is_known(read_address())
        selection = found.selection
        header, navigation = st.container(gap="xxsmall"), st.container()
        if view.filters:
            with header:
                show_header(found)
            show_filters(found, load_source_names(), is_sorted=view.is_sorted)
        with navigation:
            if view.order or is_curator():
                show_navigation(view, selection)
            else:
                show_way_back(selection)
        if view.filters and not len(found):
            show_empty_state(found)
        else:
            view.show(found)
            if view.filters:
                show_credits(found)
    except StoreError as error:
        show_store_problem(error)


if st.runtime.exists():
    with first_click_kept(), turns.turn(visitor()):
        show_page()
else:
    app = st.App(__file__, **alone())
