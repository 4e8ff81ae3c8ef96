"""Back-test of expected rounds: how often the date of a round lay in the interval that its earlier rounds gave.

    git clone https://github.com/ccfddl/ccf-deadlines
    python -m benchmarks.next_rounds ccf-deadlines/conference [FOLDER or FILE.yml …]

Each YAML list is read as a crawl reads it. For every edition of a conference with three yearly editions before it, the
interval is computed from those alone. The peers are an interval of the same width around the last date, and one from
the earliest to the latest anniversary. Spread and weights were chosen on the conferences whose hash is even ("seen").
An edition that comes a year late, or that the list leaves out, is not counted; how many there are is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from benchmarks.scores import note
from spiders.platforms import conference_deadlines
from tracker.forecasting.intervals import anniversary
from tracker.forecasting.rounds import Milestone, expect_year, milestone_days, yearly_rounds
from tracker.models.event import Attribution, Event
from tracker.models.listing import Listing
from tracker.models.source import Source
from tracker.models.vocabulary import Tier
from tracker.reading.listings import read_listing
from tracker.sources.platform import Page

_READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
_ADDRESS = "https://conferences.example/list.yml"
_SOURCE = Source(
    id="list",
    tier=Tier.DIRECTORIES,
    name="List",
    homepage="https://conferences.example/",
    platform="conference_deadlines",
)


@dataclass
class Tally:
    """How often intervals held."""

    held: int = 0
    cases: int = 0
    widths: list[int] = field(default_factory=list)

    def add(self, first: date, last: date, day: date) -> None:
        """Count one interval."""
        self.held += first <= day <= last
        self.cases += 1
        self.widths.append((last - first).days + 1)

    @property
    def coverage(self) -> float:
        """Share of the intervals that held, in percent."""
        return 100 * self.held / self.cases if self.cases else 0.0

    def __str__(self) -> str:
        if not self.cases:
            return "no case"
        return f"{self.coverage:5.1f} % of {self.cases:4} hold, median width {median(self.widths):3.0f} days"


def main() -> None:
    """Print the back-test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", nargs="*", type=Path, help="YAML files, or folders of them.")
    paths = parser.parse_args().lists
    if not paths and (corpus := os.environ.get("TRACKER_CORPUS")):
        paths = [Path(corpus) / "deadlines"]
    if not paths:
        print("Left out: name a folder with YAML lists, or set TRACKER_CORPUS.")
        return
    series = read_series(paths)
    print(f"{len(series)} conferences, {sum(map(len, series.values()))} editions")
    tallies: dict[tuple[str, Milestone, str], Tally] = defaultdict(Tally)
    yearly: set[str] = set()
    left_out = 0
    for name, events in sorted(series.items()):
        half = "seen" if int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 0 else "unseen"
        ordered = sorted(events, key=lambda each: each.when.starts_at)
        for number, actual in enumerate(ordered):
            rounds = yearly_rounds(ordered[:number])
            if rounds is None:
                continue
            yearly.add(name)
            year = max(rounds) + 1
            if not is_next(rounds[year - 1], actual):
                left_out += 1
                continue
            expected = expect_year(rounds, year)
            happened = {
                milestone: days.get(year) for milestone, days in milestone_days(rounds | {year: actual}).items()
            }
            for each in expected.expectations if expected else ():
                if (day := happened[each.milestone]) is None:
                    continue
                past = milestone_days(rounds)[each.milestone]
                shifted = [anniversary(then, year - of) for of, then in past.items()]
                radius = (each.last - each.first) / 2
                last = anniversary(past[year - 1], 1)
                for group in (half, "all"):
                    tallies[group, each.milestone, "ours"].add(each.first, each.last, day)
                    tallies[group, each.milestone, "last date"].add(last - radius, last + radius, day)
                    tallies[group, each.milestone, "range so far"].add(min(shifted), max(shifted), day)
                tallies[f"{len(past)} before", each.milestone, "ours"].add(each.first, each.last, day)
    print(
        f"{len(yearly)} of them have three yearly editions; {left_out} editions came a year late or early, or are "
        "missing from the list. Aim: 80 %, between 75 and 90"
    )
    for (group, milestone, system), tally in sorted(tallies.items(), key=str):
        print(f"{milestone.value:7} {group:9} {system:13} {tally}")
    for milestone in (Milestone.STARTS, Milestone.CLOSES):
        ours, peer = (tallies["all", milestone, name].coverage for name in ("ours", "range so far"))
        note(f"next rounds: {milestone.value} within", ours, peer, "earliest to latest so far", "%")


def is_next(before: Event, actual: Event) -> bool:
    """Return whether an edition is that of the year after another one."""
    return 250 <= (actual.when.starts_at - before.when.starts_at).days <= 480


def read_series(paths: list[Path]) -> dict[str, list[Event]]:
    """Return the editions of each conference, one for each start; the fullest where lists repeat one."""
    found: dict[str, dict[int, Event]] = defaultdict(dict)
    for path in paths:
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            for listing in read_file(file):
                name = re.sub(r"\W*\b(?:19|20)\d\d\b\W*", " ", listing.title).strip().casefold()
                day = listing.when.first_day
                if day is None:
                    continue
                event = as_event(listing)
                before = found[name].get(day.year)
                if before is None or len(event.deadlines) > len(before.deadlines):
                    found[name][day.year] = event
    return {name: list(events.values()) for name, events in found.items()}


def read_file(file: Path) -> Iterator[Listing]:
    """Yield what a list says, read as a crawl reads it."""
    page = Page("list", _ADDRESS, file.read_bytes(), _READ_AT, content_type="text/yaml")
    options = conference_deadlines.Options(page_urls=(_ADDRESS,))
    for raw in conference_deadlines.read(page, options).listings:
        listing = read_listing(raw, _SOURCE)
        if isinstance(listing, Listing):
            yield listing


def as_event(listing: Listing) -> Event:
    """Return a listing as the event that it would be."""
    attribution = Attribution(
        source="list", source_id=listing.source_id, name="List", homepage="https://conferences.example/"
    )
    shared = {name: getattr(listing, name) for name in ("title", "when", "deadlines")}
    return Event(id=listing.source_id, sources=(attribution,), **shared)


if __name__ == "__main__":
    main()
