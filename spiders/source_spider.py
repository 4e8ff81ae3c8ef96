"""The one spider: bound to one source, it fetches what the source's platform asks for and hands on what it reads."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from spiders.platform import Page, Platform, PlatformOptions
from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose, diagnose_status
from tracker.health.findings import Findings, PageSeen
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.models.text import clean_line

NOT_MODIFIED = 304


class SourceSpider(scrapy.Spider):
    """Crawls one source. What it finds, and what goes wrong, is gathered in ``findings``."""

    handle_httpstatus_list = [NOT_MODIFIED]  # noqa: RUF012 - Scrapy's own name and type

    def __init__(
        self,
        source: Source,
        platform: Platform,
        options: PlatformOptions,
        findings: Findings,
        pages_seen: Mapping[str, PageSeen],
        read_by: str,
        now: datetime,
    ) -> None:
        super().__init__(name=source.id)
        self.source = source
        self.platform = platform
        self.options = options
        self.findings = findings
        self.pages_seen = pages_seen
        self.read_by = read_by
        self.now = now
        self.allowed_domains = sorted({urlsplit(url).hostname or "" for url in platform.start_urls(options)})

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for the platform's first pages."""
        for url in self.platform.start_urls(self.options):
            yield self._request(url)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[RawListing | scrapy.Request]:
        """Hand on the raw listings of a page, and ask for the pages it leads to."""
        del kwargs
        # Under the address we asked for: a redirect may change from crawl to crawl.
        url = response.meta.get("redirect_urls", [response.url])[0]
        seen = self.pages_seen.get(url)
        body_hash = hashlib.sha256(response.body).hexdigest()
        if response.status == NOT_MODIFIED or (seen is not None and seen.body_hash == body_hash):
            self.findings.unchanged_pages.append(url)
            return
        page = Page(
            source=self.source.id,
            url=url,
            body=response.body,
            fetched_at=self.now,
            content_type=_header(response, "Content-Type"),
        )
        try:
            content = self.platform.read(page, self.options)
        except SourceError as error:
            self.findings.failures.append(error)
            return
        except Exception as error:  # noqa: BLE001 - one broken reader costs its source, never the run
            detail = clean_line(f"{type(error).__name__}: {error}")
            self.findings.failures.append(diagnose("reader_failed", url, detail=detail))
            return
        self.findings.pages.append(
            PageSeen(
                url=url,
                etag=_header(response, "ETag"),
                last_modified=_header(response, "Last-Modified"),
                body_hash=body_hash,
                read_by=self.read_by,
            )
        )
        self.findings.found += len(content.listings) + len(content.rejected)
        self.findings.rejected.extend(content.rejected)
        self.findings.problems.extend(content.problems)
        yield from content.listings
        for link in content.follow:
            yield self._request(link)

    def note_failure(self, failure: Any) -> None:
        """Name what kept a page from us. ``failure`` is Twisted's; nothing of ours imports Twisted."""
        error: BaseException = failure.value
        request: scrapy.Request = failure.request
        self.findings.failures.append(_name(error, request.meta.get("redirect_urls", [request.url])[0]))

    def _request(self, url: str) -> scrapy.Request:
        meta = {"dont_obey_robotstxt": True} if self.source.robots == "documented-api" else {}
        return scrapy.Request(url, callback=self.parse, errback=self.note_failure, meta=meta)


class PartOfCrawl:
    """What middlewares and pipelines have in common: each belongs to the crawl of one source."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for one crawl."""
        return cls(crawler)

    @property
    def spider(self) -> SourceSpider:
        """The spider of that source."""
        spider = self._crawler.spider
        if not isinstance(spider, SourceSpider):
            raise TypeError(f"{type(self).__name__} works for a SourceSpider, not for {spider!r}")
        return spider


def _name(error: BaseException, url: str) -> SourceError:
    if isinstance(error, HttpError):
        status = error.response.status
        return diagnose("redirected_away", url) if 300 <= status < 400 else diagnose_status(status, url)
    words = clean_line(str(error))
    if "private network" in words:
        return diagnose("private_address", url)
    if isinstance(error, CannotResolveHostError):
        return diagnose("host_not_found", url)
    if isinstance(error, DownloadConnectionRefusedError):
        return diagnose("connection_refused", url)
    if isinstance(error, DownloadTimeoutError):
        return diagnose("timeout", url)
    if isinstance(error, DownloadCancelledError):
        return diagnose("too_large", url)
    if isinstance(error, IgnoreRequest):
        return diagnose("robots" if "robots" in words.lower() else "redirected_away", url)
    return diagnose("download_failed", url, detail=words)


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""
