"""A store, a web server and sources of a test's own, with the real crawler between them."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from tests.crawling.faulty_web import FaultyWeb
from tests.factories import NOW
from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.crawler import Crawl, crawl_group, run_crawl
from tracker.crawling.fetcher import Fetcher
from tracker.crawling.page_reader import read_page
from tracker.errors import SourceError, StoreError
from tracker.health.diagnosis import diagnose_status
from tracker.health.scheduling import source_states
from tracker.models.crawl_result import CrawlResult
from tracker.models.event import PublishedEvent
from tracker.models.raw_listing import RawListing
from tracker.models.run import Run, SourceState
from tracker.models.selection import Selection
from tracker.models.source import Source
from tracker.pipeline.build import build_events
from tracker.sources.files import load_sources, options_of
from tracker.sources.hooks import platform_of
from tracker.sources.platform import PageRequest
from tracker.sources.traversal import Traversal
from tracker.store import Store, queries, runs, sources

IN_REACTOR = bool(os.environ.get("LAB_REACTOR"))
"""Crawl in Twisted's reactor; a process can do one or the other."""


class Lab:
    """One store, one web server, and as many sources as a test writes."""

    def __init__(self, folder: Path, web: FaultyWeb, store: Store) -> None:
        self.folder, self.web, self.store = folder, web, store
        self.settings: dict[str, Any] = {
            "allowed_addresses": [web.address],
            "download_delay": 0.0,
            "twisted_reactor": IN_REACTOR,
        }

    def source(self, name: str, path: str = "/calendar.ics", tier: str = "communities", **keys: str) -> None:
        lines = {
            "name": f'"{name}"',
            "homepage": '"https://a.example/"',
            "platform": '"ical"',
            "feed_url": f'"{self.web.url(path)}"',
        }
        if lines["platform"] != keys.get("platform", lines["platform"]):
            del lines["feed_url"]  # other platforms have other keys
        folder = self.folder / "sources" / tier
        folder.mkdir(parents=True, exist_ok=True)
        text = "\n".join(f"{key} = {value}" for key, value in (lines | keys).items())
        (folder / f"{name}.toml").write_text(text)

    def crawl(self, *, accept: str = "") -> dict[str, Run]:
        """Crawl all sources, due or not, and publish; return the runs."""
        settings = Settings.load(
            self.folder, source_folders=[self.folder / "sources"], only_own_sources=True, **self.settings
        )
        crawl = Crawl(self.store, settings, accepted=frozenset(filter(None, [accept])))
        found = self.run(crawl, load_sources(settings))
        build_events(self.store, current_time())
        return {run.source: run for run in found}

    def wait(self, **span: float) -> None:
        """Let time pass: a day unless ``span`` says otherwise."""
        os.environ["TRACKER_NOW"] = (current_time() + timedelta(**span or {"days": 1})).isoformat()

    def run(self, crawl: Crawl, chosen: list[Source]) -> list[Run]:
        return run_crawl(crawl, chosen)

    def states(self) -> dict[str, SourceState]:
        with self.store.reading() as db:
            known = sources.load_sources(db)
            return source_states(known.values(), runs.load_histories(db, known))

    def events(self) -> list[PublishedEvent]:
        with self.store.reading() as db:
            return queries.find_events(db, Selection.from_query("past=all"), NOW)

    def titles(self) -> list[str]:
        return [each.event.title for each in self.events()]


class OfflineLab(Lab):
    """A lab whose pages are handed to the traversal directly: for what happens after fetching, ten times as fast."""

    def run(self, crawl: Crawl, chosen: list[Source]) -> list[Run]:
        with crawl.store.writing() as db:
            sources.rename_sources(db, chosen)
            sources.save_sources(db, chosen)
        errors: list[StoreError] = []
        found = asyncio.run(crawl_group(crawl, cast("Fetcher", PageTable(self.web)), chosen, errors))
        assert not errors
        return found


class PageTable:
    """Stands in for ``Fetcher``: answers requests from the pages of a web server that nobody connects to."""

    def __init__(self, web: FaultyWeb) -> None:
        self._web = web

    async def fetch(
        self, source: Source, result: CrawlResult, now: datetime, *, was_hanging: bool = False, **known: Any
    ) -> None:
        del was_hanging  # nothing takes time here
        traversal = Traversal(source, platform_of(source), options_of(source), result, now, **known)
        waiting = [each for each in traversal.first_pages if traversal.request(each)]
        while waiting:
            for found in self._answer(traversal, waiting.pop(0)):
                if isinstance(found, PageRequest):
                    waiting.append(found)
                else:
                    traversal.take(found)

    def _answer(self, traversal: Traversal, asked: PageRequest) -> list[RawListing | PageRequest]:
        page = self._web.page(urlsplit(asked.url).path)
        if page.status != HTTPStatus.OK:
            return [*traversal.fail(asked, diagnose_status(page.status, asked.url))]
        received, must_read = traversal.receive(asked, page.body, page.headers.get("Content-Type", ""))
        if not must_read:
            return []
        try:
            content = read_page(traversal.platform, traversal.options, received)
        except SourceError as error:
            return [*traversal.fail(asked, error)]
        return [*traversal.accept(asked, received, content)]
