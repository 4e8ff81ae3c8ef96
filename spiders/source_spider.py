"""The spider of one source: requests the pages of the source's traversal and yields raw listings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.failures import diagnose_exception
from tracker.clock import current_time, is_overridden
from tracker.crawling.throttling.http_dates import clock_skew, freshness
from tracker.crawling.throttling.rate_limiter import RateLimiter
from tracker.crawling.throttling.robots_cache import RobotsCache
from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.models.text import clean_line
from tracker.sources.access import Exchange
from tracker.sources.platform import Page, PageContent, PageRequest
from tracker.sources.robots import is_documented_feed
from tracker.sources.traversal import Traversal

_LIMITS_IF_HANGING = {"download_timeout": 10, "max_retry_times": 0}
"""Seconds and retries for a site that did not answer in time last time."""
PageReader = Callable[[Source, Page], Awaitable[PageContent]]
"""Reads a page of a source; raises ``SourceError`` only."""
NOT_MODIFIED = 304
BAD_REQUEST = 400


class SourceSpider(scrapy.Spider):
    """Crawls one source.

    Args:
        traversal: decides which pages to request, and collects the result.
        read_page: reads a page, usually in a child process.
        rate_limiter: shared by all spiders of the process.
        robots: robots.txt files of this crawl, shared by all its spiders.
        was_hanging: whether the site did not answer in time last time; it then gets less time.
        on_page: called with each page before it is read.
        on_exchange: called with each request and its response.
    """

    handle_httpstatus_list = [NOT_MODIFIED]  # noqa: RUF012 - Scrapy's own name and type

    def __init__(
        self,
        traversal: Traversal,
        read_page: PageReader,
        rate_limiter: RateLimiter,
        robots: RobotsCache,
        on_page: Callable[[Page], None] | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        *,
        was_hanging: bool = False,
    ) -> None:
        super().__init__(name=traversal.source.id)
        self.traversal = traversal
        self.source = traversal.source
        self.result = traversal.result
        self.rate_limiter = rate_limiter
        self.robots = robots
        self._read_page = read_page
        self._on_page = on_page
        self.on_exchange = on_exchange
        self.limits: dict[str, Any] = dict(_LIMITS_IF_HANGING) if was_hanging else {}
        """Request meta of all requests: limits that differ from the settings."""
        self.aborted = asyncio.Event()
        """Set to abort requests in flight at once; Scrapy itself would wait for their responses."""
        self.allowed_domains = traversal.sites

    async def start(self) -> AsyncIterator[scrapy.Request | RawListing]:
        """Request the platform's first pages; pages with an inline body need no request."""
        for page in self.traversal.first_pages:
            if page.inline_body is not None:
                async for found in self._take(page, page.inline_body):
                    yield found
            elif self.traversal.request(page):
                yield self._to_request(page)

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[RawListing | scrapy.Request]:
        """Yield the raw listings of a page and the requests it leads to."""
        del kwargs
        asked: PageRequest = response.meta["asked"]
        try:
            self._note_times(response)
            if response.status == NOT_MODIFIED:
                self._note_unchanged(asked, response)
                return
            async for found in self._take(asked, response.body, response):
                yield found
        except Exception as error:  # noqa: BLE001 - Scrapy would drop the page silently
            detail = clean_line(f"{type(error).__name__}: {error}")
            self.result.failures.append(diagnose("reader_failed", asked.url, detail=detail))

    def note_failure(self, failure: Any) -> Iterator[RawListing]:
        """Record why a page could not be fetched. ``failure`` is a Twisted ``Failure``; our code imports no Twisted."""
        asked: PageRequest = failure.request.meta["asked"]
        yield from self.traversal.fail(asked, diagnose_exception(failure.value, asked.url))

    def note_move(self, asked: PageRequest, target: str) -> None:
        """Record where a first page has moved permanently; a person decides whether to change the source file."""
        if asked in self.traversal.first_pages:
            self.result.moved_to = target

    def closed(self, reason: str) -> None:
        """Record a failure if the crawl was ended early, so that listings it did not reach do not count as missing."""
        if reason not in {"finished", "shutdown"}:
            url = self.traversal.first_pages[0].url
            self.result.failures.append(diagnose("timeout", url, detail=reason))

    async def _take(
        self, asked: PageRequest, body: bytes, response: Response | None = None
    ) -> AsyncIterator[RawListing | scrapy.Request]:
        page, must_read = self.traversal.receive(asked, body, header(response, "Content-Type"))
        if self._on_page is not None:
            self._on_page(page)
        if not must_read:
            return
        try:
            content = await self._read_page(self.source, page)
        except SourceError as error:
            for draft in self.traversal.fail(asked, error):
                yield draft
            return
        validators = header(response, "ETag"), header(response, "Last-Modified")
        for found in self.traversal.accept(asked, page, content, *validators):
            if not isinstance(found, PageRequest):
                yield found
            elif found.inline_body is None:
                yield self._to_request(found)
            else:
                async for inside in self._take(found, found.inline_body):
                    yield inside

    def _to_request(self, asked: PageRequest) -> scrapy.Request:
        meta: dict[str, Any] = {"asked": asked, "allow_offsite": True, **self.limits}
        if asked.posted:  # GraphQL explains a refused query in a response with status 400
            meta["handle_httpstatus_list"] = [NOT_MODIFIED, BAD_REQUEST]
        if self.source.robots == "documented-api" or is_documented_feed(asked.url):
            meta["dont_obey_robotstxt"] = True
        headers = dict(asked.headers) | ({"Content-Type": "application/json"} if asked.posted else {})
        return scrapy.Request(
            asked.url,
            method="POST" if asked.posted else "GET",
            body=asked.posted.encode(),
            headers=headers,
            callback=self.parse,
            errback=self.note_failure,
            meta=meta,
            dont_filter=True,
        )

    def _note_unchanged(self, asked: PageRequest, response: Response) -> None:
        request = response.request
        if request is not None and ("If-None-Match" in request.headers or "If-Modified-Since" in request.headers):
            self.result.unchanged_pages.append(asked.name)
        else:
            self.result.failures.append(diagnose("http_error", asked.url, status=NOT_MODIFIED))

    def _note_times(self, response: Response) -> None:
        age, cache_control = header(response, "Age"), header(response, "Cache-Control")
        fresh_for = freshness(cache_control, header(response, "Expires"), age, self.traversal.now)
        self.result.freshness.append(fresh_for)
        if not is_overridden():
            self.result.clock_skew = clock_skew(header(response, "Date"), age, current_time())


def header(response: Response | None, name: str) -> str:
    """Return a response header as text; empty if it is missing."""
    value = response.headers.get(name) if response is not None else None
    return value.decode("latin-1") if value else ""


def spider_of(crawler: Crawler) -> SourceSpider:
    """Return the spider of a crawler.

    Raises:
        TypeError: it is not a ``SourceSpider``.
    """
    spider = crawler.spider
    if not isinstance(spider, SourceSpider):
        raise TypeError(f"this crawler runs {spider!r}, not a SourceSpider")
    return spider


class CrawlComponent:
    """Base class of middlewares and pipelines, which belong to the crawl of one source."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return a component for one crawl."""
        return cls(crawler)

    @property
    def spider(self) -> SourceSpider:
        """The spider of the source."""
        return spider_of(self._crawler)
