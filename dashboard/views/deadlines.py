"""Deadlines: what closes first, in buckets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import streamlit as st

from dashboard.loading import Found
from dashboard.navigation import View
from dashboard.pieces.event_card import show_line
from tracker.models.moments import stamp
from tracker.models.vocabulary import ApplicationStatus
from tracker.store.catalogue import Positions

_SHOWN = 12
"""Lines of a bucket before one asks for more."""
_MOST = 60


def buckets(found: Found) -> Iterator[tuple[str, Positions]]:
    """Yield (name, positions): what closes this week, this month and later, what is rolling, what is not yet open."""
    now, positions = found.now, found.positions
    closing = found.catalogue.next_closing(now)[positions]
    status = found.catalogue.status(now)[positions]
    order = np.argsort(closing, kind="stable")
    positions, closing, status = positions[order], closing[order], status[order]
    waiting = status == ApplicationStatus.NOT_YET_OPEN.value
    closes = (closing != b"") & ~waiting
    week, month = (stamp(now + timedelta(days=days)).encode() for days in (7, 30))
    yield "This week", positions[closes & (closing <= week)]
    yield "This month", positions[closes & (closing > week) & (closing <= month)]
    yield "Later", positions[closes & (closing > month)]
    yield "Rolling", positions[status == ApplicationStatus.ROLLING.value]
    yield "Not yet open", positions[waiting]


def deadlines(found: Found) -> None:
    """Show the buckets that hold something."""
    shown = False
    for name, positions in buckets(found):
        if not len(positions):
            continue
        shown = True
        st.header(f"{name} :gray[{len(positions):,}]", anchor=False)
        more = st.session_state.get(f"more_{name}", False)
        with st.grid(min_column_width=330, gap="medium"):
            for published in found.events(positions[: _MOST if more else _SHOWN]):
                show_line(published, found.selection, found.now, deadline_first=True)
        if len(positions) > _SHOWN and not more:
            st.button(f"Show more of “{name.lower()}”", key=f"show_{name}", on_click=_more, args=(name,))
        elif len(positions) > _MOST:
            st.markdown(f":small[{len(positions) - _MOST:,} more: narrow the filters to see them.]")
    if not shown:
        st.info("No deadline is known of these events.")


def _more(name: str) -> None:
    st.session_state[f"more_{name}"] = True


VIEW = View("Deadlines", "deadlines", 2, deadlines, icon=":material/hourglass_bottom:")
