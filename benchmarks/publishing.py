"""Publishing: ``python -m benchmarks.publishing [LISTINGS]`` matches, merges and renders so many listings on SQLite and
on PostgreSQL, and again after a tenth of them has changed, and after nothing has.

Listings are those of the matching benchmark (its hard mix), so most events have several.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from benchmarks.feeds.events import NOW
from benchmarks.matching.generator import generate
from benchmarks.scores import note
from tests.databases import a_database
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.pipeline.build import build_events
from tracker.store import Store, open_store, presence

COUNT = 20_000


def fill(store: Store, found: Sequence[Listing], days: int = 0) -> None:
    """Write listings as a crawl does."""
    by_source: dict[str, list[Listing]] = defaultdict(list)
    for each in found:
        by_source[each.source].append(each)
    for some in by_source.values():
        with store.writing() as db:
            presence.save_listings(db, [(_raw(each), each) for each in some], NOW + timedelta(days=days))


def _raw(listing: Listing) -> RawListing:
    return RawListing(
        **{name: getattr(listing, name) for name in ("source", "source_id", "page_url", "fetched_at", "title")}
    )


def seconds_to_build(store: Store) -> float:
    """Build the events, and return how many seconds it took."""
    began = time.monotonic()
    build_events(store, NOW)
    return time.monotonic() - began


def main() -> None:
    """Print seconds for each engine."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    found = [each.listing for each in generate(count, mix="hard", seed=1)]
    changed = [
        each.model_copy(update={"description": each.description + " There will be cake."}) for each in found[::10]
    ]
    print(f"{count:,} listings, hard mix")
    with tempfile.TemporaryDirectory() as folder, a_database() as address:
        for name, url in (("SQLite", f"sqlite:///{folder}/tracker.db"), ("PostgreSQL", address)):
            store = open_store(url, create=True)
            fill(store, found)
            first = seconds_to_build(store)
            fill(store, changed, days=1)
            tenth = seconds_to_build(store)
            nothing = seconds_to_build(store)
            print(f"{name:<12}{first:8.1f} s first{tenth:8.1f} s a tenth changed{nothing:8.2f} s nothing changed")
            note(f"publishing: a tenth changed, {name}", tenth, first, "everything", "s", more_is_better=False)
            store.close()


if __name__ == "__main__":
    main()
