"""Formats dates, deadlines and places for people: with weekday and zone, approximate dates in the source's words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.details import FIELDS, Details
from tracker.models.filters import FILTERS
from tracker.models.moments import ANYWHERE_ON_EARTH, When, day_of, zone_of
from tracker.models.vocabulary import DatePrecision, DeadlineKind, Mode

_DEADLINE_LABELS = {
    DeadlineKind.APPLICATION: "Apply by",
    DeadlineKind.REGISTRATION: "Register by",
    DeadlineKind.EARLY_BIRD: "Early bird until",
    DeadlineKind.SCHOLARSHIP: "Scholarship applications by",
    DeadlineKind.SUBMISSION: "Submit by",
    DeadlineKind.ABSTRACT: "Abstract by",
    DeadlineKind.CAMERA_READY: "Camera-ready by",
    DeadlineKind.NOTIFICATION: "Notification on",
    DeadlineKind.OTHER: "Deadline",
}


_MODES = {
    Mode.IN_PERSON: "In person",
    Mode.ONLINE: "Online",
    Mode.HYBRID_CHOICE: "In person or online",
    Mode.HYBRID_REQUIRED: "In person and online",
    Mode.UNKNOWN: "",
}


def mode_words(mode: Mode) -> str:
    """Return a mode in words; empty if it is unknown."""
    return _MODES[mode]


def format_places(details: Details) -> str:
    """Return the places in words, and whether one can take part online: ``Berlin, DE & online``."""
    places = list(dict.fromkeys(place.label for place in details.places))
    if not places:
        return mode_words(details.mode)
    if details.mode in {Mode.ONLINE, Mode.HYBRID_CHOICE}:
        places.append("online")
    return " & ".join(places)


def humanize(value: str) -> str:
    """Return a word of the vocabulary as display text: ``Reading group``."""
    return value.replace("_", " ").capitalize()


def day_words(day: date) -> str:
    """Return a day as ``Tue 1 Dec 2026``."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def instant_words(moment: datetime) -> str:
    """Return an instant as ``Tue 1 Dec 2026, 18:00 UTC``."""
    at = moment.astimezone(UTC)
    return f"{day_words(at.date())}, {at:%H:%M} UTC"


def zone_words(zone: str | None) -> str:
    """Return a zone in words: ``New York time``.

    >>> zone_words("America/New_York"), zone_words(None), zone_words("AoE"), zone_words("Etc/GMT-2")
    ('New York time', 'UTC', 'anywhere on Earth', 'UTC+2')
    """
    if zone is None or zone == "UTC":
        return "UTC"
    if zone == ANYWHERE_ON_EARTH:
        return "anywhere on Earth"
    if zone.startswith("Etc/"):
        # The names of these zones have the POSIX sign: Etc/GMT-2 lies east of Greenwich. Etc/GMT and Etc/Zulu are UTC.
        hours = re.fullmatch(r"Etc/GMT([+-]\d{1,2})", zone)
        return f"UTC{-int(hours[1]):+d}" if hours and int(hours[1]) else "UTC"
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def format_when(when: When) -> str:
    """Return a time span in words: ``Tue 1 Dec 2026, 18:00–20:00 Berlin time``."""
    if when.start is None or not when.is_exact_to_the_day:
        if when.text:
            return when.text
        if when.start is not None and when.precision is DatePrecision.MONTH:
            return f"{when.start:%B %Y}"
        return "Date not announced" if when.start is None else f"{when.start:%Y}, date not announced"
    zone = zone_of(when.timezone)
    if isinstance(when.start, datetime):
        start = when.start.astimezone(zone)
        words = f"{day_words(start.date())}, {start:%H:%M}"
        if isinstance(when.end, datetime):
            end = when.end.astimezone(zone)
            same_day = end.date() == start.date()
            words += f"–{end:%H:%M}" if same_day else f" – {day_words(end.date())}, {end:%H:%M}"
        return f"{words} {zone_words(when.timezone)}"
    if when.last_day is not None and when.last_day != when.start:
        return f"{day_words(when.start)} – {day_words(when.last_day)}"
    return day_words(when.start)


def field_words(details: Details, field: str) -> str:
    """Return the value of any field in words."""
    value = getattr(details, field)
    if field == "when":
        return format_when(details.when)
    if field == "deadlines":
        return "; ".join(map(deadline_line, details.deadlines)) or "none"
    if field == "places":
        return " & ".join(place.label for place in details.places) or "none"
    if field == "cost":
        return details.cost.text or details.cost.kind.value
    if field == "mode":
        return mode_words(details.mode) or "unknown"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def fact_words(details: Details, field: str) -> str:
    """Return the value of a field for a list of facts; empty if it is not known."""
    value = getattr(details, field)
    if field == "places":
        return format_places(details)
    if isinstance(value, Cost):
        return value.text or _known(value.kind)
    if isinstance(value, tuple):
        return ", ".join(humanize(each) if isinstance(each, StrEnum) else str(each) for each in value)
    if not isinstance(value, StrEnum):
        return str(value)
    same_as = FILTERS.get(FIELDS[field].facet)
    in_words = same_as.words.get(value) if same_as else None
    return in_words if in_words and value != "unknown" else _known(value)


def _known(value: StrEnum) -> str:
    return "" if value == "unknown" else humanize(value)


def deadline_name(deadline: Deadline) -> str:
    """Return what must be done, or the source's own name for it: ``Apply by``, ``Priority deadline``."""
    return deadline.label or _DEADLINE_LABELS[deadline.kind]


def deadline_line(deadline: Deadline) -> str:
    """Return a deadline in words: ``Apply by Mon 16 Nov 2026, anywhere on Earth``.

    One without a stated zone is said as written: ``Apply by Mon 16 Nov 2026, time zone not stated``.
    """
    to_do = deadline_name(deadline)
    if deadline.at is None:
        if deadline.opens is not None:
            opens = deadline.opens
            return f"Applications open {day_words(day_of(opens, deadline.timezone))}"
        if deadline.not_yet_open:
            return "Applications not yet open"
        if deadline.closed:
            return "Applications closed"
        return "Rolling applications" if deadline.rolling else f"{to_do}: {deadline.text}"
    zone = "time zone not stated" if deadline.zone_is_assumed else zone_words(deadline.timezone)
    if isinstance(deadline.at, datetime):
        at = deadline.at.astimezone(zone_of(deadline.timezone))
        if (at.hour, at.minute) == (0, 0):  # "midnight on Tuesday" is ambiguous, "the end of Monday" is not
            return f"{to_do} the end of {day_words(at.date() - timedelta(days=1))}, {zone}"
        return f"{to_do} {day_words(at.date())}, {at:%H:%M}, {zone}"
    return f"{to_do} {day_words(deadline.at)}, {zone}"
