"""Like titles on the same day are one event: what most people write first.

rapidfuzz's ``token_set_ratio`` of at least 85 (of 100) between folded titles on the same local day; connected
components. Listings whose day is not certain stay alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.process import cdist

from benchmarks.matching.peers.components import components
from benchmarks.matching.peers.normalised import plain_title
from tracker.models.listing import Listing

NAME = "title ≥ 85, same day (rapidfuzz)"
LIKE = 85
"""The least similarity, of 100."""


def cluster(listings: Sequence[Listing]) -> list[int]:
    """Return the cluster of each listing."""
    return components(len(listings), _alike(listings))


def _alike(listings: Sequence[Listing]) -> Iterator[tuple[int, int]]:
    days = defaultdict(list)
    for number, listing in enumerate(listings):
        if listing.when.is_exact_to_the_day:
            days[listing.when.first_day].append(number)
    for numbers in days.values():
        titles = [plain_title(listings[number].title) for number in numbers]
        likeness = cdist(titles, titles, scorer=token_set_ratio, score_cutoff=LIKE, dtype=np.uint8)
        for left, right in zip(*np.nonzero(likeness), strict=True):
            if left < right:
                yield numbers[left], numbers[right]
