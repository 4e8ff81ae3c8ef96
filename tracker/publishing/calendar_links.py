"""Builds links that add an event to Google Calendar or Outlook."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from tracker.models.event import Event
from tracker.publishing.phrases import format_addresses


def google_link(event: Event) -> str:
    """Return the URL of Google Calendar's form, filled in; empty if the day is not certain."""
    span = _span(event)
    if span is None:
        return ""
    form = "%Y%m%dT%H%M%SZ" if isinstance(span[0], datetime) else "%Y%m%d"
    dates = "/".join(moment.strftime(form) for moment in span)
    asked = {"action": "TEMPLATE", "text": event.title, "dates": dates, "details": event.link}
    return "https://calendar.google.com/calendar/render?" + urlencode(asked | {"location": format_addresses(event)})


def outlook_link(event: Event) -> str:
    """Return the URL of Outlook's form, filled in; empty if the day is not certain."""
    span = _span(event)
    if span is None:
        return ""
    start, end = (
        moment.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(moment, datetime) else moment.isoformat() for moment in span
    )
    asked = {"rru": "addevent", "subject": event.title, "startdt": start, "enddt": end, "body": event.link}
    asked |= {"allday": "false" if isinstance(span[0], datetime) else "true", "location": format_addresses(event)}
    return "https://outlook.live.com/calendar/0/deeplink/compose?" + urlencode(asked)


def _span(event: Event) -> tuple[date, date] | None:
    """Return start and exclusive end, instants in UTC; None if the day is not certain."""
    start, end = event.when.start, event.when.end
    if start is None or not event.when.is_exact_to_the_day:
        return None
    if isinstance(start, datetime):
        until = end if isinstance(end, datetime) and end > start else start + timedelta(hours=1)
        return start.astimezone(UTC), until.astimezone(UTC)
    return start, (end or start) + timedelta(days=1)
