"""Result of matching: groups of listings, each with a reason, and the pairs that a person should review."""

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
        """Keys of the listings, without the reasons."""
        return tuple(key for key, _ in self.members)


@dataclass(slots=True)
class Grouping:
    """All groups, and the pairs that a person should review."""

    groups: list[Group]
    uncertain: list[tuple[ListingKey, ListingKey, float]] = field(default_factory=list)
    """Pairs with nearly enough points or an equally likely rival, with their points, highest first."""


FIRST = "first listing"
"""The reason given for the first listing of a group."""


def reason(other: ListingKey, points: float, terms: Mapping[str, float]) -> str:
    """Return the reason why a listing is in the group of ``other``, as text."""
    said = ", ".join(f"{name} {value:+.0f}" for name, value in terms.items() if round(value))
    return f"with {other}: {points:.0f} points ({said})"
