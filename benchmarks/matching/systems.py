"""One system on one set of listings: what it answers, how well, how fast, in how much memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.matching.apart import peak_megabytes
from benchmarks.matching.generator import generate
from benchmarks.matching.lists import read_lists
from benchmarks.matching.measures import Blocking, Codes, Measures, measure, measure_blocking
from benchmarks.matching.peers.outcome import Label, Labels, Outcome
from tracker.matching.matcher import group_listings
from tracker.models.listing import Listing

OURS, SPLINK, SPLINK_EM = "ours", "splink_library", "splink_em"
PEERS = (SPLINK, SPLINK_EM, "dedupe_library", "recordlinkage_lr", "title_and_day", "confs_tech", "url_key")
LEARNERS = {SPLINK, "dedupe_library", "recordlinkage_lr"}
"""The systems that learn from labelled pairs. ``splink_em`` is the same Splink, which learns without."""
MATCHES = DISTINCT = 1_000
"""How many pairs of one event and of two they are given."""
LABELLED_AMONG = 100_000
"""Among how many listings pairs are labelled; to look through the candidates of a million takes more than 20 GB."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Listings and their truth."""

    listings: list[Listing]
    events: list[str]
    measure: Callable[[Sequence[int]], Measures]
    """Measures a clustering of them."""
    ambiguous: Set[tuple[int, int]] = frozenset()
    """Pairs of positions that nobody may be taught, the lower one first."""


class Data(Protocol):
    """Which listings; small enough to be sent to another process."""

    @property
    def about(self) -> str:
        """What the table is headed by."""

    def load(self) -> Labelled:
        """Make or read them."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What ``generate`` is asked for."""

    records: int
    mix: str
    seed: int

    @property
    def about(self) -> str:
        """``hard mix, 10,000``"""
        return f"{self.mix} mix, {self.records:,}"

    def load(self) -> Labelled:
        """Make them."""
        labelled = generate(self.records, mix=self.mix, seed=self.seed)
        events, series = [each.event for each in labelled], [each.series for each in labelled]
        return Labelled([each.listing for each in labelled], events, partial(measure, events, series=series))


@dataclass(frozen=True, slots=True)
class RealLists:
    """The folder that ``read_lists`` reads."""

    folder: Path

    @property
    def about(self) -> str:
        """``real lists``"""
        return "real lists"

    def load(self) -> Labelled:
        """Read them."""
        lists = read_lists(self.folder)
        return Labelled(lists.listings, lists.events, lists.measure, lists.ambiguous)


@dataclass(frozen=True, slots=True)
class Row:
    """A system at the setting with the best F1."""

    measures: Measures
    setting: str
    seconds: float
    megabytes: float
    """The most memory its process held; the listings are in it."""
    made_in: float
    """The most memory its process held when the listings were made, in megabytes."""
    blocking: Blocking | str = ""
    """Our candidate pairs, or why they were not measured."""


def run(name: str, data: Data, labels: Labels | None) -> Row:
    """Run one system and measure it. To be called in a process that has done nothing else."""
    labelled = data.load()
    listings = labelled.listings
    made_in = peak_megabytes()
    best: tuple[Measures, Outcome] | None = None
    for outcome in _outcomes(name, listings, labels):
        measures = labelled.measure(outcome.clusters)
        if best is None or measures.pairs.f1 > best[0].pairs.f1:
            best = measures, outcome
    if best is None:
        raise ValueError(f"{name} answered nothing")
    peak = peak_megabytes()
    blocking = _our_blocking(listings, labelled.events) if name == OURS else ""
    return Row(best[0], best[1].setting, best[1].seconds, peak, made_in, blocking)


def draw_labels(data: Data) -> list[Label]:
    """Label pairs for those that learn, as somebody would who looks through candidates."""
    from benchmarks.matching.peers.labels import draw

    labelled = data.load()
    some, events = labelled.listings[:LABELLED_AMONG], labelled.events[:LABELLED_AMONG]
    drawn = draw(some, events, matches=MATCHES, distinct=DISTINCT)
    return [each for each in drawn if (min(each[:2]), max(each[:2])) not in labelled.ambiguous]


def ours(listings: Sequence[Listing]) -> list[int]:
    """Return the cluster of each listing by this project."""
    number_of = {key: number for number, group in enumerate(group_listings(listings).groups) for key in group.keys}
    return [number_of[listing.key] for listing in listings]


def our_candidates(listings: Sequence[Listing]) -> tuple[Codes, Codes]:
    """Return the pairs of positions that this project compares."""
    from tracker.matching.blocking import candidate_pairs
    from tracker.matching.profiles import read_profile
    from tracker.matching.table import Table

    table = Table(map(read_profile, listings))
    position = {listing.key: at for at, listing in enumerate(listings)}
    at = np.array([position[key] for key in table.keys], dtype=np.int64)
    pairs = candidate_pairs(table)
    return at[pairs.i], at[pairs.j]


def _outcomes(name: str, listings: Sequence[Listing], labels: Labels | None) -> Iterator[Outcome]:
    """Yield what a system answers, at each of its settings."""
    if name == OURS:
        started = time.perf_counter()
        clusters = ours(listings)
        yield Outcome("one fixed threshold", clusters, time.perf_counter() - started)
        return
    peer: Any = import_module(f"benchmarks.matching.peers.{SPLINK if name == SPLINK_EM else name}")
    if name == SPLINK_EM:
        yield from peer.sweep(listings, labelled=None)
        return
    if name in LEARNERS:
        yield from peer.sweep(listings, labelled=labels)
        return
    started = time.perf_counter()
    clusters = peer.cluster(listings)
    yield Outcome("one fixed rule", clusters, time.perf_counter() - started)


def _our_blocking(listings: Sequence[Listing], events: Sequence[str]) -> Blocking | str:
    try:
        return measure_blocking(events, *our_candidates(listings))
    except (ImportError, AttributeError, TypeError) as error:  # the matcher's inside is not its interface
        return f"{type(error).__name__}: {error}"
