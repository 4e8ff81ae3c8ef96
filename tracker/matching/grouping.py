"""Which listings are the same event: the same page, at compatible times, from different sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.matching.links import canonical_link
from tracker.models.listing import Listing
from tracker.models.when import When

_SAME_START = timedelta(minutes=120)


@dataclass(frozen=True, slots=True)
class Group:
    """Listings of one event, each with the reason why it belongs to it."""

    members: tuple[tuple[Listing, str], ...]

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The listings without the reasons."""
        return tuple(listing for listing, _ in self.members)


def group_listings(listings: Iterable[Listing]) -> list[Group]:
    """Return the groups, in the order of their first keys. Independent of the order of ``listings``.

    Two listings of one source are never the same event: a source does not list an event twice.
    """
    by_page: dict[str, list[Listing]] = defaultdict(list)
    for listing in sorted(listings, key=lambda each: each.key):
        by_page[canonical_link(listing.url) if listing.url else str(listing.key)].append(listing)
    groups: list[Group] = []
    for page, on_page in by_page.items():
        clusters: list[list[tuple[Listing, str]]] = []
        for listing in on_page:
            fits = [cluster for cluster in clusters if _may_join(listing, cluster, on_page)]
            if len(fits) == 1:
                fits[0].append((listing, f"same page {page} at a compatible time"))
            else:
                clusters.append([(listing, "first listing")])
        groups.extend(Group(tuple(cluster)) for cluster in clusters)
    return sorted(groups, key=lambda group: group.listings[0].key)


def _may_join(listing: Listing, cluster: list[tuple[Listing, str]], on_page: list[Listing]) -> bool:
    return all(
        member.source != listing.source
        and are_compatible(member.when, listing.when)
        and not _is_ambiguous(member, listing, on_page)
        for member, _ in cluster
    )


def _is_ambiguous(one: Listing, other: Listing, on_page: list[Listing]) -> bool:
    """Two entries of one source at that time on that page: no telling which of them is meant."""
    rivals = [
        each
        for each in on_page
        if (each.source == one.source and each is not one and are_compatible(each.when, other.when))
        or (each.source == other.source and each is not other and are_compatible(each.when, one.when))
    ]
    return bool(rivals)


def are_compatible(one: When, other: When) -> bool:
    """Say whether two spans can be the same occasion. What is not dated is compatible with nothing dated."""
    if one.start is None or other.start is None:
        return one.start is None and other.start is None
    if isinstance(one.start, datetime) and isinstance(other.start, datetime):
        return abs(one.start - other.start) <= _SAME_START
    if one.first_day is None or other.first_day is None:
        return False
    if one.is_exact_to_the_day and other.is_exact_to_the_day:
        return abs(one.first_day - other.first_day) <= timedelta(days=1)
    # A month or a season is compatible with any start within it.
    first, last = (one, other) if not one.is_exact_to_the_day else (other, one)
    return first.first_day <= last.first_day <= (first.last_day or first.first_day)  # type: ignore[operator]
