"""The view Deadlines: events in buckets by their next deadline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

import streamlit as st

from dashboard.closing_days import next_closing_days
from dashboard.components.event_entry import show_entry
from dashboard.components.plain import link, plain
from dashboard.loading import Found
from dashboard.navigation import View, link_to_event
from dashboard.shown_order import by_deadline
from dashboard.visitor import visitor_zone
from dashboard.week_headings import day_heading
from tracker.forecasting.rounds import expectation_words
from tracker.models.moments import day_of
from tracker.models.vocabulary import ApplicationStatus
from tracker.publishing.expected import NOTE
from tracker.store.queries import EventRow

_SHOWN = 12
"""Number of events of a bucket that are shown before "Show more"."""
_MOST = 60


def buckets(found: Found, today: date) -> Iterator[tuple[str, Sequence[EventRow]]]:
    """Yield (name, rows) of each bucket: by the week or month of the deadline, rolling, not yet open."""
    rows, days = by_deadline(found), next_closing_days(found)
    waiting = [row for row in rows if row.status == ApplicationStatus.NOT_YET_OPEN.value]
    closing = [row for row in rows if row.id in days and row.status != ApplicationStatus.NOT_YET_OPEN.value]
    # A day that is over here may last somewhere else.
    for name, run in groupby(closing, lambda row: day_heading(max(days[row.id], today), today)):
        yield name, list(run)
    yield "Rolling", [row for row in rows if row.status == ApplicationStatus.ROLLING.value]
    yield "Not yet open", waiting


def deadlines(found: Found) -> None:
    """Show the buckets that are not empty."""
    shown = False
    for name, rows in buckets(found, day_of(found.now, visitor_zone())):
        if not len(rows):
            continue
        shown = True
        st.header(f"{name} :gray[{len(rows):,}]", anchor=False)
        more = st.session_state.get(f"more_{name}", False)
        for published in found.events(rows[: _MOST if more else _SHOWN]):
            show_entry(published, found.selection, found.now, by_deadline=True)
        if len(rows) > _SHOWN and not more:
            st.button(f"Show more of “{name.lower()}”", key=f"show_{name}", on_click=_more, args=(name,))
        elif len(rows) > _MOST:
            st.markdown(f":small[{len(rows) - _MOST:,} more: narrow the filters to see them.]")
    shown = _show_expected(found) or shown
    if not shown:
        st.info("No deadline is known of these events.")


def _show_expected(found: Found) -> bool:
    """Show the rounds that no source has announced; return whether there are any."""
    expected = found.expected()
    if not expected:
        return False
    st.header(f"Expected :gray[{len(expected):,}]", anchor=False)
    st.markdown(f":small[{plain(NOTE)}]")
    for each in expected[:_MOST]:
        event = each.last.event
        said = [f"**The round after {link(event.title, event.link)}**", *map(plain, expectation_words(each.round))]
        with st.container(gap="xxsmall"):
            st.markdown("  \n".join(said))
            link_to_event(event, found.selection)
    return True


def _more(name: str) -> None:
    st.session_state[f"more_{name}"] = True


VIEW = View("Deadlines", "deadlines", 2, deadlines, icon=":material/hourglass_bottom:")
