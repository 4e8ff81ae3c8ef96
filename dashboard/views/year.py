"""The view Year: the number of events on each day of a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import Spec, colour, show_chart, tooltip
from dashboard.components.event_lists import show_day
from dashboard.controls.address import extra_param, set_extras
from dashboard.loading import Found
from dashboard.navigation import View
from dashboard.visitor import visitor_zone
from tracker.models.moments import day_of
from tracker.publishing.phrases import day_words

_DAYS = 371
_DAY = "day"
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def year(found: Found) -> None:
    """Show a square for each day, and the events of the chosen day."""
    today = day_of(found.now, visitor_zone())
    first = today - timedelta(days=today.weekday())
    counts = counts_by_day(found, first)
    busiest = int(np.argmax(counts)) if counts.any() else 0
    ahead = counts[today.weekday() :]
    last = first + timedelta(days=_DAYS - 1)
    st.header(f"{day_words(today)} – {day_words(last)}", anchor=False)
    st.markdown(_coverage(found, today, last, int((ahead > 0).sum()), len(ahead)))
    rows = pd.DataFrame(
        {
            "day": [first + timedelta(days=number) for number in range(_DAYS)],
            "events": counts,
        }
    )
    rows["week"] = [each - timedelta(days=each.weekday()) for each in rows["day"]]
    rows["weekday"] = [_WEEKDAYS[each.weekday()] for each in rows["day"]]
    rows["named"] = [each.isoformat() for each in rows["day"]]
    alt = f"A square for each of {_DAYS} days from {first}, darker the more is on. Choose a day below to read it."
    show_chart(rows, _chart(int(counts.max(initial=1))), key="year", alt=alt, chosen=[_DAY], on_choice=_choose)
    asked = _asked() or first + timedelta(days=busiest)
    if st.session_state.get("year_day") != asked:
        st.session_state["year_day"] = asked
    st.date_input("Day", key="year_day", format="YYYY-MM-DD", width=180,
                  on_change=lambda: set_extras(day=str(st.session_state["year_day"] or "")))  # fmt: skip
    show_day(found, asked)


def _coverage(found: Found, today: date, last: date, busy: int, days: int) -> str:
    """Return what the squares show and what they leave out, as Markdown."""
    dated = [row for row in found.rows if row.has_day]
    later = sum(row.first_day > last.isoformat() for row in dated)
    over = sum(row.last_day < today.isoformat() for row in dated)
    unsaid = {"later": later, "over": over, "without a certain day": len(found) - len(dated)}
    rest = ", ".join(f"{count:,} {words}" for words, count in unsaid.items() if count)
    shown = len(dated) - later - over
    said = (
        f"**{shown:,}** event{'s' if shown != 1 else ''} on **{busy}** of these {days} days; what lasts counts on each."
    )
    return f"{said} Not shown: {rest}." if rest else said


def counts_by_day(found: Found, first: date) -> np.ndarray[tuple[int], np.dtype[np.int_]]:
    """Return the number of events on each day from ``first`` on; events without a certain day are left out."""
    dated = [row for row in found.rows if row.has_day]
    starts, ends = (
        (np.array(days, dtype="datetime64[D]") - np.datetime64(first)).astype(int)
        for days in ([row.first_day for row in dated], [row.last_day for row in dated])
    )
    inside = (ends >= 0) & (starts < _DAYS)
    steps = np.zeros(_DAYS + 1, dtype=int)
    np.add.at(steps, np.clip(starts[inside], 0, _DAYS), 1)
    np.add.at(steps, np.clip(ends[inside] + 1, 0, _DAYS), -1)
    return np.cumsum(steps)[:_DAYS]


def _chart(most: int) -> Spec:
    months = {"format": "%b", "labelOverlap": "greedy", "labelAngle": 0,
              "labelExpr": "date(datum.value) <= 7 ? timeFormat(datum.value, '%b %y') : ''"}  # fmt: skip
    shades = {"domain": [0, max(1, most)], "range": [colour("secondaryBackgroundColor"), colour("primaryColor")]}
    return {
        "mark": {"type": "rect", "cornerRadius": 2, "stroke": colour("backgroundColor"), "strokeWidth": 2},
        "params": [{"name": _DAY, "select": {"type": "point", "fields": ["named"], "on": "click"}}],
        "encoding": {
            "x": {"field": "week", "type": "ordinal", "timeUnit": "yearmonthdate", "title": None, "axis": months},
            "y": {"field": "weekday", "type": "ordinal", "sort": _WEEKDAYS, "title": None},
            "color": {"field": "events", "type": "quantitative", "legend": {"title": "Events", "orient": "bottom"},
                      "scale": shades},
            "tooltip": tooltip(named="Day", events="Events"),
        },
        "height": 210,
    }  # fmt: skip


def _choose() -> None:
    picked = st.session_state["year"].selection.get(_DAY) or []
    if picked:
        set_extras(day=str(picked[0].get("named", "")))


def _asked() -> date | None:
    try:
        return datetime.strptime(extra_param("day"), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


VIEW = View("Year", "year", 7, year, icon=":material/grid_on:")
