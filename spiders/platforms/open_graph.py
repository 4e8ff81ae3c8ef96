"""Parses pages without structured data, by their metadata and their visible text: the last resort.

Each page gives one listing: the title from its Open Graph data, and its text, in which ``tracker.reading`` finds dates,
deadlines and places, which are marked as doubtful. Structured data, if there is any, fills the blank fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import Field

from spiders.formats.documents import html_of, reject_login_or_captcha
from spiders.formats.page_metadata import metadata_listing, visible_text
from spiders.formats.schema_org_events import filled_from_event
from tracker.models.text import WebLink
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "open_graph"``."""

    page_urls: tuple[WebLink, ...] = Field(min_length=1)
    """URLs of pages that each describe one event or programme."""


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the pages."""
    del today
    return [PageRequest(url) for url in options.page_urls]


def read(page: Page, options: Options) -> PageContent:
    """Parse a page into its one listing."""
    del options
    document = html_of(page)
    listing = metadata_listing(document, page)
    reject_login_or_captcha(page, is_page=True)
    body = next(iter(document.xpath("//main | //article | //body")), document)
    listing = listing.model_copy(update={"source_id": page.url, "description": visible_text(body)})
    listing = filled_from_event(listing, page, document)
    return PageContent(listings=[listing])


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the page itself."""
    yield {"page_urls": [page.url]}
