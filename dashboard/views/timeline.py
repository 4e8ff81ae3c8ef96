"""The view Timeline: programmes with their application periods, and today."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts import Spec, colour, label, show_chart, tooltip
from dashboard.components.countdown import countdown_badge
from dashboard.components.plain import plain
from dashboard.controls.address import mark_changed
from dashboard.controls.widgets import widget_key
from dashboard.loading import Found
from dashboard.navigation import View, event_link, open_event
from dashboard.visitor import visitor_zone
from tracker.models.application_status import APPLICATION_KINDS, next_deadline
from tracker.models.event import PublishedEvent
from tracker.models.vocabulary import TRAINING_TYPES
from tracker.publishing.phrases import deadline_line, format_when
from tracker.store.queries import EventRow

_MOST = 40
_ROW = 24
_APPLYING, _RUNNING = "Applications", "Programme"
_BAR = "bar"
_SHORTEST = timedelta(days=3)
"""Minimum length of a bar, as a shorter one would not be visible."""
_BACK, _AHEAD = timedelta(days=60), timedelta(days=420)


def timeline(found: Found) -> None:
    """Show the timeline, and the same events as a list."""
    chosen = programmes(found)
    events = found.events(chosen[:_MOST])
    rows = [row for each in events for row in rows_of(each, found.now, visitor_zone())]
    if not rows:
        st.info("None of these events is a programme, or has a known time for applications.")
        return
    if len(chosen) > _MOST:
        st.markdown(f":small[The first {_MOST} of {len(chosen):,} programmes: narrow the filters to see others.]")
    frame = pd.DataFrame(rows)
    alt = f"Bars of {len(events)} programmes: when one can apply and when they run. The list below says the same."
    key = widget_key("timeline")
    show_chart(frame, _chart(frame, found.now), key=key, alt=alt, chosen=[_BAR], on_choice=mark_changed)
    picked = [each.get("event") for each in st.session_state[key].selection.get(_BAR) or []]
    for published in events:
        if published.event.id in picked:
            open_event(published.event, found.selection)
    st.header("The same as a list", anchor=False)
    st.markdown("\n".join(f"- {_line(each, found)}" for each in events))


def _line(published: PublishedEvent, found: Found) -> str:
    """Return an event on one line, as Markdown: forty entries of the list would take longer than the chart."""
    event = published.event
    deadline = next_deadline(event, found.now)
    badge = countdown_badge(event, found.now, visitor_zone())
    said = [plain(format_when(event.when)), plain(deadline_line(deadline)) if deadline else "", badge]
    return " · ".join([event_link(event, found.selection), *filter(None, said)])


def programmes(found: Found) -> list[EventRow]:
    """Return trainings and events with a coming deadline, in the selection's sort order."""
    training = found.ids_with("type", *(each.value for each in TRAINING_TYPES))
    return [row for row in found.rows if row.next_closing or row.id in training]


def rows_of(published: PublishedEvent, now: datetime, zone: str = "UTC") -> list[dict[str, Any]]:
    """Return the bars of one event: application periods that are not over, and the time in which it runs.

    A deadline without a stated zone ends with its day in ``zone``, the chart's own.
    """
    event = published.event
    spans = [
        (_APPLYING, deadline.opens_at or min(published.first_seen, now), deadline.closes_in(zone) or closes)
        for deadline in [each for each in event.deadlines if each.kind in APPLICATION_KINDS][:3]
        if (closes := deadline.closes_at) and closes > now
    ]
    if event.when.start is not None:
        spans.append((_RUNNING, event.when.starts_at, event.when.ends_at))
    first, last = now - _BACK, now + _AHEAD
    return [
        {
            # The id distinguishes programmes of the same name; the axis shows only the title before it.
            "row": f"{label(event.title)}\n{event.id}",
            "event": event.id,
            "what": what,
            "start": max(start, first),
            "end": min(max(end, start + _SHORTEST), last),
            "says": label(format_when(event.when)),
        }
        for what, start, end in spans
        if start < last and end > first and start < end
    ]


def _chart(rows: pd.DataFrame, now: datetime) -> Spec:
    order = list(dict.fromkeys(rows["row"]))
    # Rows are named by title and id, so that programmes of the same name have a row each; the axis shows the title.
    title = {"labelLimit": 190, "labelExpr": "split(datum.label, '\\n')[0]"}
    legend = {"orient": "top", "direction": "vertical"}
    colours = {"domain": [_APPLYING, _RUNNING], "range": [colour("orangeColor"), colour("primaryColor")]}
    bars: Spec = {
        "mark": {"type": "bar", "cornerRadius": 3, "height": {"band": 0.6}, "cursor": "pointer"},
        "params": [{"name": _BAR, "select": {"type": "point", "fields": ["event"], "on": "click"}}],
        "encoding": {
            "x": {"field": "start", "type": "temporal", "title": None,
                  "axis": {"orient": "top", "format": "%b %Y", "tickCount": "month", "labelFlush": 40,
                           "labelOverlap": "greedy"}},
            "x2": {"field": "end"},
            "y": {"field": "row", "type": "nominal", "sort": order, "title": None, "axis": title},
            "color": {"field": "what", "type": "nominal", "title": None, "legend": legend, "scale": colours},
            "tooltip": tooltip(what="What", says="When"),
        },
    }  # fmt: skip
    today: Spec = {
        "data": {"values": [{"now": now.isoformat()}]},
        "mark": {"type": "rule", "color": colour("redColor"), "strokeWidth": 2},
        "encoding": {"x": {"field": "now", "type": "temporal"}},
    }
    return {"layer": [bars, today], "height": _ROW * len(order) + 70}


VIEW = View("Timeline", "timeline", 3, timeline, icon=":material/view_timeline:")
