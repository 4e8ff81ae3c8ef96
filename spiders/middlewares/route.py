"""Sends requests through the proxy of the settings, if there is one."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class Route:
    """An operator's outgoing proxy, or the practice web, which stands in for the internet."""

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Route:
        """Build it from the setting ``PROXY``."""
        proxy = crawler.settings.get("PROXY")
        if not proxy:
            raise NotConfigured
        return cls(str(proxy))

    def process_request(self, request: Request) -> None:
        """Name the proxy for Scrapy."""
        request.meta["proxy"] = self._proxy
