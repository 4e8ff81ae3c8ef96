"""Assembles a calendar from stored entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import icalendar
from icalendar import vDatetime, vText, vUri

from tracker.models.text import clean_line
from tracker.publishing.ical.vevent import PRODID, Text

REFRESH = "PT6H"


def render_calendar(
    vevents: Iterable[bytes],
    *,
    name: str,
    description: str,
    changed_at: datetime | None,
    url: str = "",
) -> bytes:
    """Return a calendar of stored entries. The same entries give the same bytes.

    Args:
        vevents: entries in the order to write them.
        name: name in calendar programs.
        description: what it contains, and whom to credit.
        changed_at: when the newest entry changed; None for an empty calendar.
        url: canonical URL of the feed.
    """
    # METHOD is left out (it would require an ORGANIZER), and so is UID: vdirsyncer would see one single item.
    calendar = icalendar.Calendar()
    calendar["VERSION"] = Text("2.0")
    calendar["PRODID"] = Text(PRODID)
    calendar["CALSCALE"] = Text("GREGORIAN")
    for label, text in (("NAME", name), ("DESCRIPTION", description)):
        calendar[label] = calendar[f"X-WR-CAL{label[:4]}"] = Text(clean_line(text))
    refresh = vText(REFRESH)
    refresh.params["VALUE"] = "DURATION"
    calendar["REFRESH-INTERVAL"] = refresh
    calendar["X-PUBLISHED-TTL"] = vText(REFRESH)
    if url:
        source = vUri(url)
        source.params["VALUE"] = "URI"
        calendar["SOURCE"] = source
    calendar["COLOR"] = vText("steelblue")
    if changed_at is not None:
        calendar["LAST-MODIFIED"] = vDatetime(changed_at.astimezone(UTC))
    head, end, _ = calendar.to_ical().rpartition(b"END:VCALENDAR\r\n")
    return b"".join([head, *vevents, end])
