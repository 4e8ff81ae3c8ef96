"""Labelled pairs for the systems that learn: what a person would label who looks through likely candidates.

The labels are true, and drawn from the very listings that the systems are then measured on, which is generous to them.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Sequence

from benchmarks.matching.peers.candidates import candidates
from benchmarks.matching.peers.normalised import frame
from benchmarks.matching.peers.outcome import Label, Labels
from tracker.models.listing import Listing


def needed(labelled: Labels | None, name: str) -> Labels:
    """Return the labels that ``name`` learns from.

    Raises:
        ValueError: there are none.
    """
    if not labelled:
        raise ValueError(f"{name} learns from labelled pairs; draw some with benchmarks.matching.peers.labels")
    return labelled


def draw(
    listings: Sequence[Listing], events: Sequence[Hashable], *, matches: int, distinct: int, seed: int = 1
) -> list[Label]:
    """Draw up to ``matches`` pairs of one event and up to ``distinct`` pairs of two, in random order.

    Args:
        listings: The listings.
        events: The true event of each.
        matches: How many pairs of one event at most.
        distinct: How many pairs of two events at most.
        seed: Of the random numbers.
    """
    same: list[tuple[int, int]] = []
    other: list[tuple[int, int]] = []
    for left, right in zip(*(side.tolist() for side in candidates(frame(listings))), strict=True):
        (same if events[left] == events[right] else other).append((left, right))
    chance = random.Random(seed)
    drawn = [(*pair, True) for pair in chance.sample(same, min(matches, len(same)))]
    drawn += [(*pair, False) for pair in chance.sample(other, min(distinct, len(other)))]
    chance.shuffle(drawn)
    return drawn
