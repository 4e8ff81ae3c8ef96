"""A seeded generator of labelled listings: what many sources say about made-up events, and which events they are.

    python -m benchmarks.matching.generator --records 10000 --mix hard --seed 1 --out FILE.jsonl
    python -m benchmarks.matching.generator --records 10000 --mix easy --seed 1 --check

Written apart from the matcher, whose author has not seen its templates. README.md says what the sets hold.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.matching.crowd import Crowd
from benchmarks.matching.figures import report
from benchmarks.matching.gatherings import conference_with_sides, hackathon_weekends, yearly_conference
from benchmarks.matching.listings import described, listing_of
from benchmarks.matching.meetings import meetup_series, same_evening_talks, session_series, twin_meetups
from benchmarks.matching.programmes import course_cohorts, sibling_bootcamps, twin_programmes
from benchmarks.matching.singles import one_off, opportunity, opportunity_rounds
from benchmarks.matching.truth import Maker, Truth
from tracker.models.listing import Listing

RECORDS_PER_DAY = 12.5
FIRST_DAY = date(2026, 1, 1)
LAST_YEAR = 2185
"""The models hold no year after 2200; a span that would pass this year begins earlier."""

Family = Callable[[Maker], list[Truth]]
MIXES: dict[str, dict[Family, float]] = {
    # How often each family is drawn: the share of events it shall have, divided by how many it makes at once.
    "hard": {
        meetup_series: 27 / 9.2,
        twin_meetups: 6 / 9.5,
        session_series: 7 / 5,
        same_evening_talks: 4 / 2.7,
        course_cohorts: 10 / 4,
        twin_programmes: 5 / 3,
        sibling_bootcamps: 4 / 3.3,
        yearly_conference: 6 / 3.2,
        conference_with_sides: 5 / 3.3,
        hackathon_weekends: 8 / 4.8,
        opportunity_rounds: 2 / 2.3,
        one_off: 12,
        opportunity: 4,
    },
    "easy": {one_off: 92, opportunity: 7.4, meetup_series: 0.3 / 9.2, yearly_conference: 0.3 / 3.2},
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One listing and the truth about it."""

    listing: Listing
    event: str
    """Listings with the same event are the same event."""
    series: str
    """Events of one series are siblings that must stay apart; empty: none."""


def generate(records: int, *, mix: str, seed: int) -> list[Labelled]:
    """Return ``records`` labelled listings in random order, about 30 % of them duplicates.

    The same arguments give the same listings in every process. ``mix`` is ``hard`` (about 80 % of the events have
    siblings that look like them) or ``easy`` (hardly any have).

    Raises:
        KeyError: no such mix.
    """
    rng = Random(f"{seed} {mix} {records}")
    collects = gc.isenabled()
    gc.disable()  # nothing here refers back to itself, and looking for that would take a quarter of the time
    try:
        labelled = list(islice(_stream(rng, records, MIXES[mix]), records))
    finally:
        if collects:
            gc.enable()
    rng.shuffle(labelled)
    return labelled


def _stream(rng: Random, records: int, weights: dict[Family, float]) -> Iterator[Labelled]:
    days = max(1, int(records / RECORDS_PER_DAY))
    first = min(FIRST_DAY, date(LAST_YEAR, 1, 1) - timedelta(days=days))
    make = Maker(rng, first, days)
    crowd = Crowd(rng)
    families, shares = list(weights), list(weights.values())
    number = 0
    while True:
        events = rng.choices(families, shares)[0](make)
        _describe(events, rng)
        series_sizes: dict[str, int] = {}
        for truth in events:
            series_sizes[truth.series] = series_sizes.get(truth.series, 0) + 1
        for truth in events:
            number += 1
            label = f"e{number:07d}"
            series = truth.series if series_sizes[truth.series] > 1 else ""
            for index, (source, source_id) in enumerate(crowd.who_lists(truth, number)):
                yield Labelled(listing_of(truth, source, source_id, rng, is_first=index == 0), label, series)


def _describe(events: list[Truth], rng: Random) -> None:
    """Give every event a description; most siblings of one title share it."""
    shared: dict[str, str] = {}
    for truth in events:
        text = shared.get(truth.series, "") if truth.alike else ""
        truth.description = text or described(truth, rng)
        if truth.alike and rng.random() < 0.7:
            shared.setdefault(truth.series, truth.description)


def write(labelled: list[Labelled], path: Path) -> None:
    """Write one JSON object per line: ``listing``, ``event``, ``series``."""
    with path.open("w", encoding="utf-8") as file:
        for row in labelled:
            listing = row.listing.model_dump(mode="json", exclude_defaults=True)
            line = {"listing": listing, "event": row.event, "series": row.series}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def check(labelled: list[Labelled], sample: int = 2_000) -> None:
    """Assert that listings survive validation unchanged, and that a source lists an event once, under its own id."""
    for row in labelled[:sample]:
        again = Listing.model_validate(row.listing.model_dump(mode="json", exclude_defaults=True))
        assert again == row.listing, (again, row.listing)
    assert len({row.listing.key for row in labelled}) == len(labelled), "a source gave one id twice"
    pairs = {(row.listing.source, row.event) for row in labelled}
    assert len(pairs) == len(labelled), "a source lists one event twice"


def main() -> None:
    """Write a set, check it, or print what it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--mix", choices=list(MIXES), default="hard")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="file to write; without it only figures are printed")
    parser.add_argument("--check", action="store_true", help="validate a sample of the listings")
    given = parser.parse_args()
    started = time.perf_counter()
    labelled = generate(given.records, mix=given.mix, seed=given.seed)
    print(f"made in {time.perf_counter() - started:.1f} s")
    if given.check:
        check(labelled)
        print("checked")
    if given.out is not None:
        write(labelled, given.out)
    print(report([(row.event, row.series) for row in labelled], [row.listing for row in labelled]))


if __name__ == "__main__":
    main()
