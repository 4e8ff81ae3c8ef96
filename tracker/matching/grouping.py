"""What matching answers: groups of listings, each with its reason, and the pairs that a person should look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.models.listing import ListingKey


@dataclass(frozen=True, slots=True)
class Group:
    """Listings of one event, each with the reason why it belongs to it."""

    members: tuple[tuple[ListingKey, str], ...]

    @property
    def keys(self) -> tuple[ListingKey, ...]:
        """The listings without the reasons."""
        return tuple(key for key, _ in self.members)


@dataclass(slots=True)
class Grouping:
    """All groups, and the pairs that a person should look at."""

    groups: list[Group]
    uncertain: list[tuple[ListingKey, ListingKey, float]] = field(default_factory=list)
    """Pairs that came near, with their points, the nearest first."""


FIRST = "first listing"
"""The reason of a group's first listing."""


def reason(other: ListingKey, points: float, terms: Mapping[str, float]) -> str:
    """Return why a listing stands with ``other``."""
    said = ", ".join(f"{name} {value:+.0f}" for name, value in terms.items() if round(value))
    return f"with {other}: {points:.0f} points ({said})"
