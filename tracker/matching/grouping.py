"""The result of matching: groups of listings that are one event, and how the events belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tracker.models.listing import ListingKey


@dataclass(frozen=True, slots=True)
class Group:
    """Listings of one event, each with the reason why it belongs to it."""

    keys: tuple[ListingKey, ...]
    reasons: tuple[str, ...]
    """Why each of them belongs to the group."""

    @property
    def members(self) -> Iterator[tuple[ListingKey, str]]:
        """The keys with the reasons."""
        return zip(self.keys, self.reasons, strict=True)


@dataclass(slots=True)
class Grouping:
    """All groups, their series, and the pairs that a person should review."""

    groups: list[Group]
    uncertain: list[tuple[ListingKey, ListingKey, float]] = field(default_factory=list)
    """Pairs with nearly enough points or an equally likely rival, with their points, highest first."""
    series: list[int | None] = field(default_factory=list)
    """Number of the series of each group, or None; see ``link_series``."""
    part_of: dict[int, int] = field(default_factory=dict)
    """For each group that is a part of a larger event, the number of that: a devroom of FOSDEM."""


FIRST = "first listing"
"""The reason given for the first listing of a group."""


def reason(other: ListingKey, points: float, terms: Mapping[str, float]) -> str:
    """Return the reason why a listing is in the group of ``other``, as text."""
    said = ", ".join(f"{name} {value:+.0f}" for name, value in terms.items() if round(value))
    return f"with {other}: {points:.0f} points ({said})"
