"""Fetching one source with Scrapy, found by its settings' path: what came back, and what went wrong, as findings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings as ScrapySettings
from scrapy.settings import SettingsAttribute
from scrapy.utils.misc import load_object

from tracker import __version__
from tracker.config import Settings
from tracker.crawling.reading import read_page
from tracker.health.diagnosis import diagnose
from tracker.health.findings import Findings, PageSeen
from tracker.manners.doors import Doors
from tracker.manners.robots import RobotsFiles
from tracker.models.source import Source
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of

SETTINGS_PATH = "spiders.settings"
GRACE = 30
"""Seconds after Scrapy's own limit within which it should have ended a source by itself."""
_STOPPING = 3
ReadApart = Callable[[Source, Any], Awaitable[Any]]


class Fetcher:
    """Fetches the sources of one crawl, which share its pace and what robots.txt said.

    Args:
        settings: the operator's.
        doors: whose turn it is at which site.
        read_apart: reads a page of a source somewhere else; default: here.
    """

    def __init__(self, settings: Settings, doors: Doors | None = None, read_apart: ReadApart | None = None) -> None:
        logging.getLogger("scrapy").setLevel(logging.CRITICAL)  # our runs say what happened in words
        self._runner = AsyncCrawlerRunner(scrapy_settings_for(settings))
        self._spider = load_object(self._runner.settings["SPIDER_CLASS"])
        self._limit = self._runner.settings.getfloat("CLOSESPIDER_TIMEOUT") + GRACE
        self._doors = doors if doors is not None else Doors(settings.download_delay)
        self._robots = RobotsFiles()
        self._read_apart = read_apart

    async def fetch(
        self,
        source: Source,
        findings: Findings,
        now: datetime,
        *,
        pages_seen: Mapping[str, PageSeen] | None = None,
        pages_known: Collection[str] = (),
        read_by: str = "",
        platform: Any = None,
        on_page: Callable[[Any], None] | None = None,
    ) -> None:
        """Crawl one source into ``findings``. Nothing is raised: what goes wrong is among the findings.

        Args:
            source: what to crawl.
            findings: filled as the crawl goes on.
            now: the moment that counts as the time of fetching.
            pages_seen: what need not be read again if it has not changed, by key of the page.
            pages_known: keys of all pages that the source has answered before.
            read_by: fingerprint of what reads it.
            platform: instead of the source's own.
            on_page: called with each page that came, before it is read.
        """
        platform, options = platform or platform_of(source), options_of(source)

        async def read_here(source: Source, page: Any) -> Any:  # noqa: ARG001
            return read_page(platform, options, page)

        arguments: dict[str, Any] = {
            "source": source,
            "platform": platform,
            "options": options,
            "read_apart": self._read_apart or read_here,
            "findings": findings,
            "pages_seen": pages_seen or {},
            "pages_known": pages_known,
            "read_by": read_by,
            "now": now,
            "doors": self._doors,
            "robots": self._robots,
            "on_page": on_page,
        }
        try:
            if not await _run(self._runner.create_crawler(self._spider), arguments, self._limit):
                findings.failures.append(diagnose("timeout", source.homepage))
        except Exception as error:  # noqa: BLE001 - one source never costs the run
            detail = f"{type(error).__name__}: {error}"
            findings.failures.append(diagnose("download_failed", source.homepage, detail=detail))


async def _run(crawler: Crawler, arguments: Mapping[str, Any], limit: float) -> bool:
    """Run a crawler; say whether it ended within ``limit`` seconds.

    In a task of its own: Scrapy takes being cancelled for being done, and goes on.
    """
    task = asyncio.ensure_future(crawler.crawl_async(**arguments))
    try:
        done, _ = await asyncio.wait({task}, timeout=limit)
    except asyncio.CancelledError:
        await _stop(crawler, task)
        raise
    if not done:
        await _stop(crawler, task)
        return False
    task.result()
    return True


async def _stop(crawler: Crawler, task: asyncio.Future[None]) -> None:
    """End a crawler, and do not wait for it for ever."""
    spider: Any = crawler.spider
    if spider is not None:
        spider.given_up.set()
    stopping = asyncio.ensure_future(crawler.stop_async())
    await asyncio.wait({stopping}, timeout=_STOPPING)
    for each in (stopping, task):
        each.cancel()


class _SharedSettings(ScrapySettings):
    """Settings that all crawlers of a crawl share: none changes a value, so none needs values of its own."""

    def copy(self) -> Self:
        """Return settings to be set anew, with the same values; Scrapy copies each value too, for 14 ms a crawler."""
        copied = type(self)()
        copied.attributes = {
            name: SettingsAttribute(each.value, each.priority) for name, each in self.attributes.items()
        }
        return copied


def scrapy_settings_for(settings: Settings) -> ScrapySettings:
    """Return Scrapy's settings: the shipped ones, and what the operator set."""
    found = _SharedSettings()
    found.setmodule(SETTINGS_PATH, priority="project")
    found.set("TWISTED_REACTOR_ENABLED", settings.twisted_reactor)
    found.set("USER_AGENT", f"aisafety-tracker/{__version__} (+{settings.contact})")
    # The guard sees the proxy's address; where the proxy then goes is for the proxy to guard.
    proxy = urlsplit(settings.proxy)
    found.set("ALLOWED_ADDRESSES", [*settings.allowed_addresses, *([proxy.netloc] if proxy.netloc else [])])
    found.set("PROXY", settings.proxy)
    return found
