"""The store: ``python -m benchmarks.store [LISTINGS…]`` writes so many listings and events, on SQLite and PostgreSQL;
``grow 10`` a hundred thousand ten times over.

A crawl writes listings (with what was said, unread), publishing writes events: with calendar entries, what they are
found by, the index of their words, and their history. Both are measured, in one transaction each, and without what
comes before: reading, matching and rendering have benchmarks of their own.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.feeds.events import NOW, an_event
from benchmarks.scores import note
from tests.databases import a_database
from tracker.models.event import Change, Event
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.models.selection import Selection
from tracker.pipeline.changes import first_listed
from tracker.pipeline.rendering import render
from tracker.store import Store, change_log, events, open_store, presence, queries
from tracker.store.events import RenderedEvent

A_SOURCE = 1_000
"""Listings of one source."""
A_YEAR = 10_000
"""Events of one year."""
WORDS = ("interpretability", "governance food", "newcomers", "number 4711", "evaluations workshop", "incidents berlin",
         "oversi", "agents talk", "newcomers welcome interpretability", "number 99")  # fmt: skip
"""What people type: common words and rare ones, one and several, whole and half."""
Reading = tuple[RawListing, Listing]


@dataclass
class Load:
    """What is written."""

    readings: list[Reading]
    rendered: list[RenderedEvent]
    changes: list[Change]

    def with_tenth_changed(self) -> Load:
        """Return the same, with every tenth saying more than before."""
        readings = [_saying_more(each) if not at % 10 else each for at, each in enumerate(self.readings)]
        changed = [render(_longer(each.published.event), each, NOW) for each in self.rendered[::10]]
        return Load(readings, changed, [first_listed(each.published.event, NOW) for each in changed])


def a_load(count: int) -> Load:
    """Make so many listings and events up: ten thousand a year, of which the last year lies ahead."""
    chance = random.Random(1)
    made = [_moved(an_event(number, chance), number // A_YEAR) for number in range(count)]
    rendered = [render(event, None, NOW) for event in made]
    return Load([_reading(at, event) for at, event in enumerate(made)], rendered, [first_listed(e, NOW) for e in made])


def _moved(event: Event, years: int) -> Event:
    def moved(moment: date | None) -> date | None:
        return moment and moment - timedelta(days=365 * years)

    when = event.when.model_copy(update={"start": moved(event.when.start), "end": moved(event.when.end)})
    deadlines = tuple(each.model_copy(update={"at": moved(each.at)}) for each in event.deadlines)
    return event.model_copy(update={"when": when, "deadlines": deadlines})


def _reading(number: int, event: Event) -> Reading:
    source, page = f"s{number // A_SOURCE}", f"https://events.example/{number // 50}"
    said = {"source": source, "source_id": str(number), "page_url": page, "fetched_at": NOW, "title": event.title}
    same = {name: getattr(event, name) for name in ("types", "mode", "places", "organizers", "when", "deadlines")}
    raw = RawListing(**said, url=str(event.url), starts=str(event.when.start), description=event.description)
    return raw, Listing(**said, **same, url=event.url, description=event.description)


def _saying_more(reading: Reading) -> Reading:
    more = {"description": reading[1].description + " There will be cake."}
    return reading[0].model_copy(update=more), reading[1].model_copy(update=more)


def _longer(event: Event) -> Event:
    return event.model_copy(update={"description": event.description + " There will be cake."})


def save_listings(store: Store, load: Load, days: int) -> None:
    """Write listings as a crawl does: a source and a transaction at a time."""
    with store.keep_open():
        for at in range(0, len(load.readings), A_SOURCE):
            with store.writing() as db:
                presence.save_listings(db, load.readings[at : at + A_SOURCE], NOW + timedelta(days=days))


def save_events(store: Store, load: Load) -> None:
    """Write events and their history as publishing does: all in one transaction."""
    with store.writing() as db:
        events.save_events(db, load.rendered)
        events.analyze_events(db, len(load.rendered))
        change_log.save_changes(db, load.changes)


def measure(store: Store, load: Load) -> dict[str, float]:
    """Return seconds for each step, and milliseconds for each question."""
    tenth = load.with_tenth_changed()
    # What was made up for the test is not the store's to look through.
    gc.collect()
    gc.freeze()
    return {
        "listings, first": _seconds(save_listings, store, load, 0),
        "listings, unchanged": _seconds(save_listings, store, load, 1),
        "listings, 10 % changed": _seconds(save_listings, store, tenth, 2),
        "events, first": _seconds(save_events, store, load),
        "events, 10 % changed": _seconds(save_events, store, tenth),
        **_ask(store),
    }


def _ask(store: Store) -> dict[str, float]:
    if store.server_address() is not None:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.exec_driver_sql("VACUUM (ANALYZE)")  # as the server does by itself within a minute or two

    def upcoming() -> None:
        with store.reading() as db:
            assert queries.find_events(db, Selection(), NOW, most=200)

    def search(words: str) -> Callable[[], None]:
        def ask() -> None:
            with store.reading() as db:
                queries.find_events(db, Selection(q=words), NOW, most=20)

        return ask

    searches = [each for words in WORDS for each in _times(search(words), 5)]
    return {
        "upcoming 200, ms p50": statistics.median(_times(upcoming, 20)),
        "search, ms p50": statistics.median(searches),
        "search, ms p95": statistics.quantiles(searches, n=20)[18],
    }


def _times(ask: Callable[[], None], often: int) -> Iterator[float]:
    ask()
    for _ in range(often):
        began = time.monotonic()
        ask()
        yield (time.monotonic() - began) * 1_000


@contextmanager
def on_engine(engine: str) -> Iterator[Store]:
    """Give an empty store on SQLite or PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder, a_database() as address:
        url = address if engine == "PostgreSQL" else f"sqlite:///{Path(folder) / 'tracker.db'}"
        store = open_store(url, create=True)
        yield store
        store.close()


