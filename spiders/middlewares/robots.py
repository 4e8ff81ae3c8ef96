"""Obeys robots.txt (RFC 9309): what it forbids is never asked for, and neither is a site that cannot show it.

Scrapy's own check takes an error for permission, whatever the status, and applies no ``Crawl-delay``.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from spiders.failures import RefusedError, name_failure
from spiders.part_of_crawl import PartOfCrawl
from tracker.health.diagnosis import diagnose, diagnose_status

_MOST = 512 * 1024
"""RFC 9309, section 2.5: at least 500 kibibytes are read."""
_NO_RULES = b""
_CLIENT_ERROR, _SERVER_ERROR = range(400, 500), range(500, 600)


class Robots(PartOfCrawl):
    """Asks each site's robots.txt once a crawl, for all sources on it."""

    async def process_request(self, request: Request) -> None:
        """Let a request pass if robots.txt does.

        Raises:
            RefusedError: it does not, or it cannot be had.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_for(request.url)
        agent = str(self._crawler.settings["USER_AGENT"])
        if not rules.allowed(request.url, agent):
            raise RefusedError(diagnose("robots", request.url))
        if delay := rules.crawl_delay(agent):
            self.spider.doors.slow_down(request.url, delay)

    async def _rules_for(self, url: str) -> RobotParser:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self.spider.robots[origin]
        async with known.asking:
            if known.answer is None:
                known.answer = await self._ask(f"{origin}/robots.txt")
        if isinstance(known.answer, Exception):
            raise known.answer
        return ProtegoRobotParser.from_crawler(self._crawler, known.answer)

    async def _ask(self, url: str) -> bytes | RefusedError:
        """Return the rules; none where the site has no such file (4xx); else why it cannot be had."""
        meta = {"dont_obey_robotstxt": True, "allow_offsite": True}
        engine = self._crawler.engine
        if engine is None:
            raise RuntimeError("robots.txt is asked for while a crawl runs")
        try:
            response = await engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))
        except Exception as error:  # noqa: BLE001 - whatever keeps it from us keeps the site from us
            return RefusedError(name_failure(error, url))
        if response.status in _CLIENT_ERROR:
            is_asked_to_wait = response.status == 429
            return RefusedError(diagnose_status(429, url)) if is_asked_to_wait else _NO_RULES
        if response.status in _SERVER_ERROR:
            return RefusedError(diagnose("robots_unreachable", url, status=response.status))
        return response.body[:_MOST] if response.status == 200 else _NO_RULES
