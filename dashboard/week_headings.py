"""The headings that days stand under: weeks by the calendar, then months; the same for events and for deadlines."""

from __future__ import annotations

from datetime import date, timedelta


def day_heading(day: date, today: date) -> str:
    """Return the heading of a day.

    >>> [day_heading(date(2026, 12, day), date(2026, 12, 2)) for day in (6, 7, 13, 14)]
    ['This week', 'Next week', 'Next week', 'December 2026']
    """
    monday = today - timedelta(days=today.weekday())
    if monday <= day < monday + timedelta(days=14):
        return "This week" if day < monday + timedelta(days=7) else "Next week"
    return f"{day:%B %Y}"
