"""Events → iCalendar (RFC 5545, RFC 7986), in the dialect that all calendar programs read alike.

Rendered once per change and stored; a feed is those bytes joined. Nothing here asks for the time: UID, DTSTAMP,
LAST-MODIFIED and SEQUENCE come from the store, so an unchanged event never looks changed to a subscriber.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import icalendar
from icalendar import vDatetime, vText, vUri

from tracker.models.event import Event, PublishedEvent
from tracker.models.text import clean_line
from tracker.models.vocabulary import CostKind, Lifecycle, Mode
from tracker.publishing.wording import deadline_line, when_line

PRODID = "-//AI Safety Tracker//aisafety-tracker//EN"
UID_DOMAIN = "aisafety-tracker"
"""Part of every UID. Changing it would give every subscriber every event twice."""
RENDERING = 2
"""Raise it when an entry is rendered otherwise than before: stored entries are then rendered anew."""
REFRESH = "PT6H"
_STATUS = {
    Lifecycle.TENTATIVE: "TENTATIVE",
    Lifecycle.POSTPONED: "TENTATIVE",
    Lifecycle.CANCELLED: "CANCELLED",
    Lifecycle.WITHDRAWN: "CANCELLED",
}
_TITLE_MARK = {
    Lifecycle.CANCELLED: "[CANCELLED] ",
    Lifecycle.WITHDRAWN: "[CANCELLED] ",
    Lifecycle.POSTPONED: "[POSTPONED] ",
}
_LONGEST_DESCRIPTION = 1_000
_VERSION_LINES = re.compile(rb"^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE)[:;].*\r\n", re.MULTILINE)


class _Text(vText):
    """Text escaped in one pass: icalendar 7.3 turns a literal ``\\N`` (``C:\\New``) into a line break."""

    def to_ical(self) -> bytes:
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n").encode()


def render_vevent(published: PublishedEvent) -> bytes | None:
    """Return the event as VEVENT bytes, or None where its day is not certain: never a false exact date."""
    event = published.event
    if event.when.start is None or not event.when.is_exact_to_the_day:
        return None
    entry = icalendar.Event()
    entry["UID"] = _Text(f"{event.id}@{UID_DOMAIN}")
    entry["DTSTAMP"] = entry["LAST-MODIFIED"] = vDatetime(published.changed_at.astimezone(UTC))
    entry["CREATED"] = vDatetime(published.first_seen.astimezone(UTC))
    entry["SEQUENCE"] = icalendar.vInt(published.sequence)
    start, end = _span(event)
    entry.add("DTSTART", start)
    entry.add("DTEND", end)
    entry["SUMMARY"] = _Text(clean_line(_TITLE_MARK.get(event.lifecycle, "") + event.title))
    entry["STATUS"] = _Text(_STATUS.get(event.lifecycle, "CONFIRMED"))
    entry["DESCRIPTION"] = _Text(_description(event))
    entry.add("URL", event.link)
    if location := _location(event):
        entry["LOCATION"] = _Text(location)
    place = event.places[0] if len(event.places) == 1 else None
    if place and place.latitude is not None and place.longitude is not None:
        entry.add("GEO", (place.latitude, place.longitude))
    if event.types:
        entry.add("CATEGORIES", [each.value.replace("_", " ").capitalize() for each in event.types])
    if not isinstance(start, datetime):
        # A whole-day entry of a programme must not block a person's every day.
        entry["TRANSP"] = _Text("TRANSPARENT")
    rendered: bytes = entry.to_ical()
    return rendered


def visible_part(vevent: bytes) -> bytes:
    """Return the entry without the lines that only carry its version: what a subscriber sees."""
    return _VERSION_LINES.sub(b"", vevent)


def render_calendar(
    vevents: Iterable[bytes],
    *,
    name: str,
    description: str,
    changed_at: datetime | None,
    url: str = "",
) -> bytes:
    """Return a calendar that holds stored entries. The same entries give the same bytes.

    Args:
        vevents: entries in the order to write them.
        name: what calendar programs call it.
        description: what it holds, and whom to credit.
        changed_at: when the newest entry changed; None for an empty calendar.
        url: canonical address of the feed.
    """
    # METHOD is left out (it would ask for an ORGANIZER), and so is UID: vdirsyncer would see one single item.
    calendar = icalendar.Calendar()
    calendar["VERSION"] = _Text("2.0")
    calendar["PRODID"] = _Text(PRODID)
    calendar["CALSCALE"] = _Text("GREGORIAN")
    for label, text in (("NAME", name), ("DESCRIPTION", description)):
        calendar[label] = calendar[f"X-WR-CAL{label[:4]}"] = _Text(clean_line(text))
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


def _span(event: Event) -> tuple[date | datetime, date | datetime]:
    """Return start and exclusive end; an end is always written, since some programs invent one otherwise."""
    start, end = event.when.start, event.when.end
    if isinstance(start, datetime):
        ends = end if isinstance(end, datetime) and end > start else start + timedelta(hours=1)
        return start.astimezone(UTC), ends.astimezone(UTC)
    if start is None:
        raise ValueError("an event without a start is not rendered")
    last = end if end is not None and not isinstance(end, datetime) else start
    return start, last + timedelta(days=1)


def _location(event: Event) -> str:
    places = [clean_line(place.raw or place.label) for place in event.places]
    if event.mode in {Mode.ONLINE, Mode.HYBRID_CHOICE}:
        places.append("Online")
    return clean_line(" & ".join(dict.fromkeys(places)))


def _description(event: Event) -> str:
    lines = [link for link in (event.apply_url, event.link) if link]
    lines.append(when_line(event.when))
    lines += [deadline_line(deadline) for deadline in event.deadlines]
    if event.organizers:
        lines.append("By " + ", ".join(event.organizers))
    if event.cost.kind is not CostKind.UNKNOWN:
        lines.append(event.cost.text or event.cost.kind.value.capitalize())
    lines += [f"Note: {doubt}" for doubt in event.doubts]
    text = event.description or event.summary
    if len(text) > _LONGEST_DESCRIPTION:
        text = text[:_LONGEST_DESCRIPTION].rsplit(" ", 1)[0] + " …"
    credit = "Source: " + "; ".join(
        f"{source.attribution or source.name} ({source.homepage})" for source in event.sources
    )
    return "\n".join(lines) + (f"\n\n{text}" if text else "") + f"\n\n{credit}"
