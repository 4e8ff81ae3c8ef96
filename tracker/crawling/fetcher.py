"""Runs Scrapy for one source: applies settings and a time limit, and turns failures into part of the crawl result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings as ScrapySettings
from scrapy.settings import SettingsAttribute

from spiders import settings as shipped_settings
from spiders.source_spider import PageReader, SourceSpider
from tracker import __version__
from tracker.config import Settings
from tracker.crawling.page_reader import read_page
from tracker.crawling.throttling.domains import registrable_domain
from tracker.crawling.throttling.rate_limiter import RateLimiter
from tracker.crawling.throttling.robots_cache import RobotsCache
from tracker.health.diagnosis import diagnose
from tracker.models.crawl_result import CrawlResult, PageState
from tracker.models.source import Source
from tracker.reading.dates.first_sight import FirstSights
from tracker.sources.access import Exchange
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of
from tracker.sources.platform import Page, PageContent, Platform
from tracker.sources.traversal import Traversal

GRACE = 30
"""Seconds after Scrapy's own time limit that it gets to end a source by itself."""
_STOP_SECONDS = 3


class Fetcher:
    """Fetches the sources of one crawl, which share rate limits and robots.txt files.

    Args:
        settings: the operator's settings.
        rate_limiter: shared with other fetchers of the process; default: a new one.
        page_reader: reads pages in a child process; default: in this process.
        robots: robots.txt files that are known already; default: none.
    """

    def __init__(
        self,
        settings: Settings,
        rate_limiter: RateLimiter | None = None,
        page_reader: PageReader | None = None,
        robots: RobotsCache | None = None,
    ) -> None:
        logging.getLogger("scrapy").setLevel(logging.CRITICAL)  # runs have messages of their own
        self._runner = AsyncCrawlerRunner(scrapy_settings_for(settings))
        self._time_limit = self._runner.settings.getfloat("CLOSESPIDER_TIMEOUT") + GRACE
        self._rate_limiter = rate_limiter if rate_limiter is not None else RateLimiter(settings.download_delay)
        self._robots = robots if robots is not None else RobotsCache()
        self._page_reader = page_reader

    def forget_robots(self, domain: str) -> None:
        """Fetch the robots.txt files of a registrable domain anew; a worker would keep them for weeks."""
        for origin in [each for each in self._robots if registrable_domain(each) == domain]:
            del self._robots[origin]

    async def fetch(
        self,
        source: Source,
        result: CrawlResult,
        now: datetime,
        *,
        cached_pages: Mapping[str, PageState] | None = None,
        known_pages: Collection[str] = (),
        reader_hash: str = "",
        first_sights: FirstSights | None = None,
        was_hanging: bool = False,
        platform: Platform | None = None,
        on_page: Callable[[Page], None] | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        """Crawl one source into ``result``. Nothing is raised: failures are part of the result.

        Args:
            source: the source.
            result: filled during the crawl.
            now: the time of fetching.
            cached_pages: pages that need not be read again if unchanged, by request key.
            known_pages: keys of all pages that the source has answered before.
            reader_hash: hash of the reader's version and the source file.
            first_sights: the words of earlier listings of the source.
            was_hanging: whether the site did not answer in time last time; it then gets less time.
            platform: replaces the source's own platform.
            on_page: called with each page before it is read.
            on_exchange: called with each request and its response.
        """
        chosen, options = platform or platform_of(source), options_of(source)

        async def read_here(source: Source, page: Page) -> PageContent:  # noqa: ARG001
            return read_page(chosen, options, page)

        traversal = Traversal(
            source,
            chosen,
            options,
            result,
            now,
            cached_pages=cached_pages,
            known_pages=known_pages,
            reader_hash=reader_hash,
            first_sights=first_sights,
            delay_for=self._rate_limiter.delay_for,
        )
        crawler = self._runner.create_crawler(SourceSpider)
        crawl = crawler.crawl_async(
            traversal=traversal,
            read_page=self._page_reader or read_here,
            rate_limiter=self._rate_limiter,
            robots=self._robots,
            on_page=on_page,
            on_exchange=on_exchange,
            was_hanging=was_hanging,
        )
        try:
            if not await _run(crawler, crawl, self._time_limit):
                result.failures.append(diagnose("timeout", source.homepage))
        except Exception as error:  # noqa: BLE001 - a failing source must not end the crawl
            detail = f"{type(error).__name__}: {error}"
            result.failures.append(diagnose("download_failed", source.homepage, detail=detail))


async def _run(crawler: Crawler, crawl: Any, time_limit: float) -> bool:
    """Run a crawler; return whether it ended within ``time_limit`` seconds.

    It runs in a task of its own, because Scrapy treats its cancellation as completion and goes on.
    """
    task = asyncio.ensure_future(crawl)
    try:
        done, _ = await asyncio.wait({task}, timeout=time_limit)
    except asyncio.CancelledError:
        await _stop(crawler, task)
        raise
    if not done:
        await _stop(crawler, task)
        return False
    task.result()
    return True


async def _stop(crawler: Crawler, task: asyncio.Future[None]) -> None:
    """Stop a crawler, waiting a few seconds at most."""
    spider = crawler.spider
    if isinstance(spider, SourceSpider):
        spider.aborted.set()
    stopping = asyncio.ensure_future(crawler.stop_async())
    await asyncio.wait({stopping}, timeout=_STOP_SECONDS)
    for each in (stopping, task):
        each.cancel()


class _SharedSettings(ScrapySettings):
    """Settings of all crawlers; as none of them changes a value, copies share the values."""

    def copy(self) -> Self:
        """Return settings with the same values; Scrapy's deep copy takes 14 ms per crawler."""
        copied = type(self)()
        copied.attributes = {
            name: SettingsAttribute(each.value, each.priority) for name, each in self.attributes.items()
        }
        return copied


def user_agent(settings: Settings) -> str:
    """Return the user agent of a crawl."""
    return f"aisafety-tracker/{__version__} (+{settings.contact})"


def scrapy_settings_for(settings: Settings) -> ScrapySettings:
    """Return Scrapy's settings: the shipped ones with those of the operator."""
    found = _SharedSettings()
    found.setmodule(shipped_settings, priority="project")
    found.set("TWISTED_REACTOR_ENABLED", settings.twisted_reactor)
    found.set("USER_AGENT", user_agent(settings))
    # The SSRF guard sees the proxy's address only; the proxy has to guard its own connections.
    proxy = urlsplit(settings.proxy)
    found.set("ALLOWED_ADDRESSES", [*settings.allowed_addresses, *([proxy.netloc] if proxy.netloc else [])])
    found.set("PROXY", settings.proxy)
    return found
