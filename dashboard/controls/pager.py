"""Pages of a long list, kept in the address."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import streamlit as st

from dashboard.controls.address import extra, stay
from tracker.store.queries import EventRow


def page_of_list(found: Sequence[EventRow], per_page: int) -> tuple[Sequence[EventRow], int]:
    """Return the part of a list that the address asks for, and how many pages there are."""
    pages = max(1, ceil(len(found) / per_page))
    return found[(_number(pages) - 1) * per_page :][:per_page], pages


def show_pager(pages: int) -> None:
    """Show the numbers of the pages, if there are several."""
    if pages > 1:
        number = _number(pages)
        # A pager of its own for each page: Streamlit refuses one that is moved from outside.
        key = f"pager_{number}"
        st.pagination(pages, default=number, key=key, on_change=_turn, args=(key,))


def _number(pages: int) -> int:
    asked = extra("page")
    return min(int(asked), pages) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 and int(asked) else 1


def _turn(key: str) -> None:
    number = st.session_state[key]
    stay(page=str(number) if number > 1 else "")
