"""Item pipeline: reads and validates each raw listing, and adds it to the crawl result of its source.

Validation happens here rather than in the callback, where an exception would lose the items after it. The result of a
whole run is stored in one transaction once the run has been judged.
"""

from __future__ import annotations

from spiders.source_spider import CrawlComponent
from tracker.models.raw_listing import RawListing


class ReadListing(CrawlComponent):
    """Reads a raw listing into a listing or a rejection. A rejection is a result, not an exception."""

    def process_item(self, item: RawListing) -> RawListing:
        """Read one raw listing and add it to the result."""
        self.spider.traversal.take(item)
        return item
