"""A store, a web server and sources of a test's own, with the real crawler between them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.crawling.faulty_web import FaultyWeb
from tests.factories import NOW
from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.crawler import Crawl, run_crawl
from tracker.health.scheduling import source_states
from tracker.models import Selection
from tracker.models.event import PublishedEvent
from tracker.models.run import Run
from tracker.models.source_state import SourceState
from tracker.pipeline.build import build_events
from tracker.sources.files import load_sources
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
        accepted = frozenset(filter(None, [accept]))
        found = run_crawl(Crawl(self.store, settings, accepted=accepted), load_sources(settings))
        build_events(self.store, current_time())
        return {run.source: run for run in found}

    def states(self) -> dict[str, SourceState]:
        with self.store.reading() as db:
            known = sources.load_sources(db)
            return source_states(known.values(), runs.load_histories(db, known))

    def events(self) -> list[PublishedEvent]:
        with self.store.reading() as db:
            return queries.find_events(db, Selection.from_query("past=all"), NOW)

    def titles(self) -> list[str]:
        return [each.event.title for each in self.events()]
