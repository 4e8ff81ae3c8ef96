"""Writes the web pages of outlets: schema.org with and without addresses, cards, prose."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tests.life.outlets import Entry, Outlet, Pages
from tests.life.truths import Moment


def tickets(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a ticket shop: an ItemList with an address for each event, and a word for each that is cancelled."""
    nodes = [_node(each, now) | {"url": each.url} for each in entries]
    items = [{"@type": "ListItem", "position": n, "item": node} for n, node in enumerate(nodes, 1)]
    return {f"{_host(outlet)}/": _json_ld({"@type": "ItemList", "itemListElement": items})}


def programme(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a venue's programme: events without addresses and ids."""
    return {f"{_host(outlet)}/": _json_ld({"@graph": [_node(each, now) for each in entries]})}


def single(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write the page of one conference or of the next meetup: the same address, whatever comes next."""
    nodes = [_node(each, now) | {"url": f"https://{_host(outlet)}/"} for each in entries[-1:]]
    return {f"{_host(outlet)}/": _json_ld({"@graph": nodes})}


def cards(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a page of cards; the second design has other classes and other addresses."""
    rows = []
    for each in entries:
        values = each.values(now)
        title = html.escape(("Cancelled: " if each.says_cancelled else "") + values.title)
        when = each.words or spelled_time(values.start, values.end)
        due = "" if values.deadline is None else spelled(values.deadline)
        if each.words and values.deadline is not None:
            due = without_year(values.deadline, values.deadline)
        apply_by = f'<p class="deadline">Apply by {due}</p>' if due else ""
        if outlet.design == 1:
            rows.append(
                f'<article class="card"><h2><a href="{each.url}">{title}</a></h2><p class="dates">{when}</p>'
                f'<p class="where">{values.place or "Online"}</p>{apply_by}</article>'
            )
        else:
            rows.append(
                f'<li class="row"><a class="more" href="{each.url}"><b class="name">{title}</b></a>'
                f'<span class="when">{when}</span><span class="place">{values.place or "Online"}</span>{apply_by}</li>'
            )
    inner = "".join(rows) or "<p>Nothing is planned.</p>"
    return {f"{_host(outlet)}/events": _document("Events", f"<main>{inner}</main>")}


def cohort(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write the one page of a programme: its present cohort in prose."""
    each = entries[-1]
    values = each.values(now)
    due = f"<p class='deadline'>Applications close on {spelled(values.deadline)}.</p>" if values.deadline else ""
    text = (
        f"<main><h1>{html.escape(values.title)}</h1><p class='dates'>{spelled_time(values.start, values.end)}</p>"
        f"<p class='where'>{values.place or 'Online'}</p>{due}<p>A programme on the safety of advanced AI.</p></main>"
    )
    return {f"{_host(outlet)}/programme": _document(values.title, text)}


def spelled(day: date) -> str:
    """Return a day with its year, in words."""
    return f"{day.day} {day:%B %Y}"


def spelled_time(start: Moment, end: Moment | None) -> str:
    """Return a span in words."""
    if isinstance(start, datetime):
        until = f"–{end:%H:%M}" if isinstance(end, datetime) and end.date() == start.date() else ""
        return f"{start:%A} {spelled(start)}, {start:%H:%M}{until}"
    return spelled(start) if end is None or end == start else f"{spelled(start)} to {spelled(end)}"


def without_year(start: date, end: date) -> str:
    """Return a span of days as pages write it that never say a year."""
    if start == end:
        return f"{start.day} {start:%B}"
    if start.month == end.month:
        return f"{start.day}–{end.day} {end:%B}"
    return f"{start.day} {start:%B} – {end.day} {end:%B}"


def _node(each: Entry, now: datetime) -> dict[str, Any]:
    values = each.values(now)
    city, _, country = values.place.rpartition(", ")
    place: dict[str, Any] = (
        {
            "@type": "Place",
            "name": "Community Hall",
            "address": {"@type": "PostalAddress", "addressLocality": city, "addressCountry": country},
        }
        if values.place
        else {"@type": "VirtualLocation", "url": each.url or "https://meet.example/"}
    )
    status = "EventCancelled" if each.says_cancelled else "EventScheduled"
    node: dict[str, Any] = {
        "@type": "Event",
        "name": values.title,
        "startDate": values.start.isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "location": place,
    }
    return node if values.end is None else node | {"endDate": values.end.isoformat()}


def _json_ld(data: dict[str, Any]) -> bytes:
    script = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False).replace("</", "<\\/")
    return _document("Events", "<h1>Events</h1>", f"<script type='application/ld+json'>{script}</script>")


def _document(title: str, body: str, head: str = "") -> bytes:
    head = f"<meta charset='utf-8'><title>{html.escape(title)}</title>{head}"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode()


def _host(outlet: Outlet) -> str:
    return f"{outlet.id.replace('_', '-')}.example"
