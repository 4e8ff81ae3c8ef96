"""Parses AISafety.com's open data API: curated events and training programmes (CC-BY-4.0, credit with a link).

Pitfalls, each from the API's code: dates have no zone; with ``startDateApprox``, ``startDate`` is only a rough
date; ``url`` may be ``#``; "Open" includes "no deadline known"; "Hybrid" means *online or on site* for events and
*partly online, partly on site* for training; ``type`` is a string or a list; a training row is removed once it has
started, so absence does not mean cancellation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from spiders.formats.documents import json_of
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_API = "https://aisafety.com/api/v1"
_EVERGREEN = {"courses": "course", "funding": "grant"}
_MODES = {
    ("events", "hybrid"): "hybrid choice",
    ("training", "hybrid"): "hybrid required",
}
_KNOWN = frozenset(
    [
        "id",
        "name",
        "description",
        "url",
        "type",
        "location",
        "mode",
        "host",
        "cost",
        "startDate",
        "endDate",
        "startTime",
        "endTime",
        "applicationStatus",
        "applicationsClose",
        "notYetOpen",
        "deadlineType",
        "logo",
        "focus",
        "entryBar",
        "timeCommitment",
        "stipend",
        "lengthBucket",
        "recurring",
        "startDateApprox",
        "typicalLength",
        "category",
        "courseType",
        "organizer",
        "image",
        "featured",
        "featuredTagline",
        "recipientType",
        "acceptingApplications",
        "joinLink",
        "website",
        "platform",
        "latitude",
        "longitude",
    ]
)


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "aisafety_com"``."""

    collection: Literal["events", "training", "courses", "funding", "communities"]
    """The collection to read. Courses are for self-study and funding is open all year: both have no dates; communities
    are groups to join, not events."""
    api_url: str = _API
    """Base URL of the API."""


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the collection's URL; one response holds the whole collection, unfiltered."""
    del today
    return [PageRequest(f"{options.api_url}/{options.collection}")]


def read(page: Page, options: Options) -> PageContent:
    """Parse one collection."""
    rows, meta = _envelope(page)
    content = PageContent()
    count = meta.get("count")
    if isinstance(count, int) and count != len(rows):
        content.problems.append(f"the answer says {count} rows and holds {len(rows)}")
    content.read_each(page, rows, lambda row: _raw(row, page, options.collection))
    if options.collection == "communities":
        content.communities, content.listings = content.listings, []
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the collection of an API URL."""
    if match := re.match(r"(https?://[^/]+/api/v1)/(events|training|courses|funding|communities)$", page.url):
        yield {"collection": match[2]} | ({} if match[1] == _API else {"api_url": match[1]})


def _envelope(page: Page) -> tuple[list[Any], Mapping[str, Any]]:
    answer = json_of(page)
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        message = 'Not the API\'s answer: a list under "data" is missing.'
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    meta = answer.get("meta")
    return rows, meta if isinstance(meta, dict) else {}


def _raw(row: Any, page: Page, collection: str) -> Iterator[RawListing]:
    if not isinstance(row, dict):
        raise TypeError("a row is an object")
    mode = _text(row, "mode")
    approximate = _text(row, "startDateApprox")
    yield RawListing(
        source=page.source,
        source_id=_text(row, "id"),
        page_url=page.url,
        fetched_at=page.fetched_at,
        title=_text(row, "name"),
        description=_text(row, "description"),
        url=_link(row),
        types=_texts(row, "type") + _texts(row, "platform")
        if collection not in _EVERGREEN
        else (_EVERGREEN[collection],),
        starts="" if approximate else _clocked(row, "startDate", "startTime"),
        ends="" if approximate else _clocked(row, "endDate", "endTime"),
        approximate=approximate,
        recurring=row.get("recurring") is True or collection in _EVERGREEN,
        deadlines=tuple(_deadlines(row)),
        places=tuple(_places(row)),
        mode=_MODES.get((collection, mode.lower()), mode),
        organizers=_texts(row, "host") or _texts(row, "organizer"),
        costs=_texts(row, "cost"),
        stipend=_text(row, "stipend"),
        level=_text(row, "entryBar"),
        topics=_texts(row, "focus"),
        time_commitment=_text(row, "timeCommitment"),
        length=_text(row, "typicalLength") or _text(row, "lengthBucket"),
        extra={name: str(value)[:500] for name, value in row.items() if name not in _KNOWN},
    )


def _link(row: Mapping[str, Any]) -> str:
    """Return the link of a row; of a community, where to join it."""
    links = (_text(row, name) for name in ("joinLink", "url", "website"))
    return next((text for text in links if text not in {"", "#"}), "")


def _places(row: Mapping[str, Any]) -> Iterator[RawPlace]:
    texts = _texts(row, "location")
    for text in texts:
        if len(texts) == 1:
            yield RawPlace(text=text, latitude=_text(row, "latitude"), longitude=_text(row, "longitude"))
        else:
            yield RawPlace(text=text)


def _deadlines(row: Mapping[str, Any]) -> Iterator[RawDeadline]:
    closes = _text(row, "applicationsClose")
    not_yet_open = row.get("notYetOpen") is True
    if row.get("acceptingApplications") in {"No", "Closed"} or row.get("acceptingApplications") is False:
        yield RawDeadline(text="Applications are closed")
    if closes or not_yet_open:
        yield RawDeadline(text=closes, kind=_text(row, "deadlineType"), not_yet_open=not_yet_open)


def _clocked(row: Mapping[str, Any], day: str, clock: str) -> str:
    """Join day and time; a time without a day, or one that does not begin with a digit, is ignored."""
    written, time = _text(row, day), _text(row, clock)
    return f"{written} {time}" if written and time[:1].isdigit() else written


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    value = next(iter(value), "") if isinstance(value, list) else value
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name)
    values = value if isinstance(value, list) else [value]
    return tuple(text.strip() for text in values if isinstance(text, str) and text.strip())
