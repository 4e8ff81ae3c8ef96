"""Downloader middlewares: robots.txt, conditional GET, redirects that leave the site, recording, the proxy."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from spiders.failures import RefusedError, diagnose_exception, headers_of
from spiders.source_spider import CrawlComponent
from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose
from tracker.sources.access import KEPT_HEADERS, REDIRECTS, Exchange, RecordedResponse
from tracker.sources.robots import RobotsRules, robots_text, robots_url

PERMANENT_REDIRECTS = frozenset({301, 308})


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
        if not rules.allows(request.url):
            raise RefusedError(diagnose("robots", request.url))
        if rules.crawl_delay:
            self.spider.rate_limiter.raise_delay(request.url, rules.crawl_delay)

    async def _rules_for(self, url: str) -> RobotsRules:
        address = robots_url(url)
        cached = self.spider.robots[address.removesuffix("/robots.txt")]
        async with cached.lock:
            if cached.answer is None:
                cached.answer = await self._fetch(address)
        if isinstance(cached.answer, Exception):
            raise cached.answer
        return RobotsRules(cached.answer)

    async def _fetch(self, url: str) -> bytes | RefusedError:
        """Return the rules, empty if the site has no such file (4xx), or the error that prevents fetching them."""
        meta = {"dont_obey_robotstxt": True, "allow_offsite": True, **self.spider.limits}
        engine = self._crawler.engine
        if engine is None:
            raise RuntimeError("robots.txt is requested while a crawl runs")
        try:
            response = await engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))
        except Exception as error:  # noqa: BLE001 - whatever prevents robots.txt prevents the crawl
            return RefusedError(diagnose_exception(error, url))
        try:
            return robots_text(response.status, headers_of(response), response.body, url)
        except SourceError as error:
            return RefusedError(error)


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


class ExchangeRecorder(CrawlComponent):
    """Passes each request with its response on to whoever watches the crawl; in a crawl that is stored, nobody does."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Record a response, redirects and refusals included."""
        if self.spider.on_exchange is not None:
            headers = headers_of(response)
            kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
            answer = RecordedResponse(request.url, response.status, kept, response.body)
            self._record(self.spider.on_exchange, request, answer)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Record that there was no response."""
        if self.spider.on_exchange is not None and not isinstance(exception, RefusedError):
            error = diagnose_exception(exception, request.url)
            self._record(self.spider.on_exchange, request, RecordedResponse(request.url, 0, error=error.diagnosis))

    def _record(self, on_exchange: Callable[[Exchange], None], request: Request, response: RecordedResponse) -> None:
        asked = request.meta.get("asked")
        on_exchange(
            Exchange(
                method=request.method,
                response=response,
                page=asked.name if asked is not None else request.meta.get("redirect_urls", [request.url])[0],
                is_robots=asked is None,
                posted=request.body.decode("utf-8", "replace"),
                size=len(response.body),
                seconds=round(float(request.meta.get("download_latency", 0.0)), 3),
            )
        )


class OffsiteRedirects(CrawlComponent):
    """Refuses redirects that leave the source's site, with a diagnosis; Scrapy's own check drops them silently."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass the response on, unless it redirects to another site.

        Raises:
            IgnoreRequest: it redirects to another site.
        """
        location = response.headers.get("Location")
        asked = request.meta.get("asked")
        if response.status in REDIRECTS and location and asked is not None:  # robots.txt may be on another site
            target = urljoin(request.url, location.decode("latin-1"))
            if response.status in PERMANENT_REDIRECTS:
                self.spider.note_move(asked, target)
            if not self.spider.traversal.may_redirect(request.url, target):
                raise IgnoreRequest(f"to {target[:200]}")
        return response


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
