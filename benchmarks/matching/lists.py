"""Real lists: what public lists say about the same events, independently of each other, with the truth beside it.

Reads a folder that whoever measures has; the data is not ours and not kept here.

* ``lists.jsonl``: one listing per line, as ``tracker match`` reads it, each with an ``id``.
* ``lists.truth.json``: ``event`` (id of a listing → event), ``event_with_date_conflicts`` (the same, where listings of
  one event that contradict each other about its days are together too) and ``ambiguous`` (pairs of ids that two
  careful people may decide differently).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.matching.measures import Measures, measure_across
from tracker.matching.exchange import read_lines
from tracker.models.listing import Listing

LISTINGS, TRUTH = "lists.jsonl", "lists.truth.json"


@dataclass(frozen=True, slots=True)
class Lists:
    """The listings and the truth, in one order."""

    listings: list[Listing]
    events: list[str]
    """Listings with the same event are to be found together."""
    allowed: list[str]
    """Listings with the same value may be together."""
    ambiguous: frozenset[tuple[int, int]]
    """Pairs of positions that do not count, the lower one first."""

    def measure(self, clusters: Sequence[int]) -> Measures:
        """Measure a clustering over the pairs from two sources that are not ambiguous."""
        sources = [listing.source for listing in self.listings]
        return measure_across(self.events, self.allowed, clusters, sources, sorted(self.ambiguous))


def read_lists(folder: Path) -> Lists:
    """Read the lists and the truth.

    Raises:
        FileNotFoundError: one of both files is not in ``folder``.
        ValueError: a listing cannot be read, or has no truth.
    """
    with (folder / LISTINGS).open("rb") as lines:
        read = read_lines(lines)
    if read.rejected:
        raise ValueError(
            f"{folder / LISTINGS}, {read.rejected[0]}; {len(read.rejected)} such lines, mend or remove them"
        )
    truth = json.loads((folder / TRUTH).read_text("utf-8"))
    ids = [read.ids[key] for key in read.listings]
    if missing := [name for name in ids if name not in truth["event"]]:
        raise ValueError(f"{folder / TRUTH} has no event for {missing[0]} and {len(missing) - 1} others; add them")
    position = {name: number for number, name in enumerate(ids)}
    ambiguous = ([position[name] for name in pair] for pair in truth["ambiguous"])
    return Lists(
        list(read.listings.values()),
        [truth["event"][name] for name in ids],
        [truth["event_with_date_conflicts"][name] for name in ids],
        frozenset((min(pair), max(pair)) for pair in ambiguous),
    )
