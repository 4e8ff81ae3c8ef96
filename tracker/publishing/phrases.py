"""Formats dates, deadlines and places for people: with weekday and zone, approximate dates in the source's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.details import FIELDS, Details
from tracker.models.filters import FILTERS
from tracker.models.moments import ANYWHERE_ON_EARTH, When, day_of, zone_of
from tracker.models.place import Place
from tracker.models.text import fold
from tracker.models.vocabulary import DatePrecision, DeadlineKind, Mode
from tracker.reading.places import country_name, read_country

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


_LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "sw": "Swahili", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_MODES = {
    Mode.IN_PERSON: "In person",
    Mode.ONLINE: "Online",
    Mode.HYBRID_CHOICE: "In person or online",
    Mode.HYBRID_REQUIRED: "In person and online",
    Mode.UNKNOWN: "",
}
_ALSO = {Mode.ONLINE: "or online", Mode.HYBRID_CHOICE: "or online", Mode.HYBRID_REQUIRED: "and online"}
"""How one can take part besides at the places."""


def mode_words(mode: Mode) -> str:
    """Return a mode in words; empty if it is unknown."""
    return _MODES[mode]


def place_words(place: Place) -> str:
    """Return a place with its country in words: ``Oxford, United Kingdom``, or the source's words.

    >>> place_words(Place(city="Oxford", country="GB")), place_words(Place(city="Singapore", country="SG"))
    ('Oxford, United Kingdom', 'Singapore')
    """
    area = place.city or place.region
    if place.is_around_city or not (area or place.country):
        return place.raw
    if not area:
        return place.raw or country_name(place.country)
    return ", ".join(dict.fromkeys(part for part in (area, country_name(place.country)) if part))


def address_words(place: Place) -> str:
    """Return a place with its venue and street, where they are known, for whoever goes there.

    >>> address_words(Place(raw="LISA, 25 Holywell Row, London, UK", venue="LISA", city="London", country="GB"))
    'LISA, 25 Holywell Row, London, United Kingdom'
    >>> address_words(Place(raw="Trajan House, Oxford OX2 0DJ", venue="Trajan House", city="Oxford", country="GB"))
    'Trajan House, Oxford OX2 0DJ, United Kingdom'
    """
    if not place.venue or place.is_around_city:
        return place_words(place)
    said = place.raw if fold(place.venue) in fold(place.raw) else place.venue
    area = {fold(each) for each in (place.city, place.region) if each}
    kept = [
        part
        for part in map(str.strip, said.split(","))
        if part and fold(part) not in area and not (place.country and read_country(part) == place.country)
    ]
    city = fold(place.city).split()
    names_city = city and any(_contains(fold(part).split(), city) for part in kept)
    rest = country_name(place.country) if names_city and place.country else place_words(place)
    return ", ".join(dict.fromkeys([*kept, rest] if rest != place.raw else kept)) or place.raw


def _contains(words: list[str], wanted: list[str]) -> bool:
    return any(words[start:][: len(wanted)] == wanted for start in range(len(words)))


def format_places(details: Details) -> str:
    """Return the places in words, and whether one can take part online: ``Berlin, Germany or online``."""
    return _joined(details, place_words)


def format_addresses(details: Details) -> str:
    """Return the same with venues and streets: ``LISA, London, United Kingdom or online``."""
    return _joined(details, address_words)


def _joined(details: Details, words: Callable[[Place], str]) -> str:
    places = " & ".join(dict.fromkeys(map(words, details.places)))
    return f"{places} {_ALSO.get(details.mode, '')}".strip() if places else mode_words(details.mode)


def language_name(code: str) -> str:
    """Return the English name of a language by its ISO 639-1 code; the code itself if it has none here."""
    return _LANGUAGES.get(code, code)


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
    if isinstance(when.start, datetime):
        return f"{clock_words(when.start, when.end, when.timezone)} {zone_words(when.timezone)}"
    if when.last_day is not None and when.last_day != when.start:
        return f"{day_words(when.start)} – {day_words(when.last_day)}"
    return day_words(when.start)


def clock_words(start: datetime, end: date | datetime | None, zone: str | None) -> str:
    """Return a time span on the clock of a zone, without its name: ``Tue 1 Dec 2026, 18:00–20:00``."""
    begins = start.astimezone(zone_of(zone))
    words = f"{day_words(begins.date())}, {begins:%H:%M}"
    if not isinstance(end, datetime):
        return words
    ends = end.astimezone(zone_of(zone))
    same_day = ends.date() == begins.date()
    return words + (f"–{ends:%H:%M}" if same_day else f" – {day_words(ends.date())}, {ends:%H:%M}")


def other_clock(details: Details, zone: str) -> str:
    """Return the time span on the clock of another zone, without its name.

    Empty if that clock shows the same, if no time is known, or if one can only take part at the place: who travels
    there reads its clocks.
    """
    start, end = details.when.start, details.when.end
    if not isinstance(start, datetime) or not details.when.is_exact_to_the_day:
        return ""
    if details.places and details.mode not in _ALSO:
        return ""
    theirs, ours = start.astimezone(zone_of(details.when.timezone)), start.astimezone(zone_of(zone))
    return "" if theirs.utcoffset() == ours.utcoffset() else clock_words(start, end, zone)


def field_words(details: Details, field: str) -> str:
    """Return the value of any field in words."""
    value = getattr(details, field)
    if field == "when":
        return format_when(details.when)
    if field == "deadlines":
        return "; ".join(map(deadline_line, details.deadlines)) or "none"
    if field == "places":
        return " & ".join(map(address_words, details.places)) or "none"
    if field == "mode":
        return mode_words(details.mode) or "unknown"
    return fact_words(details, field) or ("none" if isinstance(value, tuple) else "unknown")


def fact_words(details: Details, field: str) -> str:
    """Return the value of a field for a list of facts; empty if it is not known."""
    value = getattr(details, field)
    if field == "places":
        return format_places(details)
    if isinstance(value, Cost):
        return value.text or _known(value.kind)
    if field == "languages":
        return ", ".join(map(language_name, details.languages))
    same_as = FILTERS.get(FIELDS[field].facet)
    words = same_as.words if same_as else {}
    if isinstance(value, tuple):
        return ", ".join(words.get(each, humanize(each)) if isinstance(each, StrEnum) else str(each) for each in value)
    if not isinstance(value, StrEnum):
        return str(value)
    return words[value] if value in words and value != "unknown" else _known(value)


def _known(value: StrEnum) -> str:
    return "" if value == "unknown" else humanize(value)


def deadline_name(deadline: Deadline) -> str:
    """Return what must be done, or the source's own name for it: ``Apply by``, ``Priority deadline``."""
    return deadline.label or _DEADLINE_LABELS[deadline.kind]


def action_words(deadline: Deadline | None) -> str:
    """Return what a button says that leads to where one takes part: ``Register``."""
    return _ACTIONS.get(deadline.kind, "Apply") if deadline else "Apply or register"


_ACTIONS = {
    DeadlineKind.REGISTRATION: "Register",
    DeadlineKind.EARLY_BIRD: "Register",
    DeadlineKind.SUBMISSION: "Submit",
    DeadlineKind.ABSTRACT: "Submit",
    DeadlineKind.CAMERA_READY: "Submit",
}


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
