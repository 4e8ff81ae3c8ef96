"""Gathers the results of a crawl; the run keeps them all in one transaction when it is judged."""

from __future__ import annotations

from spiders.part_of_crawl import PartOfCrawl
from spiders.pipelines.validate import Outcome
from tracker.models.rejected import Rejected


class Keep(PartOfCrawl):
    """Adds each result to the spider's findings."""

    def process_item(self, item: Outcome) -> Outcome:
        """Keep one result."""
        if isinstance(item.result, Rejected):
            self.spider.findings.rejected.append(item.result)
        else:
            self.spider.findings.keep(item.raw, item.result)
        return item
