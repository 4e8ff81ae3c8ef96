"""Asks whether a page has changed since it was last read (conditional GET, RFC 9110 section 13)."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler

from spiders.source_spider import SourceSpider


class Revisit:
    """Sends the validators of last time back, word for word. The crawl decides which pages it tells the spider of."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Revisit:
        """Build it for one crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Add ``If-None-Match`` and ``If-Modified-Since`` where the page gave us validators."""
        spider = self._crawler.spider
        if not isinstance(spider, SourceSpider):
            return
        seen = spider.pages_seen.get(request.url)
        if seen is None:
            return
        if seen.etag:
            request.headers["If-None-Match"] = seen.etag
        if seen.last_modified:
            request.headers["If-Modified-Since"] = seen.last_modified
