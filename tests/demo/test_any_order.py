"""Sources come in any order, some fail and come back: what is true is found all the same, and no id is lost."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.databases import an_empty_store
from tests.demo.test_practice_web import facts
from tests.factories import NOW
from tracker.demo.truth import true_events
from tracker.models.crawl_result import CrawlResult
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.models.run import Run
from tracker.models.selection import Selection
from tracker.models.vocabulary import Verdict
from tracker.pipeline.build import build_events
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import build_json
from tracker.store import Store, listings, open_store, queries, runs, sources

Readings = dict[str, list[tuple[RawListing, Listing]]]


def what_sources_say(folder: Path) -> tuple[Readings, list[Any]]:
    """Return what each source of the practice web says, as the demo read it."""
    store = open_store(f"sqlite:///{folder / 'tracker.db'}")
    said: Readings = defaultdict(list)
    with store.reading() as db:
        for listing in listings.load_listings(db):
            said[listing.source].append((listings.load_raw(db, listing.key), listing))
        known = list(sources.load_sources(db).values())
    store.close()
    return dict(said), known


def crawl(store: Store, said: Readings, names: list[str], day: int) -> set[str]:
    """Let some sources answer; return the ids that are published then."""
    at = NOW + timedelta(days=day)
    for name in names:
        run = Run(source=name, started_at=at, finished_at=at, verdict=Verdict.HEALTHY)
        with store.writing() as db:
            readings = {listing.source_id: (raw, listing) for raw, listing in said[name]}
            runs.record_run(db, run, CrawlResult(readings=readings))
    build_events(store, at)
    with store.reading() as db:
        return {each.event.id for each in queries.find_events(db, Selection(past="all"), at)}


@pytest.mark.long
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_truth_is_found_in_any_order(practice_data: Path, data: st.DataObject) -> None:
    said, known = what_sources_say(practice_data)
    with tempfile.TemporaryDirectory() as folder:
        store = an_empty_store(Path(folder))
        with store.writing() as db:
            sources.save_sources(db, known)
        order = data.draw(st.permutations(sorted(said)))
        cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), min_size=2, max_size=2)))
        back = data.draw(st.lists(st.sampled_from(order), max_size=5, unique=True))
        seen: set[str] = set()
        for day, names in enumerate((order[: cuts[0]], [*order[cuts[0] : cuts[1]], *back], order[cuts[1] :])):
            seen |= crawl(store, said, [name for name in names if name in said], day)
        with store.reading() as db:
            document = json.loads(build_json(db, FeedRequest(Selection(), NOW)).body)
            leads_to = {queries.find_event(db, each).event.id for each in seen}
        found = sorted(
            (facts(each) for each in document["events"]), key=lambda each: (each["title"], each["start"] or "")
        )
        assert found == true_events(NOW.date())
        assert leads_to <= {each["id"] for each in document["events"]}
        store.close()
