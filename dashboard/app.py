"""The entry script: header, filters once for all pages, then the page."""

from __future__ import annotations

import streamlit as st

from dashboard.controls.filters import choose_selection
from dashboard.loading import load, load_choices
from dashboard.pieces.header import show_header
from dashboard.pieces.problem import show_problem
from dashboard.views.browse import browse
from tracker.errors import SelectionError, StoreError

st.set_page_config(page_title="AI safety events", page_icon="🗓️", layout="wide")

header = st.container(gap="xxsmall")
try:
    selection = choose_selection(load_choices())
    loaded = load(selection)
except SelectionError as error:
    show_problem("This address asks for something we do not know", str(error), clear=True)
except StoreError as error:
    show_problem("There is no data to show yet", str(error))
else:
    with header:
        show_header(selection, loaded)
    browse(selection, loaded)
