"""Raw listing → values."""

from __future__ import annotations

from dataclasses import dataclass

from spiders.part_of_crawl import PartOfCrawl
from tracker.models.raw_listing import RawListing
from tracker.models.rejected import Rejected
from tracker.reading.listings import Values, read_values


@dataclass(frozen=True, slots=True)
class Draft:
    """A raw listing with what was read from it."""

    raw: RawListing
    values: Values | Rejected


class ReadValues(PartOfCrawl):
    """Reads dates, places and all other words."""

    def process_item(self, item: RawListing) -> Draft:
        """Read one raw listing."""
        return Draft(item, read_values(item, self.spider.source))
