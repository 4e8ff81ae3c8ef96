"""Publishing: ``python -m benchmarks.publishing [LISTINGS]`` matches, merges and renders so many listings, by one
worker and by two on one PostgreSQL, and again after a tenth of them has changed.

Listings are those of the matching benchmark (its hard mix), so most events have several. What one worker publishes and
what two publish is held against each other.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from multiprocessing.synchronize import Event as Flag

from benchmarks.feeds.events import NOW
from benchmarks.matching.generator import generate
from benchmarks.scores import note
from tests.databases import make_database
from tracker.models import Listing, RawListing
from tracker.refreshing.refresh import help_out, refresh_events, refresh_together
from tracker.store import Store, listings, open_store, profiles, sightings

COUNT = 20_000


def fill(store: Store, found: Sequence[Listing], days: int = 0) -> None:
    """Write listings as a crawl does."""
    by_source: dict[str, list[Listing]] = defaultdict(list)
    for each in found:
        by_source[each.source].append(each)
    for some in by_source.values():
        with store.writing() as db:
            sightings.save_listings(db, [(_raw(each), each) for each in some], NOW + timedelta(days=days))


def _saying_more(listing: Listing) -> Listing:
    return listing.model_copy(update={"description": listing.description + " There will be cake."})


def _raw(listing: Listing) -> RawListing:
    said = {name: getattr(listing, name) for name in ("source", "source_id", "page_url", "fetched_at", "title")}
    return RawListing(**said)


def alone(store: Store, sources: Sequence[str]) -> float:
    """Publish with one worker, and return how many seconds it took."""
    began = time.monotonic()
    _prepare(store, sources)
    refresh_events(store, NOW)
    return time.monotonic() - began


def together(store: Store, sources: Sequence[str]) -> float:
    """Publish with two, and return how many seconds it took, once both were there."""
    context = multiprocessing.get_context("spawn")
    ready, called, over = context.Event(), context.Event(), context.Event()
    helper = context.Process(target=_help, args=(store.url, sources[1::2], ready, called, over))
    helper.start()
    ready.wait()
    began = time.monotonic()
    called.set()
    _prepare(store, sources[::2])
    refresh_together(store, NOW, lambda _: None)
    took = time.monotonic() - began
    over.set()
    helper.join()
    return took


def _help(url: str, sources: Sequence[str], ready: Flag, called: Flag, over: Flag) -> None:
    store = open_store(url)
    ready.set()
    called.wait()
    _prepare(store, sources)
    while not over.is_set():
        if not help_out(store, NOW):
            time.sleep(0.05)
    store.close()


def _prepare(store: Store, sources: Sequence[str]) -> None:
    for each in sources:
        with store.writing() as db:
            profiles.make_profiles(db, each)


def groups_in(store: Store) -> set[frozenset[object]]:
    """Return which listings are one event."""
    found: dict[str, set[object]] = defaultdict(set)
    with store.reading() as db:
        for key, member in listings.load_memberships(db).items():
            found[member.event_id].add(key)
    return {frozenset(each) for each in found.values()}


def main() -> None:
    """Print seconds for each way."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    found = [each.listing for each in generate(count, mix="hard", seed=1)]
    changed = [
        each.model_copy(update={"description": each.description + " There will be cake."}) for each in found[::10]
    ]
    sources = sorted({each.source for each in found})
    took: dict[str, float] = {}
    stores: dict[str, Store] = {}
    for name, publish in (("one", alone), ("two", together)):
        store = stores[name] = open_store(make_database(f"publishing_{name}"), create=True)
        fill(store, found)
        took[name] = publish(store, sources)
        fill(store, changed, days=1)
        took[f"{name}, a tenth changed"] = publish(store, sources)
        took[f"{name}, nothing changed"] = publish(store, sources)
    print(f"{count:,} listings, hard mix, PostgreSQL, {len(groups_in(stores['one'])):,} events")
    for name, seconds in took.items():
        print(f"{name:<28}{seconds:8.1f} s")
    same = groups_in(stores["one"]) == groups_in(stores["two"])
    print(f"two workers publish the same as one: {'yes' if same else 'NO'}")
    note("publishing: speed of two", took["two"], took["one"], "one worker", "s", more_is_better=False)
    note(
        "publishing: a tenth changed",
        took["one, a tenth changed"],
        took["one"],
        "everything",
        "s",
        more_is_better=False,
    )
    for store in stores.values():
        store.close()


if __name__ == "__main__":
    main()
