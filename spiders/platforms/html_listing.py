"""Parses pages without structured data, by CSS selectors from the source file.

``fields`` are CSS selectors, followed by ``@name`` for an attribute; an empty selector means the item itself. For a
page that is one item (a fellowship's page), omit ``each``. Dates are passed on as written; those in URLs
(``…-2026-11-13-to-2026-11-15``) are extracted with ``url_dates``. A detail page fills the fields that the list leaves
blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, Literal

import cssselect
import lxml.html
from parsel.csstranslator import HTMLTranslator
from pydantic import Field, field_validator

from spiders.formats.documents import html_of, reject_login_or_captcha
from spiders.formats.page_metadata import metadata_listing, visible_text
from spiders.formats.raw_listings import Pattern, disambiguate_ids, fill_blanks
from spiders.formats.schema_org_events import filled_from_event
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.models.text import WebLink
from tracker.reading.links import read_link, without_tracking
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

Name = Literal[
    "title", "url", "starts", "ends", "time", "end_time", "place", "deadline", "types", "cost", "status", "description",
    "organizer", "approximate", "id",
]  # fmt: skip
_PLAIN: dict[Name, str] = {
    "title": "title",
    "starts": "starts",
    "ends": "ends",
    "approximate": "approximate",
    "status": "status",
    "id": "source_id",
}


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "html_listing"``."""

    page_urls: tuple[WebLink, ...] = Field(min_length=1)
    """URLs of the pages."""
    each: str = ""
    """CSS selector of the items; without it each page is one item."""
    fields: dict[Name, str] = Field(default_factory=dict)
    """Selectors of the fields in an item: ``{ title = "h2", url = "a@href", starts = "time@datetime" }``."""
    url_dates: Pattern = ""
    """Regular expression for dates in an item's URL, with the groups ``starts`` and optionally ``ends``."""
    detail: dict[Name, str] = Field(default_factory=dict)
    """Selectors of the fields on the item's detail page; if given, that page is requested too."""
    next_page: str = ""
    """CSS selector of the link to the next page: ``a.next@href``."""

    @field_validator("fields", "detail")
    @classmethod
    def _are_selectors(cls, value: dict[Name, str]) -> dict[Name, str]:
        for selector in value.values():
            _xpath(selector)
        return value

    @field_validator("each", "next_page")
    @classmethod
    def _is_a_selector(cls, value: str) -> str:
        _xpath(value)
        return value

    @field_validator("url_dates")
    @classmethod
    def _names_the_date(cls, value: str) -> str:
        if value and "starts" not in re.compile(value).groupindex:
            raise ValueError("name the group that is the date: (?P<starts>\\d{4}-\\d{2}-\\d{2})")
        return value


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the pages."""
    del today
    return [PageRequest(url) for url in options.page_urls]


def read(page: Page, options: Options) -> PageContent:
    """Parse the items of a list, or complete a listing from its detail page."""
    document = html_of(page)
    reject_login_or_captcha(page, is_page=True)
    if page.draft is not None:
        return PageContent(listings=[_completed(page.draft, page, document, options)])
    content = PageContent()
    if not options.each:
        content.read_each(page, [document], lambda element: [_whole_page(element, page, options)])
        return content
    items = _select(document, options.each)
    if not items:
        reject_login_or_captcha(page)
        message = f"Nothing on the page fits {options.each!r}. Has the layout changed?"
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    content.read_each(page, items, lambda element: [_raw(element, page, options.fields, options)])
    content.listings = disambiguate_ids(content.listings)
    if options.detail:
        with_pages = [listing for listing in content.listings if listing.url]
        content.listings = [listing for listing in content.listings if not listing.url]
        content.follow += [PageRequest(listing.url, is_detail=True, draft=listing) for listing in with_pages]
    if options.next_page and (link := read_link(_address(document, options.next_page), page.url)):
        content.follow.append(PageRequest(link))
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest nothing: selectors are written manually."""
    del page
    yield from ()


def _whole_page(document: lxml.html.HtmlElement, page: Page, options: Options) -> RawListing:
    listing = _raw(document, page, options.fields, options)
    if "id" not in options.fields:
        listing = listing.model_copy(update={"source_id": page.url})
    return _enriched(listing, page, document)


