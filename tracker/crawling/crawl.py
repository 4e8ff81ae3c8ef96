"""The crawl: groups of sources side by side in one asyncio loop, each run judged and kept in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings as ScrapySettings
from scrapy.utils.misc import load_object

from tracker import __version__
from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.groups import group_by_host
from tracker.errors import StoreError
from tracker.health.diagnosis import diagnose
from tracker.health.findings import Findings, PageSeen
from tracker.health.verdict import judge_run
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of
from tracker.store import Store, runs, sources
from tracker.store.fingerprints import fingerprint_bytes

SETTINGS_PATH = "spiders.settings"
GROUPS_AT_ONCE = 8
REREAD_AFTER = timedelta(days=7)
"""An unchanged page is read again after this time: the horizon of repeating entries moves on."""
_GRACE = 30


@dataclass(frozen=True, slots=True)
class Crawl:
    """What all runs of one crawl share."""

    store: Store
    settings: Settings
    on_run: Callable[[Run], None] | None = None
    """Called after each run, for progress."""

    @property
    def scrapy_settings(self) -> ScrapySettings:
        """Scrapy's settings: the shipped ones, and what the operator set."""
        settings = ScrapySettings()
        settings.setmodule(SETTINGS_PATH, priority="project")
        settings.set("USER_AGENT", f"aisafety-tracker/{__version__} (+{self.settings.contact})")
        # The guard sees the proxy's address; where the proxy then goes is for the proxy to guard.
        proxy = urlsplit(self.settings.proxy)
        settings.set("ALLOWED_ADDRESSES", [*self.settings.allowed_addresses, *([proxy.netloc] if proxy.netloc else [])])
        settings.set("PROXY", self.settings.proxy)
        settings.set("DOWNLOAD_DELAY", self.settings.download_delay)
        if not self.settings.download_delay:
            settings.set("AUTOTHROTTLE_ENABLED", False)
        return settings


def run_crawl(crawl: Crawl, chosen: Sequence[Source]) -> list[Run]:
    """Crawl the chosen sources and return their runs, in the order they ended.

    Raises:
        StoreError: a run could not be kept. The other sources are crawled all the same.
    """
    _quiet_logs()
    with crawl.store.writing() as db:
        sources.save_sources(db, chosen)
    return asyncio.run(_crawl_all(crawl, chosen))


async def _crawl_all(crawl: Crawl, chosen: Iterable[Source]) -> list[Run]:
    limit = asyncio.Semaphore(GROUPS_AT_ONCE)
    done: list[Run] = []
    errors: list[StoreError] = []

    async def one(group: list[Source]) -> None:
        async with limit:
            try:
                done.extend(await crawl_group(crawl, group))
            except StoreError as error:
                errors.append(error)

    async with asyncio.TaskGroup() as tasks:
        for group in group_by_host(chosen):
            tasks.create_task(one(group))
    if errors:
        raise errors[0]
    return done


async def crawl_group(crawl: Crawl, group: Sequence[Source]) -> list[Run]:
    """Crawl sources of one site, one after another, its delay kept between them as well."""
    finished = []
    for index, source in enumerate(group):
        if index:
            await asyncio.sleep(crawl.settings.download_delay)
        run = await _crawl_source(crawl, source)
        if crawl.on_run is not None:
            crawl.on_run(run)
        finished.append(run)
    return finished


async def _crawl_source(crawl: Crawl, source: Source) -> Run:
    started_at = current_time()
    read_by = fingerprint_bytes(f"{__version__} {source.canonical_json()}".encode())
    with crawl.store.reading() as db:
        pages_seen = _still_good(runs.pages_seen(db, source.id), read_by, started_at)
    findings = Findings()
    scrapy_settings = crawl.scrapy_settings
    crawler = AsyncCrawlerRunner(scrapy_settings).create_crawler(load_object(scrapy_settings["SPIDER_CLASS"]))
    options: dict[str, Any] = {
        "source": source,
        "platform": platform_of(source),
        "options": options_of(source),
        "findings": findings,
        "pages_seen": pages_seen,
        "read_by": read_by,
        "now": started_at,
    }
    try:
        async with asyncio.timeout(scrapy_settings.getfloat("CLOSESPIDER_TIMEOUT") + _GRACE):
            await crawler.crawl_async(**options)
    except TimeoutError:
        await crawler.stop_async()
        findings.failures.append(diagnose("timeout", source.homepage))
    except Exception as error:  # noqa: BLE001 - one source never costs the run
        detail = f"{type(error).__name__}: {error}"
        findings.failures.append(diagnose("download_failed", source.homepage, detail=detail))
    return _record(crawl.store, source, findings, started_at)


def _record(store: Store, source: Source, findings: Findings, started_at: datetime) -> Run:
    judgement = judge_run(findings, source)
    run = Run(
        source=source.id,
        started_at=started_at,
        finished_at=current_time(),
        verdict=judgement.verdict,
        diagnosis=judgement.diagnosis,
        message=judgement.message,
        pages=len(findings.pages) + len(findings.unchanged_pages),
        pages_unchanged=len(findings.unchanged_pages),
        found=findings.found,
        kept=len(findings.readings),
        rejected=len(findings.rejected),
    )
    with store.writing() as db:
        return runs.record_run(
            db,
            run,
            list(findings.readings.values()),
            findings.rejected,
            findings.pages,
            findings.unchanged_pages,
        )


def _still_good(pages: Mapping[str, PageSeen], read_by: str, now: datetime) -> dict[str, PageSeen]:
    """Keep the pages that need not be read again: read lately, by this version, with this source file."""
    return {
        url: page
        for url, page in pages.items()
        if page.read_by == read_by and page.read_at is not None and now - page.read_at < REREAD_AFTER
    }


def _quiet_logs() -> None:
    """Our runs say what happened in words; Scrapy's warnings about its own handler help nobody."""
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
