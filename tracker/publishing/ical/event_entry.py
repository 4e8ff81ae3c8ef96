"""Renders an event as a calendar entry, and assembles a calendar from stored entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import icalendar
from icalendar import vDatetime, vText, vUri

from tracker.models.event import Event, PublishedEvent
from tracker.models.text import clean_line
from tracker.models.vocabulary import CostKind, Mode
from tracker.publishing.ical.vevent import PRODID, Text, credit_line, set_span, shortened, start_entry, to_bytes
from tracker.publishing.phrases import deadline_line, format_when

_UNSTATED_LENGTH = timedelta(hours=1)
_ATTENDABLE_ONLINE = frozenset({Mode.ONLINE, Mode.HYBRID_CHOICE})


def render_vevent(published: PublishedEvent) -> bytes | None:
    """Return the event as VEVENT bytes, or None if its day is not certain: an entry would show a false exact date."""
    event = published.event
    start, end = event.when.start, event.when.end
    if start is None or not event.when.is_exact_to_the_day:
        return None
    entry = start_entry(
        event.id,
        event.title,
        event.lifecycle,
        sequence=published.sequence,
        first_seen=published.first_seen,
        changed_at=published.changed_at,
    )
    if isinstance(start, datetime):
        set_span(entry, start, end if isinstance(end, datetime) and end > start else start + _UNSTATED_LENGTH)
    else:
        set_span(entry, start, start if end is None else end)
    entry["DESCRIPTION"] = Text(_description(event))
    entry.add("URL", event.link)
    if location := _location(event):
        entry["LOCATION"] = Text(location)
    if event.mode in _ATTENDABLE_ONLINE and (join := event.apply_url or event.url):
        conference = vUri(join)
        conference.params["VALUE"] = "URI"
        conference.params["LABEL"] = "Join or register"
        entry["CONFERENCE"] = conference
    place = event.places[0] if len(event.places) == 1 else None
    if place and place.latitude is not None and place.longitude is not None:
        entry.add("GEO", (place.latitude, place.longitude))
    if event.types:
        entry.add("CATEGORIES", [each.value.replace("_", " ").capitalize() for each in event.types])
    return to_bytes(entry)


def _location(event: Event) -> str:
    places = [clean_line(place.raw or place.label) for place in event.places]
    if event.mode in _ATTENDABLE_ONLINE:
        places.append("Online")
    return clean_line(" & ".join(dict.fromkeys(places)))


def _description(event: Event) -> str:
    lines = [link for link in (event.apply_url, event.link) if link]
    lines.append(format_when(event.when))
    lines += [deadline_line(deadline) for deadline in event.deadlines]
    if event.organizers:
        lines.append("By " + ", ".join(event.organizers))
    if event.cost.kind is not CostKind.UNKNOWN:
        lines.append(event.cost.text or event.cost.kind.value.capitalize())
    lines += [f"Note: {doubt}" for doubt in event.doubts]
    text = shortened(event.description or event.summary)
    return "\n".join(lines) + (f"\n\n{text}" if text else "") + f"\n\n{credit_line(event.sources)}"


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
