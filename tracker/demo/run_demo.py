"""Runs the demo: starts the practice web, crawls it with the real spiders, and publishes the events."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.crawler import Crawl, run_crawl
from tracker.crawling.lock import crawl_lock
from tracker.curation.rulings_file import restore_backup
from tracker.demo.fixtures import events_by_site, monday_of
from tracker.demo.opportunity_sites import manual_source_file
from tracker.demo.practice_web import PracticeWeb
from tracker.demo.truth import truth_document
from tracker.errors import UsageError
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.pipeline.build import build_events
from tracker.pipeline.planning import BuildResult
from tracker.publishing.atomic_files import write_file
from tracker.publishing.site import publish_site
from tracker.sources.files import load_sources
from tracker.store import Store, open_store
from tracker.store.sources import load_sources as sources_of


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The sources, runs, build result and published files of the demo."""

    sources: list[Source]
    runs: list[Run]
    refreshed: BuildResult
    files: list[Path]


def run_demo(settings: Settings, *, later: bool = False, on_run: Callable[[Run], None] | None = None) -> DemoResult:
    """Crawl the practice web into ``settings.data_dir``, and publish into its folder ``site``.

    Raises:
        TrackerError: the folder cannot be written, holds events of real sources, or another crawl runs in it.
    """
    # Made-up events are never written to the database configured for real ones.
    settings = settings.model_copy(update={"database_url": ""})
    today = current_time().date()
    web = PracticeWeb(today, later=later)
    with crawl_lock(settings.data_dir), web.serving():
        store = open_store(settings.store_url, create=True)
        try:
            _refuse_real_data(store, settings)
            restore_backup(store, settings.data_dir, current_time())
            practice = practice_settings(settings, web.address, today)
            sources = load_sources(practice)
            runs = run_crawl(Crawl(store, practice, on_run), sources)
            refreshed = build_events(store, current_time())
            published = publish_site(store, settings.data_dir / "site", current_time()).paths
        finally:
            store.close()
    truth = json.dumps(truth_document(today, later=later), ensure_ascii=False, indent=1) + "\n"
    write_file(settings.data_dir / "truth.json", truth.encode())
    return DemoResult(sources, runs, refreshed, published)


def _refuse_real_data(store: Store, settings: Settings) -> None:
    with store.reading() as db:
        real = [source for source in sources_of(db) if not source.startswith("practice_")]
    if real:
        raise UsageError(
            f"{settings.data_dir} holds events of real sources ({real[0]} …). "
            "Choose another folder for the demo: --data."
        )


def practice_settings(settings: Settings, address: str, today: date) -> Settings:
    """Return settings that crawl only the practice web; its proxy is the one loopback address that is allowed.

    The source file of the manual source is written again each time, since it contains the dates.
    """
    own = settings.data_dir / "practice_sources"
    text = manual_source_file(events_by_site(today)["by_hand"], monday_of(today))
    write_file(own / "communities" / "practice_by_hand.toml", text.encode())
    with as_file(files("tracker.demo") / "sources") as folder:
        return settings.model_copy(
            update={
                "source_folders": [folder, own],
                "only_own_sources": True,
                "proxy": f"http://{address}",
            }
        )
