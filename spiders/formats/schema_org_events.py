"""Converts schema.org event nodes into raw listings."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html

from spiders.formats.documents import text_of
from spiders.formats.json_ld import read_json_ld
from spiders.formats.json_times import add_duration
from spiders.formats.raw_listings import fill_blanks
from spiders.formats.rrule_expansion import Horizon
from spiders.formats.schema_schedules import schedule_dates
from spiders.formats.structured_data import Node, events_in, h_events, last_part, microdata_events
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.sources.platform import Page, PageContent

_NAMES_EVENT = re.compile(r"Event|Hackathon|CourseInstance|Festival")
_PRICES = ("price", "lowPrice", "highPrice", "minPrice", "maxPrice")
_SALE_ENDS = ("validThrough", "availabilityEnds")
_BAD_NEWS = ("cancel", "postpone", "movedonline", "reschedule")
_HIGHEST_PRICE = 10**7
_DAY_LENGTH = len("2026-12-01")


def extract_events(page: Page, text: str, document: lxml.html.HtmlElement) -> PageContent:
    """Return every event that a page describes, once: many pages repeat their JSON-LD events as microdata."""
    content = PageContent()
    json_ld = read_json_ld(document)
    for script in json_ld.broken:
        if _NAMES_EVENT.search(script):
            content.reject(page, "unreadable", f"JSON-LD that is not JSON: {script[:1_000]}", entry=script)
    content.read_each(page, events_in(json_ld.trees), lambda node: _raw(node, page))
    for nodes in (microdata_events(document, text, page.url), h_events(document, text, page.url)):
        said = {_title_and_day(listing) for listing in content.listings}
        content.read_each(page, nodes, lambda node, said=said: _new_only(_raw(node, page), said))  # type: ignore[misc]
    content.listings = _told_apart(content.listings, page.url)
    return content


def filled_from_event(listing: RawListing, page: Page, document: lxml.html.HtmlElement) -> RawListing:
    """Return a listing with its blank fields filled from the event that its page describes.

    Many sites put their next event on every page, so only an event of the same title is used; if the listing has no
    title, the page's only event is used.
    """
    events = extract_events(page, text_of(page), document).listings
    if not listing.title:
        return fill_blanks(listing, events[0]) if len(events) == 1 else listing
    same = [event for event in events if _is_same(event, listing)]
    return fill_blanks(listing, same[0]) if same else listing


def merge_into_draft(draft: RawListing, events: list[RawListing]) -> list[RawListing]:
    """Return the events of a listing's detail page, including the listing completed by its event.

    That event is the one of the same title, or the only one on the page; the others stay unchanged.
    """
    same = [event for event in events if _is_same(event, draft)][:1] or (events if len(events) == 1 else [])
    if not same:
        return [draft, *events]
    return [fill_blanks(event, draft) if event is same[0] else event for event in events]


def _is_same(event: RawListing, listing: RawListing) -> bool:
    one, other = (" ".join(title.casefold().split()) for title in (event.title, listing.title))
    return bool(one) and (one in other or other in one)


def _new_only(listings: Iterator[RawListing], said: set[tuple[str, str]]) -> Iterator[RawListing]:
    return (raw for raw in listings if _title_and_day(raw) not in said)


def _raw(node: Node, page: Page) -> Iterator[RawListing]:
    """Yield one listing per start date: a play lists its five evenings in one node."""
    url = _text(node.get("url"))
    identity = _identity(node, page) or url
    offers = list(_offers(node))
    types = node.get("@type")
    listing = RawListing(
        source=page.source,
        source_id=identity,
        page_url=page.url,
        fetched_at=page.fetched_at,
        title=_text(node.get("name")) or _text(node.get("headline")),
        description=_text(node.get("description")),
        url=url,
        # The plain type "Event" does not say which kind of event it is.
        types=tuple(name for each in _list(types) if (name := last_part(str(each))) not in {"", "Event"}),
        places=tuple(_places(node.get("location"))),
        mode=_text(node.get("eventAttendanceMode")) or _text(node.get("courseMode")),
        organizers=tuple(filter(None, (_name(each) for each in _list(node.get("organizer") or node.get("provider"))))),
        languages=tuple(_language(each) for each in _list(node.get("inLanguage")) if _language(each)),
        status=_status(node.get("eventStatus")),
        deadlines=tuple(_deadlines(node, offers)),
        apply_url=next((link for each in offers if (link := _text(each.get("url"))) and link != url), ""),
        **_costs(node, offers),
    )
    for start, end, zone in _dates(node, page):
        yield listing.model_copy(update={"starts": start, "ends": end, "timezone": zone})


def _dates(node: Node, page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield (start, end, zone) of each date of an event."""
    starts, ends = _texts(node.get("startDate")), _texts(node.get("endDate"))
    if not starts:
        span = Horizon(page.fetched_at)
        schedules = _nodes(node.get("eventSchedule") or node.get("courseSchedule"))
        yield from [each for schedule in schedules for each in schedule_dates(schedule, span)] or [("", "", "")]
    for index, start in enumerate(starts):
        end = ends[index] if index < len(ends) else ""
        yield start, end or _end(start, _text(node.get("duration"))), ""