def _completed(draft: RawListing, page: Page, document: lxml.html.HtmlElement, options: Options) -> RawListing:
    own = _raw(document, page, options.detail, options)
    return _enriched(fill_blanks(draft.model_copy(update={"page_url": page.url}), own), page, document)


def _enriched(listing: RawListing, page: Page, document: lxml.html.HtmlElement) -> RawListing:
    """Fill blank fields from the page's structured data and its metadata, and the description from its visible text."""
    listing = filled_from_event(listing, page, document)
    if not listing.description:
        body = next(iter(document.xpath("//main | //article | //body")), document)
        listing = listing.model_copy(update={"description": visible_text(body)})
    return fill_blanks(listing, metadata_listing(document, page))


def _raw(element: lxml.html.HtmlElement, page: Page, fields: Mapping[Name, str], options: Options) -> RawListing:
    said = {name: _found(element, selector, keep_lines=name == "description") for name, selector in fields.items()}
    if "url" in fields:
        said["url"] = _address(element, fields["url"])
    url = without_tracking(read_link(said.get("url", ""), page.url) or "")
    dates = re.search(options.url_dates, url or page.url) if options.url_dates else None
    in_address = {name: text for name, text in dates.groupdict().items() if text} if dates else {}
    values: dict[str, Any] = {ours: said[name] for name, ours in _PLAIN.items() if name in said}
    values |= {name: text for name, text in in_address.items() if name in {"starts", "ends"} and not values.get(name)}
    if values.get("starts") and said.get("time"):
        day = values["starts"]
        values["starts"] = f"{day} {said['time']}"
        if said.get("end_time"):
            values["ends"] = f"{values.get('ends') or day} {said['end_time']}"
    if not values.get("source_id"):
        values["source_id"] = url or said.get("title", "")
    return RawListing(
        source=page.source,
        page_url=page.url,
        fetched_at=page.fetched_at,
        url=url,
        description=said.get("description", ""),
        types=tuple(filter(None, [said.get("types", "")])),
        places=tuple(RawPlace(text=text) for text in [said.get("place", "")] if text),
        deadlines=tuple(RawDeadline(text=text) for text in [said.get("deadline", "")] if text),
        costs=tuple(filter(None, [said.get("cost", "")])),
        organizers=tuple(filter(None, [said.get("organizer", "")])),
        **values,
    )


def _address(element: lxml.html.HtmlElement, selector: str) -> str:
    """Return a URL: the value of the selector's attribute, else the first link in an element that it matches."""
    css, attribute = _parted(selector)
    if attribute:
        return _found(element, selector)
    for match in _select(element, css) if css else [element]:
        link = next((each.get("href") for each in match.iter("a") if each.get("href")), None)
        if link:
            return str(link)
    return ""


def _found(element: lxml.html.HtmlElement, selector: str, *, keep_lines: bool = False) -> str:
    """Return the first non-empty match of a selector, as text."""
    css, attribute = _parted(selector)
    for match in _select(element, css) if css else [element]:
        if attribute:
            text = match.get(attribute) or ""
        else:
            text = visible_text(match) if keep_lines else " ".join(visible_text(match).split("\n"))
        if text.strip():
            return str(text).strip()
    return ""


def _select(element: lxml.html.HtmlElement, css: str) -> list[lxml.html.HtmlElement]:
    found: list[Any] = element.xpath(_xpath(css))
    return [each for each in found if isinstance(each, lxml.html.HtmlElement)]


def _parted(selector: str) -> tuple[str, str]:
    """Split off the attribute: ``h2 a@href`` → ``h2 a``, ``href``. An ``@`` in brackets belongs to the selector."""
    match = re.fullmatch(r"(.*?)(?:@([\w-]+))?", selector.strip(), re.DOTALL)
    return (match[1].strip(), match[2] or "") if match else (selector, "")


@cache
def _xpath(selector: str) -> str:
    css, _ = _parted(selector)
    if not css:
        return "."
    try:
        return str(HTMLTranslator().css_to_xpath(css, prefix="descendant::"))
    except (cssselect.SelectorError, ValueError) as error:
        raise ValueError(f"not a CSS selector: {selector!r} ({error})") from error
