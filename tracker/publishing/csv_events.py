"""Events → CSV (RFC 4180), for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from tracker.models.application_status import application_status, next_deadline
from tracker.models.event import PublishedEvent
from tracker.publishing.phrases import deadline_line, when_line, where_words

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet would run instead of showing (OWASP ASVS 1.2.10); the quote itself, so that it can be undone."""


COLUMNS = (
    "id",
    "title",
    "types",
    "when",
    "start",
    "end",
    "timezone",
    "date_precision",
    "next_deadline",
    "closes_at",
    "application_status",
    "where",
    "mode",
    "cities",
    "countries",
    "cost",
    "stipend",
    "level",
    "topics",
    "languages",
    "organizers",
    "link",
    "apply_link",
    "state",
    "sources",
    "first_seen",
    "changed_at",
)


def render_csv(events: Iterable[PublishedEvent], now: datetime) -> bytes:
    """Return one row per event under a row of names. What depends on the time is taken at ``now``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for published in events:
        writer.writerow([safe_cell(cell) for cell in _cells(published, now)])
    return text.getvalue().encode()


def safe_cell(text: str) -> str:
    """Return ``text`` so that a spreadsheet shows it: a quote before what would be a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cells(published: PublishedEvent, now: datetime) -> tuple[str, ...]:
    """Return the cells of one event, as ``COLUMNS`` names them; several values are separated by semicolons."""
    event = published.event
    deadline = next_deadline(event, now)
    return (
        event.id,
        event.title,
        _list(event.types),
        when_line(event.when),
        _moment(event.when.start),
        _moment(event.when.end),
        event.when.timezone or "",
        event.when.precision.value,
        deadline_line(deadline) if deadline else "",
        _moment(deadline.closes_at) if deadline else "",
        application_status(event, now).value,
        where_words(event),
        event.mode.value,
        _list(dict.fromkeys(place.city for place in event.places if place.city)),
        _list(dict.fromkeys(place.country for place in event.places if place.country)),
        event.cost.text or event.cost.kind.value,
        event.stipend.value,
        event.level.value,
        _list(event.topics),
        _list(event.languages),
        _list(event.organizers),
        event.link,
        event.apply_url or "",
        event.lifecycle.value,
        _list(dict.fromkeys(each.attribution or each.name for each in event.sources)),
        _moment(published.first_seen),
        _moment(published.changed_at),
    )


def _list(values: Iterable[str]) -> str:
    return "; ".join(str(value) for value in values)


def _moment(moment: object) -> str:
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return "" if moment is None else str(moment)
