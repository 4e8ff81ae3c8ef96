"""A store, and sources that say something and are published at once: for what happens to events over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from tests.databases import an_empty_store
from tests.factories import NOW, a_raw, a_source
from tracker.models.crawl_result import CrawlResult
from tracker.models.listing import Listing
from tracker.models.run import Run
from tracker.models.vocabulary import Tier, Verdict
from tracker.pipeline.build import build_events
from tracker.pipeline.planning import BuildResult
from tracker.store import Store, runs, sources


def say(store: Store, listed: Listing | Sequence[Listing], days: int) -> BuildResult:
    """Let a source list something, and build, some days from now."""
    mention(store, listed, days)
    return build_events(store, NOW + timedelta(days=days))


def mention(store: Store, listed: Listing | Sequence[Listing], days: int) -> None:
    """Let a source list something, some days from now, which is not built yet."""
    listings = [listed] if isinstance(listed, Listing) else listed
    at = NOW + timedelta(days=days)
    source = listings[0].source
    raws = [
        a_raw(source=each.source, source_id=each.source_id, title=each.title, starts=str(each.when.start))
        for each in listings
    ]
    run = Run(source=source, started_at=at, finished_at=at, verdict=Verdict.HEALTHY)
    readings = {each.source_id: (raw, each) for raw, each in zip(raws, listings, strict=True)}
    with store.writing() as db:
        runs.record_run(db, run, CrawlResult(readings=readings, is_excerpt=True))


def a_store(folder: Path) -> Store:
    """Return a store without listings that knows the sources ``berlin``, ``directory`` and ``forum``."""
    opened = an_empty_store(folder)
    known = [a_source(), a_source(id="forum", tier=Tier.FORUMS)]
    with opened.writing() as db:
        sources.save_sources(db, [*known, a_source(id="directory", tier=Tier.DIRECTORIES, name="The Directory")])
    return opened
