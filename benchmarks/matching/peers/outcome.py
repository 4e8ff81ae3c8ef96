"""What a system answers at one of its settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Label = tuple[int, int, bool]
"""Two positions of listings, and whether they are one event."""
Labels = Sequence[Label]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One clustering of all listings."""

    setting: str
    """The threshold and way of clustering: ``p ≥ 0.9, components``."""
    clusters: list[int]
    """The cluster of each listing."""
    seconds: float
    """Wall time from the listings to these clusters, training included, other settings left out."""
