"""Defines a raw listing, the strings of a page about one event, and a rejected one, kept with the reason."""

from __future__ import annotations

import hashlib

from pydantic import Field, field_validator

from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.text import clean_line, clean_text, without_surrogates

_MAX_RAW = 40_000
_MAX_SHORT = 4_000
_MAX_ID_TEXT = 10_000
_MOST_PARTS = 100
_SHORT = (
    "source_id", "published", "url", "apply_url", "types", "starts", "ends", "timezone", "approximate", "mode",
    "organizers", "costs", "price", "currency", "stipend", "level", "topics", "time_commitment", "length", "languages",
    "status", "extra", "doubts",
)  # fmt: skip


def _shortened(value: object) -> object:
    if isinstance(value, str):
        return without_surrogates(value[:_MAX_SHORT])
    if isinstance(value, (list, tuple)):
        return tuple(_shortened(each) for each in value[:_MOST_PARTS])
    if isinstance(value, dict):
        return {_shortened(name): _shortened(each) for name, each in value.items()}
    return value


class _Part(Record):
    """Part of a raw listing; all its texts are short."""

    @field_validator("*", mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return _shortened(value)


class RawDeadline(_Part):
    """A deadline as the page gives it."""

    text: str = ""
    """``2026-11-16``, ``16 Nov, AoE``"""
    kind: str = ""
    """The page's own word: ``application``, ``Register by``. Empty: an application."""
    timezone: str = ""
    """The page's own word for the zone."""
    not_yet_open: bool = False
    """True if the page says that applications are not open yet."""
    rolling: bool = False
    """True if the page says that applications are accepted on a rolling basis."""


class RawPlace(_Part):
    """A place as the page gives it; ``text`` alone where the page has only one line."""

    text: str = ""
    venue: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    latitude: str = ""
    longitude: str = ""


class RawListing(Record):
    """One event as a page gives it, before parsing: ``tracker.reading`` converts it into a listing."""

    source: str
    """Id of the source."""
    source_id: str = ""
    """The source's own id of the event; stable from crawl to crawl."""
    page_url: str
    """The page this was read from."""
    fetched_at: Instant
    """When that page was fetched."""
    published: str = ""
    """Publication day of the page, as written; dates without a year are assumed to lie after it."""
    title: str = ""
    summary: str = ""
    description: str = ""
    """May hold HTML."""
    description_is_html: bool = False
    url: str = ""
    apply_url: str = ""
    types: tuple[str, ...] = ()
    """The page's own words: ``("Hackathon",)``."""
    starts: str = ""
    """Date or date and time as written."""
    ends: str = ""
    """As written. The last day, inclusive unless ``end_is_exclusive``."""
    end_is_exclusive: bool = False
    """True if the format gives the day after the last day (iCalendar DTEND)."""
    timezone: str = ""
    """The page's own word for the zone of ``starts`` and ``ends``."""
    approximate: str = ""
    """The page's own words where the date is not exact: ``early September 2026``."""
    recurring: bool = False
    """An evergreen entry without dates of its own."""
    deadlines: tuple[RawDeadline, ...] = ()
    places: tuple[RawPlace, ...] = ()
    mode: str = ""
    organizers: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    price: str = ""
    currency: str = ""
    stipend: str = ""
    level: str = ""
    topics: tuple[str, ...] = ()
    time_commitment: str = ""
    length: str = ""
    languages: tuple[str, ...] = ()
    is_on_topic: bool = False
    """True if the source itself classifies it as AI safety; its text is then not checked for relevance."""
    status: str = ""
    """The page's own word: ``CANCELLED``, ``https://schema.org/EventPostponed``."""
    doubts: tuple[str, ...] = ()
    """What the page says about the event that could not be read."""
    extra: dict[str, str] = Field(default_factory=dict)
    """Other data of the page that may be useful later."""

    @field_validator("title", "summary", "description", mode="before")
    @classmethod
    def _bounded(cls, value: object) -> object:
        # Pages can be huge; more than this is never shown, and the page itself can be fetched again.
        return clean_text(value, _MAX_RAW) if isinstance(value, str) else value

    @field_validator(*_SHORT, mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return _shortened(value)


OFF_TOPIC, SERIES_NOT_EXPANDED = "not about AI safety", "series not expanded"
"""Reasons of rejections that leave nothing unread: a source lists more than AI safety; the first date is listed."""


MAX_ID = 200
"""Maximum number of characters of an id."""


def bounded_id(text: str, most: int = MAX_ID) -> str:
    """Return ``text``, its tail replaced by a hash if it is too long: long ids often differ only at the end."""
    text = clean_line(text, _MAX_ID_TEXT)
    if len(text) <= most:
        return text
    return f"{text[: most - 17]}…{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class Rejected(Record):
    """A raw listing that could not become a listing. Counted and stored, so that nothing is lost silently."""

    reason: str
    """Short stable name: ``no title``, ``no date``, ``unreadable``."""
    detail: str = ""
    """What exactly was wrong, with the offending text."""
    source: str
    """Id of the source."""
    page_url: str = ""
    """The page it was read from."""
    raw: RawListing | None = None
    """The raw listing, as far as it could be read."""
    is_series: bool = False
    """True if the entry has listings of its id and a day: ``uid/2026-12-03``."""
    entry: str = ""
    """The entry as it stands on the page, if not even its id could be read."""
