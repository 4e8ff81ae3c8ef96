"""Parses the JSON of WordPress calendar plugins: The Events Calendar (REST), Event Organiser and EventON.

Pitfalls: titles contain HTML entities; a site without a zone labels local times ``UTC+0``; a missing ``venue`` is
``[]``; ends of whole days are exclusive in Event Organiser; EventON encodes local time as a Unix time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Self

import lxml.html
from pydantic import model_validator
from w3lib.url import add_or_replace_parameters, url_query_cleaner

from spiders.formats.documents import json_of
from spiders.formats.json_rows import RowFormat, raw_listing
from spiders.formats.raw_listings import disambiguate_ids
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawListing, RawPlace
from tracker.models.text import WebLink
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_REST = "/wp-json/tribe/events/v1/events"
_PER_PAGE = 50
_DEFAULT_ZONE = "UTC+0"
"""What WordPress says if nobody has set the site's zone: the times are local nevertheless."""
_OFFSET = re.compile(r"UTC[+-]\d{1,2}(?:[.:]\d{1,2})?")
_TRIBE = RowFormat(
    paths={
        "place": ("venue",),
        "organizers": ("organizer",),
        "types": ("categories",),
        "starts": ("start_date",),
        "ends": ("end_date",),
        "summary": ("excerpt",),
        "apply_url": (),
    }
)
_EVENT_ORGANISER = RowFormat(paths={"place": (), "organizers": (), "types": ()}, end_is_exclusive=True)
_EVENTON = RowFormat(paths={"types": (), "mode": ()}, epochs="local")


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "events_calendar"``."""

    site_url: WebLink | None = None
    """URL of a WordPress site with The Events Calendar."""
    feed_url: WebLink | None = None
    """URL of the JSON of Event Organiser or EventON, which have no fixed path."""

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if (self.site_url is None) == (self.feed_url is None):
            raise ValueError("either site_url or feed_url is needed")
        return self


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the first page of events from today on."""
    if options.feed_url:
        return [PageRequest(options.feed_url)]
    # Without a date, the plugin lists events from now on and omits ongoing ones.
    parameters = {"per_page": str(_PER_PAGE), "start_date": today.isoformat()}
    return [_from_today(add_or_replace_parameters(f"{str(options.site_url).rstrip('/')}{_REST}", parameters))]


def read(page: Page, options: Options) -> PageContent:
    """Parse one page of any of the plugins."""
    del options
    answer = json_of(page)
    content = PageContent()
    if isinstance(answer, list):
        content.read_each(page, answer, lambda row: [_with_venue(raw_listing(row, page, _EVENT_ORGANISER), row)])
    elif isinstance(answer, Mapping) and isinstance(answer.get("eventList"), list):
        cards = _cards(str(answer.get("content", "")))
        content.read_each(page, answer["eventList"], lambda row: [_with_card(row, page, cards)])
        content.listings = disambiguate_ids(content.listings)
    elif isinstance(answer, Mapping) and isinstance(answer.get("events"), list):
        content.read_each(page, answer["events"], lambda row: [_tribe(row, page)])
        if isinstance(further := answer.get("next_rest_url"), str) and further and answer["events"]:
            content.follow.append(_from_today(further))
    else:
        message = "The JSON has another layout: no list of events in it. Is the plugin still there?"
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the site of a page that contains markup of The Events Calendar."""
    if b"tribe-events" in page.body or b"tribe/events" in page.body:
        scheme, _, rest = page.url.partition("://")
        yield {"site_url": f"{scheme}://{rest.partition('/')[0]}"}


def _from_today(url: str) -> PageRequest:
    return PageRequest(url, stable_url=url_query_cleaner(url, ("start_date",), remove=True, keep_fragments=True))


def _with_venue(listing: RawListing, row: Mapping[str, Any]) -> RawListing:
    """Return the listing with the place from Event Organiser's slug, its only mention."""
    slug = str(row.get("venue_slug") or "").replace("-", " ").title()
    return listing.model_copy(update={"places": (RawPlace(text=slug),) if slug else ()})


def _tribe(row: Any, page: Page) -> RawListing:
    listing = raw_listing(row, page, _TRIBE)
    update: dict[str, str] = {}
    if row.get("is_virtual") is True and listing.places:
        update["mode"] = "hybrid choice"
    utc, local = str(row.get("utc_start_date") or ""), str(row.get("start_date") or "")
    if _OFFSET.fullmatch(listing.timezone) and utc and utc != local and row.get("all_day") is not True:
        # The site's zone is a bare offset, and the plugin has converted with it: its UTC times are right.
        update |= {"starts": f"{utc}Z", "ends": f"{row.get('utc_end_date') or utc}Z", "timezone": ""}
    elif listing.timezone == _DEFAULT_ZONE:
        update["timezone"] = ""
    return listing.model_copy(update=update)


def _cards(content: str) -> dict[str, list[lxml.html.HtmlElement]]:
    """Return EventON's HTML cards by event id, one per repetition; only they hold the link and the description."""
    if not content.strip():
        return {}
    found: dict[str, list[lxml.html.HtmlElement]] = {}
    for element in lxml.html.fragment_fromstring(content, create_parent="div").iter("div"):
        if identity := element.get("data-event_id"):
            found.setdefault(identity, []).append(element)
    return found


def _with_card(row: Any, page: Page, cards: Mapping[str, list[lxml.html.HtmlElement]]) -> RawListing:
    listing = raw_listing(row, page, _EVENTON)
    waiting = cards.get(listing.source_id)
    if not waiting:
        return listing
    card = waiting.pop(0)  # rows and cards come in the same order
    said = {name: next(iter(card.xpath(f".//*[@itemprop='{name}']/@{attribute}")), "")
            for name, attribute in (("url", "href"), ("description", "content"), ("startDate", "content"),
                                    ("endDate", "content"))}  # fmt: skip
    starts, ends = _padded(said.pop("startDate")), _padded(said.pop("endDate"))
    if starts and starts != listing.starts:  # the Unix times of a recurring event are wrong
        said |= {"starts": starts, "ends": ends}
    return listing.model_copy(update=said)


def _padded(text: str) -> str:
    """Pad a moment to ISO 8601: ``2019-9-13T10:00`` → ``2019-09-13T10:00:00``."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{2})", text)
    return "{}-{:0>2}-{:0>2}T{:0>2}:{}:00".format(*match.groups()) if match else ""
