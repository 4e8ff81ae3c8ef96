"""Renders events as CSV (RFC 4180), for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime

from tracker.models.application_status import application_status, next_deadline
from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.details import FIELDS
from tracker.models.event import PublishedEvent
from tracker.publishing.phrases import deadline_line, format_places, format_when

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
"""First characters of cells that a spreadsheet runs as a formula (OWASP ASVS 1.2.10); the quote makes it reversible."""


Cell = Callable[[PublishedEvent, datetime], str]


def _plain_value(name: str) -> Cell:
    """Return a function that writes the plain value of a field; several values are separated by semicolons."""

    def cell(published: PublishedEvent, now: datetime) -> str:  # noqa: ARG001
        value = getattr(published.event, name)
        if isinstance(value, Cost):
            return value.text or value.kind.value
        return _list(value) if isinstance(value, tuple) else str(value)

    return cell


_COLUMNS: dict[str, Cell] = {
    "id": lambda published, _: published.event.id,
    "title": lambda published, _: published.event.title,
    "types": lambda published, _: _list(published.event.types),
    "when": lambda published, _: format_when(published.event.when),
    "start": lambda published, _: _moment(published.event.when.start),
    "end": lambda published, _: _moment(published.event.when.end),
    "timezone": lambda published, _: published.event.when.timezone or "",
    "date_precision": lambda published, _: published.event.when.precision.value,
    "next_deadline": lambda published, now: deadline_line(deadline) if (deadline := _next(published, now)) else "",
    "closes_at": lambda published, now: _closing(deadline) if (deadline := _next(published, now)) else "",
    "application_status": lambda published, now: application_status(published.event, now).value,
    "where": lambda published, _: format_places(published.event),
    "mode": lambda published, _: published.event.mode.value,
    "cities": lambda published, _: _list(dict.fromkeys(each.city for each in published.event.places if each.city)),
    "countries": lambda published, _: _list(
        dict.fromkeys(each.country for each in published.event.places if each.country)
    ),
    **{name: _plain_value(name) for name, info in FIELDS.items() if info.is_csv_column},
    "organizers": lambda published, _: _list(published.event.organizers),
    "link": lambda published, _: published.event.link,
    "apply_link": lambda published, _: published.event.apply_url or "",
    "state": lambda published, _: published.event.lifecycle.value,
    "sources": lambda published, _: _list(
        dict.fromkeys(each.attribution or each.name for each in published.event.sources)
    ),
    "first_seen": lambda published, _: _moment(published.first_seen),
    "changed_at": lambda published, _: _moment(published.changed_at),
}
COLUMNS = tuple(_COLUMNS)


def render_csv(events: Iterable[PublishedEvent], now: datetime) -> bytes:
    """Return one row per event below a header row. Values that depend on the time are computed for ``now``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for published in events:
        writer.writerow([safe_cell(cell(published, now)) for cell in _COLUMNS.values()])
    return text.getvalue().encode()


def safe_cell(text: str) -> str:
    """Return ``text`` with a quote before it if a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _next(published: PublishedEvent, now: datetime) -> Deadline | None:
    return next_deadline(published.event, now)


def _closing(deadline: Deadline) -> str:
    # Without a stated zone the instant is not known: the day stands as written.
    return _moment(deadline.day if deadline.zone_is_assumed else deadline.closes_at)


def _list(values: Iterable[str]) -> str:
    return "; ".join(str(value) for value in values)


def _moment(moment: object) -> str:
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return "" if moment is None else str(moment)
