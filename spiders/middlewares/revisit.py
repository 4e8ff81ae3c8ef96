"""Asks whether a page has changed since it was last read (conditional GET, RFC 9110 section 13)."""

from __future__ import annotations

from scrapy import Request

from spiders.part_of_crawl import PartOfCrawl


class Revisit(PartOfCrawl):
    """Sends the validators of last time back, word for word. Which pages still count is for the crawl to say."""

    def process_request(self, request: Request) -> None:
        """Add ``If-None-Match`` and ``If-Modified-Since`` where the page gave us validators."""
        asked = request.meta.get("asked")
        if asked is None or asked.posted:  # robots.txt; and for a POST the header means something else
            return
        seen = self.spider.pages_seen.get(asked.key)
        if seen is None or seen.leads_on:
            return
        if seen.etag:
            request.headers["If-None-Match"] = seen.etag
        if seen.last_modified:
            request.headers["If-Modified-Since"] = seen.last_modified
