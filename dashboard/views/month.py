"""The view Month: weeks with what lasts as bars and deadlines; a chosen day opens below its week. An agenda on a phone.

Each entry is a cell of its week's grid, in the columns that its key names: ``_c3_`` for Wednesday, ``_s2_`` for two
days, ``_r4_`` for four lines. ``page.css`` lays them out; on a narrow screen it shows the same cells day after day.
"""

from __future__ import annotations

from calendar import Calendar, month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from dashboard.closing_days import Closing, closings_by_day
from dashboard.components.event_entry import show_entry
from dashboard.components.event_lists import rows_by_day, show_day
from dashboard.controls.address import extra_param, set_extras
from dashboard.loading import Found
from dashboard.navigation import View, event_link
from dashboard.visitor import visitor_zone
from tracker.models.event import Event, PublishedEvent
from tracker.models.moments import day_of, zone_of
from tracker.models.selection import Selection
from tracker.store.queries import EventRow

_TITLES = 3
"""Number of entries of one day, and of bars above each other, that are named before "+2 more"."""
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """The days of a week on which an event of several days runs."""

    row: EventRow
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Month:
    """What is on in a month."""

    found: Found
    first: date
    today: date
    opened: date | None
    """The day whose events are listed."""
    by_day: Mapping[date, Sequence[EventRow]]
    closings: Mapping[date, Sequence[Closing]]
    events: Mapping[str, PublishedEvent]
    """Those that are named, by id."""


