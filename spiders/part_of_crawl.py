"""What middlewares and pipelines have in common."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from spiders.source_spider import SourceSpider


class PartOfCrawl:
    """It belongs to the crawl of one source."""

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
