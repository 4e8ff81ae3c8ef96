"""Shows the events of one day, below a calendar."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.components.card_list import show_cards
from dashboard.loading import Found
from tracker.publishing.phrases import day_words
from tracker.store.queries import EventRow


def rows_by_day(found: Found, first: date, last: date) -> dict[date, list[EventRow]]:
    """Return the events on each day from ``first`` to ``last``; events without a certain day are left out."""
    by_day: dict[date, list[EventRow]] = {}
    since, until = first.isoformat(), last.isoformat()
    for row in found.rows:
        if row.has_day and row.first_day <= until and row.last_day >= since:
            day = max(date.fromisoformat(row.first_day), first)
            end = min(date.fromisoformat(row.last_day), last)
            while day <= end:
                by_day.setdefault(day, []).append(row)
                day += timedelta(days=1)
    return by_day


def show_day(found: Found, day: date) -> None:
    """Show the events of a day as cards."""
    show_cards(day_words(day), found, rows_by_day(found, day, day).get(day, []), "on this day")