def month(found: Found) -> None:
    """Show a month, and the events of the chosen day below its week."""
    today = day_of(found.now, visitor_zone())
    first = month_shown(found, today)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="months"):
        before, after = _month_after(first - timedelta(days=1)), _month_after(first + timedelta(days=31))
        st.button("‹", help="The month before", on_click=set_extras, kwargs={"month": f"{before:%Y-%m}", "day": ""})
        st.header(f"{month_name[first.month]} {first.year}", anchor=False, width="content")
        st.button("›", help="The month after", on_click=set_extras, kwargs={"month": f"{after:%Y-%m}", "day": ""})
    weeks = [
        [day for day in week if day.month == first.month]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    by_day = rows_by_day(found, weeks[0][0], weeks[-1][-1])
    bars = {week[0]: bars_of_week(week, by_day) for week in weeks}
    named = {bar.row.id for each in bars.values() for bar in each}
    named |= {row.id for rows in by_day.values() for row in _of_one_day(rows)[:_TITLES]}
    events = {each.event.id: each for each in found.events([row for row in found.rows if row.id in named])}
    closings = closings_by_day(found, weeks[0][0], weeks[-1][-1])
    shown = Month(found, first, today, _asked_day(), by_day, closings, events)
    for number, week in enumerate(weeks):
        with st.container(key=f"week_{number}", gap=None):
            _show_week(shown, week, bars[week[0]])
    st.markdown(":small[Events without a certain day stand in the list.]")


def month_shown(found: Found, today: date) -> date:
    """Return the first day of the month in the URL, else of the month of the next event."""
    try:
        asked = date.fromisoformat(f"{extra_param('month')}-01")
    except ValueError:
        ahead = [row.first_day for row in found.rows if row.has_day and row.first_day >= today.isoformat()]
        return date.fromisoformat(min(ahead)).replace(day=1) if ahead else today.replace(day=1)
    return min(max(asked, _EARLIEST), _LATEST)


def bars_of_week(week: Sequence[date], by_day: Mapping[date, Sequence[EventRow]]) -> list[Bar]:
    """Return the bars of a week that find room in the lanes: the earliest first, then the longest."""
    long = {row.id: row for day in week for row in by_day.get(day, ()) if row.first_day != row.last_day}
    bars = [
        Bar(row, max(week[0], date.fromisoformat(row.first_day)), min(week[-1], date.fromisoformat(row.last_day)))
        for row in long.values()
    ]
    lanes = [date.min] * _TITLES
    """The last day that is taken in each lane."""
    placed = []
    for bar in sorted(bars, key=lambda each: (each.first, each.row.first_day, -each.last.toordinal(), each.row.id)):
        lane = next((number for number, taken in enumerate(lanes) if taken < bar.first), None)
        if lane is not None:
            lanes[lane] = bar.last
            placed.append(bar)
    return placed


def _of_one_day(rows: Sequence[EventRow]) -> list[EventRow]:
    return [row for row in rows if row.first_day == row.last_day]


def _show_week(shown: Month, week: Sequence[date], bars: Sequence[Bar]) -> None:
    for day in week:
        _show_heading(shown, day)
    for bar in bars:
        published = shown.events.get(bar.row.id)
        if published is not None:
            span, kind = (bar.last - bar.first).days + 1, published.event.kind.value
            with st.container(key=f"bar_{kind}{_column(bar.first)}s{span}_{bar.first}_{bar.row.id}"):
                begun = "… " if bar.row.first_day < bar.first.isoformat() else ""
                st.markdown(begun + event_link(published.event, shown.found.selection))
    for day in week:
        on_bars = {bar.row.id for bar in bars if bar.first <= day <= bar.last}
        # A narrow screen has no bars across days: there each day names what goes on.
        going_on = [
            shown.events[bar.row.id] for bar in bars if bar.first < day <= bar.last and bar.row.id in shown.events
        ]
        if going_on:
            with st.container(key=f"during{_column(day)}{day}"):
                st.markdown(", ".join(f"… {event_link(each.event, shown.found.selection)}" for each in going_on))
        _show_cell(shown, day, [row for row in shown.by_day.get(day, ()) if row.id not in on_bars])
    if shown.opened is not None and shown.opened in week:
        with st.container(border=True, key=f"open{_column(shown.opened)}s7_"):
            _show_opened(shown, shown.opened)


def _show_heading(shown: Month, day: date) -> None:
    name = f"{day:%a} {day.day}" + (" · today" if day == shown.today else "")
    if day not in shown.by_day and day not in shown.closings:
        with st.container(key=f"free{_column(day)}{day}"):
            st.markdown(f":gray[{name}]" if day != shown.today else f"**{name}**")
        return
    st.button(
        f"**{name}**", key=f"day{_column(day)}{day}", type="tertiary", on_click=set_extras, kwargs=_address(shown, day)
    )


def _show_cell(shown: Month, day: date, rows: Sequence[EventRow]) -> None:
    """Show what begins and ends on a day, its deadlines, and how many more there are."""
    selection, closings = shown.found.selection, shown.closings.get(day, ())
    named = [shown.events[row.id] for row in _of_one_day(rows)[:_TITLES] if row.id in shown.events]
    said = [f"- {_time_before(each.event, day)}{event_link(each.event, selection)}" for each in named]
    said += [_closing_line(each, selection) for each in closings[: max(1, _TITLES - len(said))]]
    more = len(rows) + len(closings) - len(said)
    if not said and not more:
        return
    lines = 2 * len(said) + bool(more)  # two lines each
    with st.container(key=f"cell{_column(day)}r{lines}_{day}", gap=None):
        if said:
            st.markdown("\n".join(said))
        if more:
            st.button(
                f"+{more} more", key=f"more_{day}", type="tertiary", on_click=set_extras, kwargs=_address(shown, day)
            )


def _time_before(event: Event, day: date) -> str:
    """Return the time at which an event of a day begins there, or for the visitor; empty if that is another day."""
    start = event.when.start
    if not isinstance(start, datetime):
        return ""
    local = start.astimezone(zone_of(event.when.timezone if event.places else visitor_zone()))
    return f":gray[{local:%H:%M}] " if local.date() == day else ""


def _closing_line(closing: Closing, selection: Selection) -> str:
    event = closing.published.event
    return f"- :material/hourglass_bottom: {event_link(event, selection, f'{event.title}: {closing.name.lower()}')}"


def _show_opened(shown: Month, day: date) -> None:
    show_day(shown.found, day)
    listed = {row.id for row in shown.by_day.get(day, ())}
    closing = {each.published.event.id: each.published for each in shown.closings.get(day, ())}
    if closing:
        st.header(f"Closes on this day :gray[{len(closing)}]", anchor=False)
        for event_id, published in closing.items():
            if event_id not in listed:  # which stands above already
                show_entry(published, shown.found.selection, shown.found.now)
    st.button("Close", key="close_day", on_click=set_extras, kwargs={"day": ""}, icon=":material/close:")


def _address(shown: Month, day: date) -> dict[str, str]:
    """Return the position of a day in the address, or of none if the day is open."""
    return {"month": f"{day:%Y-%m}", "day": "" if day == shown.opened else str(day.day)}


def _column(day: date) -> str:
    return f"_c{day.isoweekday()}_"


def _month_after(day: date) -> date:
    return min(max(day.replace(day=1), _EARLIEST), _LATEST)


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(f"{extra_param('month')}-{int(extra_param('day')):02}")
    except ValueError:
        return None


VIEW = View("Month", "month", 4, month, icon=":material/calendar_month:")
