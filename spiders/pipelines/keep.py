"""Gathers the results of a crawl; the run keeps them all in one transaction when it is judged."""

from __future__ import annotations

from scrapy.crawler import Crawler

from spiders.pipelines.validate import Outcome
from spiders.source_spider import SourceSpider
from tracker.models.rejected import Rejected


class Keep:
    """Adds each result to the spider's findings."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Keep:
        """Build it for one crawl."""
        return cls(crawler)

    def process_item(self, item: Outcome) -> Outcome:
        """Keep one result."""
        spider = self._crawler.spider
        if not isinstance(spider, SourceSpider):
            raise TypeError("results are kept for a source")
        if isinstance(item.result, Rejected):
            spider.findings.rejected.append(item.result)
        else:
            spider.findings.keep(item.raw, item.result)
        return item
