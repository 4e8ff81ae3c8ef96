"""Parses pages that describe their events with schema.org (JSON-LD, microdata) or h-event, at any depth.

These are Eventbrite and most ticket shops, WordPress sites, venue sites, and pages of single conferences. Detail pages
of events are found through the site's sitemap, or through a page that links to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Self

import lxml.html
from pydantic import Field, model_validator

from spiders.formats import sitemaps
from spiders.formats.calendar_embeds import eventbrite_organizers
from spiders.formats.documents import html_of, reject_login_or_captcha, text_of
from spiders.formats.raw_listings import Pattern
from spiders.formats.schema_org_events import extract_events, merge_into_draft
from tracker.models.raw_listing import RawListing
from tracker.models.text import WebLink
from tracker.reading.links import read_link
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "schema_org"``."""

    page_urls: tuple[WebLink, ...] = ()
    """URLs of the pages."""
    sitemap_urls: tuple[WebLink, ...] = ()
    """URLs of sitemaps that list the detail pages of events; requires ``follow``."""
    follow: Pattern = ""
    """Regular expression for the URLs of the events' detail pages: ``/events/[^/]+$``."""
    at_most_pages: int = Field(default=60, ge=1, le=90)
    """Maximum number of detail pages to read; of a sitemap, the last modified."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if not (self.page_urls or self.sitemap_urls):
            raise ValueError("page_urls or sitemap_urls is needed")
        if self.sitemap_urls and not self.follow:
            raise ValueError("sitemap_urls needs follow, a pattern for the addresses of events")
        return self


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the pages and sitemaps."""
    del today
    return [PageRequest(url) for url in (*options.page_urls, *options.sitemap_urls)]


def read(page: Page, options: Options) -> PageContent:
    """Parse every event of a page, and request the detail pages. A page without events gives an empty content."""
    named = sitemaps.addresses(page)
    if named is not None:
        content, (links, maps) = PageContent(), named
        content.follow += [PageRequest(url) for url in maps]
    else:
        document = html_of(page)
        content, links = extract_events(page, text_of(page), document), _links(document, page.url)
        if not content.listings:
            reject_login_or_captcha(page, is_page=True)
    if page.draft is not None:
        content.listings = merge_into_draft(page.draft, content.listings)
    elif options.follow and (named is not None or page.url in options.page_urls):
        _follow(content, links, page, options)
    return content


def _follow(content: PageContent, links: list[str], page: Page, options: Options) -> None:
    """Request the detail pages of events, with the listings that they complete."""
    matching = [url for url in dict.fromkeys(links) if re.search(options.follow, url) and url != page.url]
    chosen = matching[: options.at_most_pages]
    drafts: dict[str, list[RawListing | None]] = {url: [] for url in chosen}
    kept: list[RawListing | None] = []
    for listing in content.listings:
        drafts.get(read_link(listing.url, page.url) or "", kept).append(listing)
    content.listings = [listing for listing in kept if listing is not None]
    for url in chosen:
        content.follow += [PageRequest(url, is_detail=True, draft=draft) for draft in drafts[url] or [None]]
    if len(matching) > len(chosen):
        content.notes.append(f"{len(chosen)} of {len(matching)} pages of events are read")
        content.is_excerpt = True


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the page itself, and the organisers on Eventbrite that it links."""
    yield {"page_urls": [page.url]}
    for url in eventbrite_organizers(page):
        yield {"page_urls": [url]}


def _links(document: lxml.html.HtmlElement, url: str) -> list[str]:
    found = (read_link(element.get("href"), url) for element in document.iter("a") if element.get("href"))
    return [link for link in found if link]
