"""Downloader middlewares: robots.txt, conditional GET, redirects that leave the site, and the outgoing proxy."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from spiders.failures import RefusedError, diagnose_exception, diagnose_response, is_challenge
from spiders.source_spider import CrawlComponent
from tracker.health.diagnosis import diagnose

PERMANENT_REDIRECTS = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_ROBOTS_BYTES = 512 * 1024
"""RFC 9309, section 2.5: at least 500 kibibytes are parsed."""
_NO_RULES = b""
_CLIENT_ERRORS, _SERVER_ERRORS = range(400, 500), range(500, 600)
_OK, _TOO_MANY_REQUESTS = 200, 429


class RobotsTxt(CrawlComponent):
    """Obeys robots.txt (RFC 9309), requested once per site and crawl for all sources on it.

    Scrapy's own middleware treats any error as permission, and does not apply ``Crawl-delay``.
    """

    async def process_request(self, request: Request) -> None:
        """Check that robots.txt allows a request.

        Raises:
            RefusedError: robots.txt forbids it, or cannot be fetched.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_for(request.url)
        agent = str(self._crawler.settings["USER_AGENT"])
        if not rules.allowed(request.url, agent):
            raise RefusedError(diagnose("robots", request.url))
        if delay := rules.crawl_delay(agent):
            self.spider.rate_limiter.raise_delay(request.url, delay)

    async def _rules_for(self, url: str) -> RobotParser:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        cached = self.spider.robots[origin]
        async with cached.lock:
            if cached.answer is None:
                cached.answer = await self._fetch(f"{origin}/robots.txt")
        if isinstance(cached.answer, Exception):
            raise cached.answer
        return ProtegoRobotParser.from_crawler(self._crawler, cached.answer)

    async def _fetch(self, url: str) -> bytes | RefusedError:
        """Return the rules, empty if the site has no such file (4xx), or the error that prevents fetching them."""
        meta = {"dont_obey_robotstxt": True, "allow_offsite": True}
        engine = self._crawler.engine
        if engine is None:
            raise RuntimeError("robots.txt is requested while a crawl runs")
        try:
            response = await engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))
        except Exception as error:  # noqa: BLE001 - whatever prevents robots.txt prevents the crawl
            return RefusedError(diagnose_exception(error, url))
        if response.status == _TOO_MANY_REQUESTS or (response.status in _SERVER_ERRORS and is_challenge(response)):
            return RefusedError(diagnose_response(response, url))
        if response.status in _SERVER_ERRORS:
            return RefusedError(diagnose("robots_unreachable", url, status=response.status))
        if response.status in _CLIENT_ERRORS or response.status != _OK:
            return _NO_RULES
        return response.body[:_MAX_ROBOTS_BYTES]


class ConditionalGet(CrawlComponent):
    """Sends the validators of a cached page's last response (RFC 9110, section 13), to skip reading it if unchanged."""

    def process_request(self, request: Request) -> None:
        """Add ``If-None-Match`` and ``If-Modified-Since`` if the last response had validators."""
        asked = request.meta.get("asked")
        if asked is None or asked.posted:  # robots.txt, or a POST request, for which the headers mean something else
            return
        cached = self.spider.traversal.cached_pages.get(asked.key)
        if cached is None or cached.has_links:
            return
        if cached.etag:
            request.headers["If-None-Match"] = cached.etag
        if cached.last_modified:
            request.headers["If-Modified-Since"] = cached.last_modified


class OffsiteRedirects(CrawlComponent):
    """Refuses redirects that leave the source's site, with a diagnosis; Scrapy's own check drops them silently."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass the response on, unless it redirects to another site.

        Raises:
            IgnoreRequest: it redirects to another site.
        """
        location = response.headers.get("Location")
        asked = request.meta.get("asked")
        if response.status in _REDIRECTS and location and asked is not None:  # robots.txt may be on another site
            target = urljoin(request.url, location.decode("latin-1"))
            if response.status in PERMANENT_REDIRECTS:
                self.spider.note_move(asked, target)
            if urlsplit(target).scheme not in {"http", "https"} or not self._stays(request.url, target):
                raise IgnoreRequest(f"to {target[:200]}")
        return response

    def _stays(self, url: str, target: str) -> bool:
        return self.spider.traversal.is_on_site(target) or urlsplit(url).hostname == urlsplit(target).hostname


class Proxy:
    """Sends requests through the proxy of the setting ``PROXY``: an operator's own, or the demo's practice web."""

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Proxy:
        """Return the middleware for the setting ``PROXY``."""
        proxy = crawler.settings.get("PROXY")
        if not proxy:
            raise NotConfigured
        return cls(str(proxy))

    def process_request(self, request: Request) -> None:
        """Set the proxy of a request."""
        request.meta["proxy"] = self._proxy