def _end(start: str, duration: str) -> str:
    """Return the end after a duration; of a day, the last day: two days from Saturday end on Sunday."""
    end = add_duration(start, duration)
    if len(start) > _DAY_LENGTH or not end:
        return end
    last = datetime.fromisoformat(end) - timedelta(days=1)
    return max(last.date().isoformat(), start)


def _status(value: Any) -> str:
    """Return the status; of several, the one that matters most to whoever plans to come."""
    said = _texts(value)
    return next((text for word in _BAD_NEWS for text in said if word in text.casefold()), next(iter(said), ""))


def _offers(node: Node) -> Iterator[Node]:
    for offer in _nodes(node.get("offers")):
        inner = list(_nodes(offer.get("offers")))
        yield from inner
        if not inner or any(_text(offer.get(name)) for name in _PRICES):
            yield offer


def _costs(node: Node, offers: list[Node]) -> dict[str, Any]:
    """Return price, currency and cost words. A range from nothing, or a free ticket among others, is not free."""
    details = [[offer, *_nodes(offer.get("priceSpecification"))] for offer in offers]
    each_price = [[text for part in parts for name in _PRICES if (text := _text(part.get(name)))] for parts in details]
    prices = [text for texts in each_price for text in texts]
    currency = next((code for parts in details for part in parts if (code := _text(part.get("priceCurrency")))), "")
    amounts = sorted({amount for text in prices if (amount := _amount(text)) is not None})
    flags = {last_part(text).casefold() for text in _texts(node.get("isAccessibleForFree"))}
    if len(amounts) > 1:
        # Without a currency, the words say only that it costs something.
        return {"costs": (f"{amounts[0]:f}–{amounts[-1]:f} {currency or '(paid)'}",), "currency": currency}
    is_from = all(_is_lowest_only(part) for parts in details for part in parts)
    if amounts == [0] and ("false" in flags or not all(each_price) or is_from):
        return {}  # a contradiction, another ticket whose price is not given, or "from 0"
    is_paid = bool(amounts and amounts[0])
    costs = ("Free",) if "true" in flags and not is_paid else ("Paid",) if "false" in flags and not prices else ()
    return {"price": next(iter(prices), ""), "currency": currency, "costs": costs}


def _is_lowest_only(offer: Node) -> bool:
    return bool(_text(offer.get("lowPrice"))) and not (_text(offer.get("price")) or _text(offer.get("highPrice")))


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < _HIGHEST_PRICE else None


