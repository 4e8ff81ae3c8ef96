"""Which listings are one event: ours beside its peers, from one run.

    python -m benchmarks.matching                          # both mixes, 10,000 listings each
    python -m benchmarks.matching --records 100000 --mix hard --only ours

Systems with a threshold are shown at the threshold that does best on the very listings measured, which is generous to
them; ours has one fixed threshold. Peers that are not installed (recordlinkage; splink and duckdb) are left out.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from benchmarks.matching.generator import Labelled, generate
from benchmarks.matching.measures import measure
from benchmarks.matching.peers.outcome import Outcome
from tracker.matching.grouping import group_listings
from tracker.models.listing import Listing

PEERS = ("url_key", "title_and_day", "confs_tech", "recordlinkage_lr", "splink_library")
LABELLED_MATCHES = LABELLED_DISTINCT = 1_000


def ours(listings: Sequence[Listing]) -> list[int]:
    """Match with this project."""
    number_of = {
        listing.key: number
        for number, group in enumerate(group_listings(listings).groups)
        for listing in group.listings
    }
    return [number_of[listing.key] for listing in listings]


def outcomes(name: str, labelled: Sequence[Labelled]) -> Iterator[Outcome]:
    """Yield what a system answers, at each of its settings."""
    listings = [each.listing for each in labelled]
    started = time.perf_counter()
    if name == "ours":
        yield Outcome("one fixed threshold", ours(listings), time.perf_counter() - started)
        return
    peer: Any = import_module(f"benchmarks.matching.peers.{name}")
    if hasattr(peer, "sweep"):
        from benchmarks.matching.peers.labels import draw

        labels = draw(listings, [each.event for each in labelled], matches=LABELLED_MATCHES, distinct=LABELLED_DISTINCT)
        yield from peer.sweep(listings, labelled=labels)
    else:
        clusters = peer.cluster(listings)
        yield Outcome("", clusters, time.perf_counter() - started)


def main() -> None:
    """Print one table per mix."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--mix", choices=("hard", "easy"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="one system: ours, " + ", ".join(PEERS))
    given = parser.parse_args()
    for mix in (given.mix,) if given.mix else ("hard", "easy"):
        labelled = generate(given.records, mix=mix, seed=given.seed)
        events, series = [each.event for each in labelled], [each.series for each in labelled]
        print(f"\n{mix} mix, {given.records} listings, seed {given.seed}")
        print(f"{'system':18} {'P':>6} {'R':>6} {'F1':>6} {'B³ F1':>6} {'series':>7} {'s':>7} {'per s':>7}  setting")
        for name in (given.only,) if given.only else (*PEERS, "ours"):
            try:
                done = [(measure(events, each.clusters, series), each) for each in outcomes(name, labelled)]
            except ImportError as error:
                print(f"{name:18} left out: {error}")
                continue
            best, outcome = max(done, key=lambda pair: pair[0].pairs.f1)
            print(
                f"{name:18} {best.pairs.precision:6.3f} {best.pairs.recall:6.3f} {best.pairs.f1:6.3f} "
                f"{best.b_cubed.f1:6.3f} {best.series_false_share:7.4f} {outcome.seconds:7.1f} "
                f"{given.records / outcome.seconds:7.0f}  {outcome.setting}"
            )
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
