"""The view Month: the days of a month as a calendar, and the events of the chosen day."""

from __future__ import annotations

from calendar import Calendar, month_name
from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from dashboard.components.event_lists import rows_by_day, show_day
from dashboard.controls.address import extra_param, set_extras
from dashboard.loading import Found
from dashboard.navigation import View, event_link
from dashboard.visitor import visitor_zone
from tracker.models.event import PublishedEvent
from tracker.models.moments import day_of
from tracker.models.selection import Selection
from tracker.store.queries import EventRow

_TITLES = 3
_LONGEST = 28
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 1)


def month(found: Found) -> None:
    """Show a month, and the events of the chosen day."""
    today = day_of(found.now, visitor_zone())
    first = month_shown(found, today)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        before, after = _month_after(first - timedelta(days=1)), _month_after(first + timedelta(days=31))
        st.button("‹", help="The month before", on_click=set_extras, kwargs={"month": f"{before:%Y-%m}", "day": ""})
        st.header(f"{month_name[first.month]} {first.year}", anchor=False, width="content")
        st.button("›", help="The month after", on_click=set_extras, kwargs={"month": f"{after:%Y-%m}", "day": ""})
    days = [day for day in Calendar().itermonthdates(first.year, first.month) if day.month == first.month]
    by_day = rows_by_day(found, days[0], days[-1])
    shown = {row.id: row for rows in by_day.values() for row in rows[:_TITLES]}
    events = {each.event.id: each for each in found.events(list(shown.values()))}
    with st.grid(7, min_column_width=112, gap="xxsmall", key="month"):
        for _ in range(first.weekday()):
            with st.container():
                st.space("small")  # Streamlit leaves out an empty cell
        for day in days:
            _show_cell(day, by_day.get(day, []), events, found.selection, is_today=day == today)
    st.markdown(":small[Events without a certain day stand in Browse.]")
    chosen = _asked_day() or next((day for day in days if day >= today and day in by_day), None)
    if chosen is not None and chosen.replace(day=1) == first:
        show_day(found, chosen)


def month_shown(found: Found, today: date) -> date:
    """Return the first day of the month in the URL, else of the month of the next event."""
    try:
        asked = date.fromisoformat(f"{extra_param('month')}-01")
    except ValueError:
        ahead = [row.first_day for row in found.rows if row.has_day and row.first_day >= today.isoformat()]
        return date.fromisoformat(min(ahead)).replace(day=1) if ahead else today.replace(day=1)
    return min(max(asked, _EARLIEST), _LATEST)


def _show_cell(
    day: date, rows: Sequence[EventRow], events: dict[str, PublishedEvent], selection: Selection, *, is_today: bool
) -> None:
    with st.container(border=True, height="stretch", gap="xxsmall"):
        name = f"{day:%a} {day.day}"
        if not rows:
            st.markdown(f":gray[{name}]" if not is_today else f"**{name}** · today")
            return
        asked = {"month": f"{day:%Y-%m}", "day": str(day.day)}
        st.button(
            f"**{name}** · {len(rows)}" + (" · today" if is_today else ""), key=f"day_{day}", type="tertiary",
            help=f"Show the events of {day:%A} {day.day}", on_click=set_extras, kwargs=asked,
        )  # fmt: skip
        st.markdown("  \n".join(_titles([events[row.id] for row in rows[:_TITLES] if row.id in events], selection)))
        if len(rows) > _TITLES:
            st.button(
                f"+{len(rows) - _TITLES} more", key=f"more_{day}", type="tertiary", on_click=set_extras, kwargs=asked
            )


def _titles(events: Sequence[PublishedEvent], selection: Selection) -> list[str]:
    titles = [each.event.title for each in events]
    cut = [title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…" for title in titles]
    return [f":small[{event_link(each.event, selection, title)}]" for each, title in zip(events, cut, strict=True)]


def _month_after(day: date) -> date:
    return min(max(day.replace(day=1), _EARLIEST), _LATEST)


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(f"{extra_param('month')}-{int(extra_param('day')):02}")
    except ValueError:
        return None


VIEW = View("Month", "month", 4, month, icon=":material/calendar_month:")
