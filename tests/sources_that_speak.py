"""A store, and sources that say something and are published at once: for what happens to events over time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.databases import an_empty_store
from tests.factories import NOW, a_raw, a_source
from tracker.models import Listing, Run
from tracker.models.crawl_result import CrawlResult
from tracker.models.vocabulary import Tier, Verdict
from tracker.pipeline.build import build_events
from tracker.pipeline.planning import BuildResult
from tracker.store import Store, runs, sources


def say(store: Store, listing: Listing, days: int) -> BuildResult:
    """Let a source say something, and refresh, some days from now."""
    at = NOW + timedelta(days=days)
    raw = a_raw(source=listing.source, source_id=listing.source_id, title=listing.title, starts=str(listing.when.start))
    run = Run(source=listing.source, started_at=at, finished_at=at, verdict=Verdict.HEALTHY)
    with store.writing() as db:
        runs.record_run(db, run, CrawlResult(readings={listing.source_id: (raw, listing)}, is_excerpt=True))
    return build_events(store, at)


def a_store(folder: Path) -> Store:
    """Return a store without listings that knows the sources ``berlin``, ``directory`` and ``forum``."""
    opened = an_empty_store(folder)
    known = [a_source(), a_source(id="forum", tier=Tier.FORUMS)]
    with opened.writing() as db:
        sources.save_sources(db, [*known, a_source(id="directory", tier=Tier.DIRECTORIES, name="The Directory")])
    return opened
