"""Converts schema.org event nodes into raw listings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html

from spiders.formats.documents import text_of
from spiders.formats.raw_listings import fill_blanks
from spiders.formats.structured_data import Node, h_events, json_ld_events, last_part, microdata_events
from tracker.models.raw_listing import RawListing, RawPlace
from tracker.sources.platform import Page, PageContent

_ACCESSIBLE = (True, "true", "True")


def extract_events(page: Page, text: str, document: lxml.html.HtmlElement) -> PageContent:
    """Return every event that a page describes, once: many pages repeat their JSON-LD events as microdata."""
    content = PageContent()
    content.read_each(page, json_ld_events(document), lambda node: _raw(node, page))
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
    ends = _texts(node.get("endDate"))
    url = _text(node.get("url"))
    identity = _identity(node, page) or url
    offer: Node = next(iter(_nodes(node.get("offers"))), {})
    types = node.get("@type")
    for index, start in enumerate(_texts(node.get("startDate")) or [""]):
        yield RawListing(
            source=page.source,
            source_id=identity,
            page_url=page.url,
            fetched_at=page.fetched_at,
            title=_text(node.get("name")) or _text(node.get("headline")),
            description=_text(node.get("description")),
            url=url,
            # The plain type "Event" does not say which kind of event it is.
            types=tuple(name for each in _list(types) if (name := last_part(str(each))) not in {"", "Event"}),
            starts=start,
            ends=ends[index] if index < len(ends) else "",
            places=tuple(_places(node.get("location"))),
            mode=_text(node.get("eventAttendanceMode")),
            organizers=tuple(filter(None, (_name(each) for each in _list(node.get("organizer"))))),
            price=_text(offer.get("price")) or _text(offer.get("lowPrice")),
            currency=_text(offer.get("priceCurrency")),
            costs=("Free",) if node.get("isAccessibleForFree") in _ACCESSIBLE else (),
            languages=tuple(_language(each) for each in _list(node.get("inLanguage")) if _language(each)),
            status=_text(node.get("eventStatus")),
        )


def _identity(node: Node, page: Page) -> str:
    """Return the node's id; a relative one (``#event``) is resolved against the page URL."""
    identity = _text(node.get("@id"))
    return urljoin(page.url, identity) if identity.startswith(("#", "/")) else identity or _text(node.get("identifier"))


def _places(value: Any) -> Iterator[RawPlace]:
    for each in _list(value):
        if isinstance(each, str):
            yield RawPlace(text=each)
        elif isinstance(each, Mapping):
            if last_part(_text(each.get("@type"))) == "VirtualLocation":
                yield RawPlace(text="Online")
                continue
            address = next(iter(_list(each.get("address"))), "")
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
    return "" if value is None or isinstance(value, (Mapping, list)) else str(value).strip()


def _name(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, Mapping) else _text(value)


def _language(value: Any) -> str:
    text = _name(value).lower()
    return text[:2] if re.fullmatch(r"[a-z]{2}(?:-[a-z0-9]+)*", text) else ""
