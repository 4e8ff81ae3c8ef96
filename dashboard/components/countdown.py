"""Shows the time left until a deadline in words: red in the last two days, orange in the last week."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from dashboard.components.plain import plain
from tracker.models.application_status import application_status, next_deadline
from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.moments import ANYWHERE_ON_EARTH, zone_of
from tracker.models.vocabulary import ApplicationStatus
from tracker.publishing.countdown import MAY_HAVE_CLOSED, days_left, left_words
from tracker.publishing.phrases import day_words, deadline_line

Colour = Literal["red", "orange", "green", "gray"]
_URGENT, _SOON = 2, 8
_STATUSES = {
    ApplicationStatus.CLOSED: "Applications closed",
    ApplicationStatus.NOT_YET_OPEN: "Applications not yet open",
    ApplicationStatus.ROLLING: "Rolling applications",
}


def countdown_badge(event: Event, now: datetime, zone: str) -> str:
    """Return a badge as Markdown: the time left until the next deadline, else the application status; may be empty."""
    status = application_status(event, now)
    deadline = next_deadline(event, now)
    if deadline is not None and status is not ApplicationStatus.NOT_YET_OPEN:
        words = left_words(event, deadline, now, zone)
        return f":{colour_of(deadline, now, zone) if words != MAY_HAVE_CLOSED else 'gray'}-badge[{words}]"
    words = _STATUSES.get(status, "Runs again and again" if event.recurring else "")
    return f":gray-badge[{words}]" if words else ""


def colour_of(deadline: Deadline, now: datetime, zone: str) -> Colour:
    """Return the colour for the time left."""
    days = days_left(deadline, now, zone)
    return "red" if days < _URGENT else "orange" if days < _SOON else "green"


def deadline_words(deadline: Deadline, zone: str) -> str:
    """Return the deadline in its own zone, and its last minute in the visitor's zone if that differs, as Markdown.

    A zone that is not stated is never converted: nobody is told a later moment than the organiser may have meant.
    """
    words = plain(deadline_line(deadline))
    if deadline.closes_at is None or deadline.zone_is_assumed:
        return words
    # A deadline with a clock time closes at that time; one that is a day closes after its last minute.
    last = deadline.closes_at if deadline.closes_at == deadline.at else deadline.closes_at - timedelta(minutes=1)
    theirs, ours = last.astimezone(zone_of(deadline.timezone or ANYWHERE_ON_EARTH)), last.astimezone(zone_of(zone))
    if theirs.utcoffset() == ours.utcoffset():
        return words
    return f"{words} :gray[(your time: {day_words(ours.date())}, {ours:%H:%M})]"