ENGINES = ("SQLite", "PostgreSQL")
PART = 100_000
"""Listings and events that are added at a time to see how a store grows."""


def _another(load: Load, part: int) -> Load:
    """Return as many other listings and events, which say the same otherwise."""
    readings = [
        (raw.model_copy(update=(other := {"source": f"p{part}{raw.source}"})), listing.model_copy(update=other))
        for raw, listing in load.readings
    ]
    rendered = [_renamed(each, part) for each in load.rendered]
    return Load(readings, rendered, [first_listed(each.published.event, NOW) for each in rendered])


def _renamed(each: RenderedEvent, part: int) -> RenderedEvent:
    event = each.published.event
    event = event.model_copy(update={"id": f"p{part:02}{event.id}", "title": f"{event.title}p{part}"})
    return replace(each, published=each.published.model_copy(update={"event": event}))


def grow(parts: int) -> None:
    """Print how long each next part takes while a store grows, and what its questions take then."""
    first = a_load(PART)
    names = ("listings, first", "events, first", "upcoming 200, ms p50", "search, ms p50", "search, ms p95")
    print(f"{'engine':<12}{'listings':>11}" + "".join(f"{name:>23}" for name in names))
    with on_engine(ENGINES[0]) as one, on_engine(ENGINES[1]) as other:
        for part in range(parts):
            load = _another(first, part)
            for engine, store in zip(ENGINES, (one, other), strict=True):
                found = {
                    names[0]: _seconds(save_listings, store, load, 0),
                    names[1]: _seconds(save_events, store, load),
                    **_ask(store),
                }
                count = f"{(part + 1) * PART:>11,}"
                print(f"{engine:<12}{count}" + "".join(f"{found[name]:>23.1f}" for name in names), flush=True)


def _seconds(step: Callable[..., None], *given: object) -> float:
    gc.collect()
    began = time.monotonic()
    step(*given)
    return time.monotonic() - began


def results(counts: Sequence[int]) -> dict[str, dict[str, float]]:
    """Return what was measured for each engine and number of listings."""
    found = {}
    for count in counts:
        load = a_load(count)
        for engine in ENGINES:
            with on_engine(engine) as store:
                found[f"{engine}, {count:,}"] = measure(store, load)
    return found


def main(*counts: int) -> None:
    """Print seconds and milliseconds."""
    found = results(counts or (10_000, 100_000))
    for name, each in found.items():
        engine, _, count = name.partition(", ")
        if engine == ENGINES[0]:
            for step, ours in found[f"{ENGINES[1]}, {count}"].items():
                note(
                    f"store: {step}, {count}, PostgreSQL",
                    ours,
                    each[step],
                    "SQLite",
                    "ms" if "ms" in step else "s",
                    more_is_better=False,
                )
    print(f"{'':26}" + "".join(f"{name:>22}" for name in found))
    for step in next(iter(found.values())):
        print(f"{step:26}" + "".join(f"{each[step]:22.2f}" for each in found.values()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["grow"]:
        grow(int(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
