"""The view List: the events by week and month, the day beside each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

import streamlit as st

from dashboard.components.countdown import countdown_badge
from dashboard.components.event_entry import show_entry, shown_day
from dashboard.controls.pager import page_of_list, show_pager
from dashboard.loading import Found
from dashboard.navigation import View, event_link, view_link
from dashboard.shown_order import in_shown_order
from dashboard.visitor import visitor_zone
from dashboard.week_headings import day_heading
from tracker.models.event import PublishedEvent
from tracker.models.moments import day_of, stamp
from tracker.models.selection import Sort
from tracker.models.vocabulary import ApplicationStatus

PER_PAGE = 24
_STRIP = 3
"""Number of closing events that are named above the list."""


def browse(found: Found) -> None:
    """Show one page of the events, under headings of weeks and months if they are in order of their start."""
    ordered = in_shown_order(found, visitor_zone())
    rows, pages = page_of_list(ordered, PER_PAGE)
    fits = found.fits()
    if fits or found.selection.sort is not Sort.START:
        by_deadline = found.selection.sort is Sort.DEADLINE and not fits
        for published in found.events(rows):
            fitness = fits.get(published.event.id)
            show_entry(published, found.selection, found.now, fitness, by_deadline=by_deadline)
    else:
        if rows and rows[0].id == ordered[0].id:
            _show_closing(found)
        for number, (heading, events) in enumerate(by_week(found.events(rows), day_of(found.now, visitor_zone()))):
            with st.container(key=f"group_{number}"):
                st.header(heading, anchor=False)
                for published in events:
                    show_entry(published, found.selection, found.now)
    show_pager(pages)


def by_week(events: list[PublishedEvent], today: date) -> Iterator[tuple[str, list[PublishedEvent]]]:
    """Yield (heading, events) of runs of events: ``This week``, ``Next week``, then months."""

    def heading(published: PublishedEvent) -> str:
        return week_words(published, shown_day(published.event, visitor_zone()), today)

    yield from ((words, list(run)) for words, run in groupby(events, heading))


def week_words(published: PublishedEvent, day: date | None, today: date) -> str:
    """Return the heading that an event stands under."""
    if day is None:
        return "Date not announced"
    if not published.event.when.is_exact_to_the_day:
        return f"{day:%B %Y}"
    if day < today and (published.event.when.last_day or day) >= today:
        return "On now"
    return day_heading(day, today)


def _show_closing(found: Found) -> None:
    """Show what closes within a week, on one quiet line."""
    soon = stamp(found.now + timedelta(days=7))
    closing = sorted(
        (row for row in found.rows if row.status == ApplicationStatus.CLOSING_SOON.value and row.next_closing <= soon),
        key=lambda row: row.next_closing,
    )
    if not closing:
        return
    said = [
        f"{event_link(each.event, found.selection)} {countdown_badge(each.event, found.now, visitor_zone())}"
        for each in found.events(closing[:_STRIP])
    ]
    rest = [view_link("deadlines", found.selection, f"all {len(closing)}")] if len(closing) > _STRIP else []
    with st.container(key="closing"):
        st.markdown(f"**Closes within 7 days:** {' · '.join([*said, *rest])}")


VIEW = View("List", "", 1, browse, is_sorted=True, icon=":material/view_agenda:")
