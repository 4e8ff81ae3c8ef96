"""Pagination of long lists, with the page number in the URL."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import streamlit as st

from dashboard.controls.address import extra_param, set_extras
from tracker.store.queries import EventRow


def page_of_list(found: Sequence[EventRow], per_page: int) -> tuple[Sequence[EventRow], int]:
    """Return the page of a list that the URL names, and the number of pages."""
    pages = max(1, ceil(len(found) / per_page))
    return found[(_number(pages) - 1) * per_page :][:per_page], pages


def show_pager(pages: int) -> None:
    """Show the page numbers, if there are several pages."""
    if pages > 1:
        number = _number(pages)
        # Each page has a widget of its own: Streamlit refuses to change the page of one in code.
        key = f"pager_{number}"
        st.pagination(pages, default=number, key=key, on_change=_turn, args=(key,))


def _number(pages: int) -> int:
    asked = extra_param("page")
    return min(int(asked), pages) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 and int(asked) else 1


def _turn(key: str) -> None:
    number = st.session_state[key]
    set_extras(page=str(number) if number > 1 else "")
