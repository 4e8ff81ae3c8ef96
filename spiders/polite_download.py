"""The download handler that waits for its turn: one request at a time and site, whoever asks."""

from __future__ import annotations

import asyncio

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.failures import RefusedError
from spiders.guarded_download import GuardedDownload
from spiders.source_spider import SourceSpider, header
from tracker.errors import StoreError
from tracker.health.diagnosis import diagnose
from tracker.manners.doors import KeepOutError


class PoliteDownload(GuardedDownload):
    """Sends a request when the spider's doors let it, and heeds what the server answers about coming again."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler = crawler

    async def download_request(self, request: Request) -> Response:
        """Wait, fetch, and tell the doors what came.

        Raises:
            RefusedError: the site wants to be left alone for longer than a crawl waits, or the source was given up.
        """
        spider = self._crawler.spider
        if not isinstance(spider, SourceSpider):
            raise TypeError(f"{type(self).__name__} works for a SourceSpider, not for {spider!r}")
        asking = asyncio.ensure_future(self._ask(spider, request))
        giving_up = asyncio.ensure_future(spider.given_up.wait())
        try:
            await asyncio.wait({asking, giving_up}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise RefusedError(diagnose("timeout", request.url))
            return asking.result()
        finally:
            asking.cancel()
            giving_up.cancel()

    async def _ask(self, spider: SourceSpider, request: Request) -> Response:
        try:
            async with spider.doors.turn(request.url):
                response = await super().download_request(request)
                until = spider.doors.answered(request.url, response.status, header(response, "Retry-After"))
        except KeepOutError as error:
            spider.findings.quiet_until = error.until
            raise RefusedError(diagnose("rate_limited", request.url, detail=str(error))) from error
        except StoreError as error:  # when it is not known whose turn it is, nobody is asked
            spider.findings.store_failed = error
            raise RefusedError(diagnose("download_failed", request.url, detail=str(error))) from error
        if until is not None:
            spider.findings.quiet_until = until
        return response
