"""Raw listing → values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrapy.crawler import Crawler

from spiders.source_spider import SourceSpider
from tracker.models.raw_listing import RawListing
from tracker.models.rejected import Rejected
from tracker.reading.listings import Values, read_values


@dataclass(frozen=True, slots=True)
class Draft:
    """A raw listing with what was read from it."""

    raw: RawListing
    values: Values | Rejected


class ReadValues:
    """Reads dates, places and all other words."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReadValues:
        """Build it for one crawl."""
        return cls(crawler)

    def process_item(self, item: Any) -> Draft:
        """Read one raw listing."""
        spider = self._crawler.spider
        if not isinstance(item, RawListing) or not isinstance(spider, SourceSpider):
            raise TypeError(f"only raw listings of a source are read here, not {type(item).__name__}")
        return Draft(item, read_values(item, spider.source))