def _deadlines(node: Node, offers: list[Node]) -> Iterator[RawDeadline]:
    """Yield the deadlines, and the end of the sale of tickets if it lies before the event's first day."""
    for text in _texts(node.get("applicationDeadline")):
        yield RawDeadline(text=text, kind="application")
    for offer in _nodes(
        node.get("hasParticipationOffer")
    ):  # a call for papers: https://schema.org/hasParticipationOffer
        if text := next((text for name in _SALE_ENDS if (text := _text(offer.get(name)))), ""):
            yield RawDeadline(text=text, kind=_text(offer.get("name")) or "submission")
    start = next(iter(_texts(node.get("startDate"))), "")
    ends = sorted({text for offer in offers for name in _SALE_ENDS if (text := _text(offer.get(name)))})
    if ends and start and ends[-1][:10] < start[:10]:
        yield RawDeadline(text=ends[-1], kind="registration")


def _identity(node: Node, page: Page) -> str:
    """Return the node's id; a relative one (``#event``) is resolved against the page URL."""
    identity = _text(node.get("@id"))
    return urljoin(page.url, identity) if identity.startswith(("#", "/")) else identity or _text(node.get("identifier"))


def _places(value: Any) -> Iterator[RawPlace]:
    for each in _list(value):
        if isinstance(each, str):
            yield RawPlace(text=each)
        elif isinstance(each, Mapping):
            kind = last_part(_text(each.get("@type")))
            if kind == "VirtualLocation":
                yield RawPlace(text="Online")
                continue
            address = each if kind == "PostalAddress" else next(iter(_list(each.get("address"))), "")
            parts: Node = address if isinstance(address, Mapping) else {}
            geo: Node = next(iter(_nodes(each.get("geo"))), {})
            yield RawPlace(
                text=address if isinstance(address, str) and not _text(each.get("name")) else "",
                venue=_text(each.get("name")),
                street=_text(parts.get("streetAddress")) or (address if isinstance(address, str) else ""),
                city=_text(parts.get("addressLocality")),
                region=_text(parts.get("addressRegion")),
                country=_name(parts.get("addressCountry")),
                latitude=_text(geo.get("latitude")),
                longitude=_text(geo.get("longitude")),
            )


def _title_and_day(listing: RawListing) -> tuple[str, str]:
    return " ".join(listing.title.casefold().split()), listing.starts[:10]


def _told_apart(listings: list[RawListing], page_url: str) -> list[RawListing]:
    """Give each listing a unique id: several events of a page often link to that page. Drop duplicates."""
    counts = Counter(listing.source_id for listing in listings)
    found: dict[str, RawListing] = {}
    for listing in listings:
        update: dict[str, str] = {}
        if len(listings) == 1 and _is_home(listing.source_id):
            update["source_id"] = page_url  # every page of the site links to its home page
        if counts[listing.source_id] > 1 or not listing.source_id:
            places = " ".join(place.text or place.city or place.venue for place in listing.places)
            update["source_id"] = f"{listing.source_id} {listing.title} {listing.starts} {places}".strip()
        if not listing.url and len(listings) == 1:
            update["url"] = page_url
        found.setdefault(update.get("source_id", listing.source_id), listing.model_copy(update=update))
    return list(found.values())


def _is_home(identity: str) -> bool:
    parts = urlsplit(identity) if identity.startswith(("https://", "http://")) else None
    return parts is not None and parts.path in {"", "/"} and not (parts.query or parts.fragment)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _nodes(value: Any) -> Iterator[Node]:
    return (each for each in _list(value) if isinstance(each, Mapping))


def _texts(value: Any) -> list[str]:
    return [text for each in _list(value) if (text := _text(each))]


def _text(value: Any) -> str:
    value = next(iter(value), "") if isinstance(value, list) else value
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("value") or value.get("@id") or ""
    if value is None or isinstance(value, (Mapping, list)):
        return ""
    # Many sites escape the texts in their JSON-LD as if they were HTML.
    return html.unescape(str(value)).strip()


def _name(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, Mapping) else _text(value)


def _language(value: Any) -> str:
    text = _name(value).lower()
    return text[:2] if re.fullmatch(r"[a-z]{2}(?:-[a-z0-9]+)*", text) else ""
