"""The last resort: a page that says nothing in a structured way, read by its head and its running text.

Each page gives one listing: the title of its Open Graph data, and its text, in which reading finds dates, deadlines
and places. What it finds there is marked as doubtful. Structured data, where there is some, fills the blanks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import Field

from spiders.formats.documents import html_of, reject_login_or_captcha
from spiders.formats.page_facts import facts, running_text
from spiders.formats.schema_org_events import filled_from_event
from tracker.models.text import WebLink
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "open_graph"``."""

    page_urls: tuple[WebLink, ...] = Field(min_length=1)
    """Pages that are each about one event or programme."""


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the pages."""
    del today
    return [PageRequest(url) for url in options.page_urls]


def read(page: Page, options: Options) -> PageContent:
    """Read the one listing of a page."""
    del options
    document = html_of(page)
    listing = facts(document, page)
    reject_login_or_captcha(page, is_page=True)
    body = next(iter(document.xpath("//main | //article | //body")), document)
    listing = listing.model_copy(update={"source_id": page.url, "description": running_text(body)})
    listing = filled_from_event(listing, page, document)
    return PageContent(listings=[listing])


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the page itself."""
    yield {"page_urls": [page.url]}
