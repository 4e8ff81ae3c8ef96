"""Parses the calendars of Localist, which many universities use (Stanford, MIT, Cornell), from their public API.

Documented at https://developer.localist.com/doc/api. Pitfalls: a repeating event is one event with an instance for each
date, repeated in the list for each; ``url`` is the organiser's link and often empty, ``localist_url`` the event's page;
``location_name`` names the venue, ``address`` and ``geo`` its place; a cancelled event stays listed; a search looks in
titles and descriptions alike, so what it finds is still to be filtered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import Field

from spiders.formats.documents import json_of
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawListing, RawPlace
from tracker.models.text import WebLink, fold
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_DAY = len("2026-12-01")
_PER_PAGE = 100
"""The API's maximum."""
_MODES = {"inperson": "in person", "virtual": "online", "hybrid": "hybrid choice"}
_GONE = frozenset({"canceled", "cancelled"})


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "localist"``."""

    site_url: WebLink
    """``https://events.stanford.edu``"""
    search: tuple[str, ...] = ()
    """Words or phrases to search for, one request each; empty: all events."""
    days: int = Field(default=180, ge=1, le=370)
    """Days from today on; the API allows 370."""
    group: str = ""
    """Slug or id of a group or department, to read only its events."""


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the first page of each search, or of all events."""
    del today  # without a start the API lists from today on
    return [_request(options, words, 1) for words in options.search or ("",)]


def read(page: Page, options: Options) -> PageContent:
    """Parse one page of events; each date of an event is one listing."""
    answer = json_of(page)
    rows = answer.get("events") if isinstance(answer, Mapping) else None
    if not isinstance(rows, list):
        message = 'Not the API\'s answer: a list under "events" is missing. Is the site still on Localist?'
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    content = PageContent()
    content.read_each(page, rows, lambda row: _listings(row, page), id_of=_id_of)
    content.listings = list(_told_apart(content.listings))
    numbers = answer.get("page")
    current, total = (
        (_number(numbers, "current"), _number(numbers, "total")) if isinstance(numbers, Mapping) else (1, 1)
    )
    if rows and current < total:
        words = dict(parse_qsl(urlsplit(page.url).query)).get("search", "")
        content.follow.append(_request(options, words, current + 1))
    return content


def _told_apart(listings: Iterable[RawListing]) -> Iterator[RawListing]:
    """Yield each date of an event once. Those that would share an id get their day, or their time, added to it."""
    by_id: dict[str, dict[str, RawListing]] = {}
    for each in listings:
        by_id.setdefault(each.source_id, {})[each.starts] = each
    for dates in by_id.values():
        days = [starts[:_DAY] for starts in dates]
        for starts, each in dates.items():
            if len(dates) == 1:
                yield each
                continue
            day = starts[:_DAY]
            event = each.source_id.removesuffix(f"/{day}")
            yield each.model_copy(update={"source_id": f"{event}/{day if days.count(day) == 1 else starts}"})


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the site of a page that Localist serves."""
    parts = urlsplit(page.url)
    is_api = "/api/2" in parts.path and b'"events"' in page.body[:2_000]
    if is_api or b"localist" in page.body[:100_000].lower():
        yield {"site_url": f"{parts.scheme}://{parts.netloc}"}


def _request(options: Options, words: str, number: int) -> PageRequest:
    asked: dict[str, str | int] = {"days": options.days, "pp": _PER_PAGE}
    if options.group:
        asked["group_id"] = options.group
    if words:
        asked["search"] = words
    if number > 1:
        asked["page"] = number
    path = "/api/2/events/search" if words else "/api/2/events"
    return PageRequest(f"{str(options.site_url).rstrip('/')}{path}?{urlencode(asked)}")


def _listings(row: Any, page: Page) -> Iterator[RawListing]:
    event = row.get("event") if isinstance(row, Mapping) else None
    if not isinstance(event, Mapping):
        raise TypeError("an event is an object")
    if event.get("private") is True:
        return
    dates = [each for each in map(_instance, event.get("event_instances") or []) if each]
    event_id = _text(event, "id") or _text(event, "localist_url") or fold(_text(event, "title"))
    repeats = len(dates) > 1 or event.get("recurring") is True
    for starts, ends in dates or [(_text(event, "first_date"), _text(event, "last_date"))]:
        yield RawListing(
            source=page.source,
            source_id=f"{event_id}/{starts[:_DAY]}" if repeats else event_id,
            page_url=page.url,
            fetched_at=page.fetched_at,
            title=_text(event, "title"),
            description=_text(event, "description_text") or _text(event, "description"),
            description_is_html=not _text(event, "description_text"),
            url=_text(event, "localist_url") or _text(event, "url"),
            apply_url=_text(event, "ticket_url"),
            starts=starts,
            ends=ends,
            types=tuple(_filters(event, "event_types")),
            topics=tuple(_filters(event, "event_topics", "event_topic", "event_subject")),
            places=tuple(_places(event)),
            mode=_MODES.get(_text(event, "experience"), ""),
            costs=tuple(filter(None, [_text(event, "ticket_cost"), "Free" if event.get("free") is True else ""])),
            status="cancelled" if _text(event, "status") in _GONE else "",
        )


def _instance(wrapped: Any) -> tuple[str, str] | None:
    """Return start and end of one date, as days if it has no hours."""
    instance = wrapped.get("event_instance") if isinstance(wrapped, Mapping) else None
    if not isinstance(instance, Mapping) or not (starts := _text(instance, "start")):
        return None
    length = _DAY if instance.get("all_day") is True else None
    return starts[:length], _text(instance, "end")[:length]


def _places(event: Mapping[str, Any]) -> Iterator[RawPlace]:
    geo = event.get("geo")
    geo = geo if isinstance(geo, Mapping) else {}
    venue = ", ".join(
        filter(None, (_text(event, "location_name") or _text(event, "location"), _text(event, "room_number")))
    )
    place = RawPlace(
        text=_text(event, "address"),
        venue=venue,
        street=_text(geo, "street"),
        city=_text(geo, "city"),
        region=_text(geo, "state"),
        country=_text(geo, "country"),
        latitude=_text(geo, "latitude"),
        longitude=_text(geo, "longitude"),
    )
    if place != RawPlace():
        yield place


def _filters(event: Mapping[str, Any], *names: str) -> Iterator[str]:
    filters = event.get("filters")
    for name in names:
        rows = filters.get(name) if isinstance(filters, Mapping) else None
        yield from (_text(each, "name") for each in rows or [] if isinstance(each, Mapping))


def _id_of(row: Any) -> str:
    event = row.get("event") if isinstance(row, Mapping) else None
    return _text(event, "id") if isinstance(event, Mapping) else ""


def _number(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 1


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
