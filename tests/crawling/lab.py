"""A store, a web server and sources of a test's own, with the real crawler between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.crawling.faulty_web import FaultyWeb
from tests.factories import NOW
from tracker.config import Settings
from tracker.crawling.crawl import Crawl, run_crawl
from tracker.crawling.refresh import refresh_events
from tracker.models import Selection
from tracker.models.run import Run
from tracker.sources.files import load_sources
from tracker.store import Store, finding


class Lab:
    """One store, one web server, and as many sources as a test writes."""

    def __init__(self, folder: Path, web: FaultyWeb, store: Store) -> None:
        self.folder, self.web, self.store = folder, web, store
        self.settings: dict[str, Any] = {"allowed_addresses": [web.address], "download_delay": 0.0}

    def source(self, name: str, path: str = "/calendar.ics", **keys: str) -> None:
        lines = {
            "name": f'"{name}"',
            "homepage": '"https://a.example/"',
            "platform": '"ical"',
            "feed_url": f'"{self.web.url(path)}"',
        }
        folder = self.folder / "sources" / "communities"
        folder.mkdir(parents=True, exist_ok=True)
        text = "\n".join(f"{key} = {value}" for key, value in (lines | keys).items())
        (folder / f"{name}.toml").write_text(text)

    def crawl(self) -> dict[str, Run]:
        settings = Settings.load(
            self.folder, source_folders=[self.folder / "sources"], only_own_sources=True, **self.settings
        )
        found = run_crawl(Crawl(self.store, settings), load_sources(settings))
        refresh_events(self.store, NOW)
        return {run.source: run for run in found}

    def titles(self) -> list[str]:
        with self.store.reading() as db:
            found = finding.find_events(db, Selection.from_query("past=all"), NOW)
        return [each.event.title for each in found]
