"""Pages that describe their events with schema.org: JSON-LD and microdata, however nested.

Eventbrite and most ticket shops, WordPress sites, venue sites, and pages of single conferences.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import lxml.etree
import lxml.html
from extruct.w3cmicrodata import MicrodataExtractor
from pydantic import Field

from spiders.platform import Page, PageContent, PlatformOptions
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawListing, RawPlace
from tracker.models.text import WebLink

Node = Mapping[str, Any]

_ALSO_EVENTS = frozenset({"Hackathon", "CourseInstance", "EventSeries"})
_NESTED = ("@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "event", "events", "subEvent",
           "subEvents", "hasCourseInstance", "hasPart", "about", "performerIn", "workPerformed")  # fmt: skip
_DEEPEST = 12
_CONTROLS = re.compile(r"[\x00-\x1f]")


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "schema_org"``."""

    page_urls: tuple[WebLink, ...] = Field(min_length=1)
    """The pages to read."""


def start_urls(options: Options) -> list[str]:
    """Return the pages."""
    return list(options.page_urls)


def read(page: Page, options: Options) -> PageContent:  # noqa: ARG001 - every platform has the same three names
    """Read every schema.org event of a page. A page without any gives an empty content."""
    if not page.body.strip():
        raise UnreadablePageError("The answer is empty.", diagnosis="empty_answer", url=page.url)
    try:
        document = lxml.html.document_fromstring(_decode(page))
    except (lxml.etree.LxmlError, ValueError) as error:
        message = f"Not a web page: {error}."
        raise UnreadablePageError(message, diagnosis="not_a_web_page", url=page.url) from error
    content = PageContent()
    content.take_each(page, _events(list(_json_ld(document))), lambda node: _raw(node, page))
    said = {_occasion(listing) for listing in content.listings}
    microdata = _events(list(_microdata(document, page.url)))
    # Many pages say the same event in JSON-LD and again in microdata.
    content.take_each(page, microdata, lambda node: [raw for raw in _raw(node, page) if _occasion(raw) not in said])
    content.listings = _told_apart(content.listings, page.url)
    return content


def _decode(page: Page) -> str:
    charset = re.search(r"charset=[\"']?([\w-]+)", page.content_type, re.IGNORECASE)
    declared = re.search(rb"charset=[\"']?([\w-]+)", page.body[:2_048], re.IGNORECASE)
    for name in (
        charset[1] if charset else "",
        declared[1].decode("ascii") if declared else "",
        "utf-8",
    ):
        try:
            if name:
                # A text that declares an encoding of its own confuses lxml once it is decoded.
                return re.sub(r"^\s*<\?xml[^>]*\?>", "", page.body.decode(name))
        except (LookupError, UnicodeDecodeError):
            continue
    return page.body.decode("utf-8", "replace")


def _json_ld(document: lxml.html.HtmlElement) -> Iterator[Any]:
    for script in document.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text_content() or "").strip()
        text = re.sub(r"^(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>|/\*\]\]>\*/)$", "", text).strip()
        for attempt in (text, _CONTROLS.sub(" ", text), text.rstrip(";").strip()):
            try:
                yield json.loads(attempt, strict=False)
            except (ValueError, RecursionError):
                continue
            break


def _microdata(document: lxml.html.HtmlElement, url: str) -> Iterable[Any]:
    if not document.xpath("//*[@itemscope]"):
        return []
    extractor: Any = MicrodataExtractor
    found: list[Any] = extractor(nested=True).extract_items(document, base_url=url)
    return [_plain(item) for item in found]


def _plain(item: Any) -> Any:
    """Give a microdata item the shape of a JSON-LD node."""
    if isinstance(item, list):
        return [_plain(each) for each in item]
    if not isinstance(item, dict):
        return item
    types = item.get("type", "")
    properties = {name: _plain(value) for name, value in item.get("properties", {}).items()}
    return {"@type": [_last(name) for name in types] if isinstance(types, list) else _last(types)} | properties


def _events(value: Any, depth: int = 0) -> Iterator[Node]:
    if isinstance(value, list):
        for each in value:
            yield from _events(each, depth + 1)
    elif isinstance(value, dict) and depth <= _DEEPEST:
        if _is_event(value):
            yield value
        for name in _NESTED:
            if isinstance(value.get(name), (dict, list)):
                yield from _events(value[name], depth + 1)


def _is_event(node: Node) -> bool:
    names = [_last(str(name)) for name in _list(node.get("@type"))]
    return any(name.endswith("Event") or name in _ALSO_EVENTS for name in names)


def _raw(node: Node, page: Page) -> Iterator[RawListing]:
    """One listing per start date: a play lists its five evenings in one node."""
    ends = _texts(node.get("endDate"))
    starts = _texts(node.get("startDate")) or [""]
    url = _text(node.get("url"))
    identity = _text(node.get("@id")) or _text(node.get("identifier")) or url
    for index, start in enumerate(starts):
        offer = next(iter(_nodes(node.get("offers"))), {})
        types = node.get("@type")
        title = _text(node.get("name")) or _text(node.get("headline"))
        yield RawListing(
            source=page.source,
            source_id=identity,
            page_url=page.url,
            fetched_at=page.fetched_at,
            title=title,
            description=_text(node.get("description")),
            url=url,
            # That it is an event says nothing about what kind of event.
            types=tuple(name for each in _list(types) if (name := _last(str(each))) not in {"", "Event"}),
            starts=start,
            ends=ends[index] if index < len(ends) else "",
            places=tuple(_places(node.get("location"))),
            mode=_text(node.get("eventAttendanceMode")),
            organizers=tuple(filter(None, (_name(each) for each in _list(node.get("organizer"))))),
            price=_text(offer.get("price")) or _text(offer.get("lowPrice")),
            currency=_text(offer.get("priceCurrency")),
            costs=("Free",) if node.get("isAccessibleForFree") in (True, "true", "True") else (),
            languages=tuple(_language(each) for each in _list(node.get("inLanguage")) if _language(each)),
            status=_text(node.get("eventStatus")),
        )


def _places(value: Any) -> Iterator[RawPlace]:
    for each in _list(value):
        if isinstance(each, str):
            yield RawPlace(text=each)
        elif isinstance(each, Mapping):
            if _last(_text(each.get("@type"))) == "VirtualLocation":
                yield RawPlace(text="Online")
                continue
            address = next(iter(_list(each.get("address"))), "")
            parts: Node = address if isinstance(address, Mapping) else {}
            geo = next(iter(_nodes(each.get("geo"))), {})
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


def _occasion(listing: RawListing) -> tuple[str, str]:
    return " ".join(listing.title.casefold().split()), listing.starts[:10]


def _told_apart(listings: list[RawListing], page_url: str) -> list[RawListing]:
    """Give each its own id: several events of a page often name that page as theirs. Drop true repeats."""
    counts = Counter(listing.source_id for listing in listings)
    found: dict[str, RawListing] = {}
    for listing in listings:
        update: dict[str, str] = {}
        if counts[listing.source_id] > 1 or not listing.source_id:
            places = " ".join(place.text or place.city or place.venue for place in listing.places)
            update["source_id"] = f"{listing.source_id} {listing.title} {listing.starts} {places}".strip()
        if not listing.url and len(listings) == 1:
            update["url"] = page_url
        found.setdefault(update.get("source_id", listing.source_id), listing.model_copy(update=update))
    return list(found.values())


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


def _last(name: str) -> str:
    return re.split(r"[/#:]", name.rstrip("/"))[-1]
