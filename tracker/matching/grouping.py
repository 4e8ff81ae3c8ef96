"""Which listings are the same event: the same page, at compatible times, from different sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.matching.links import canonical_link
from tracker.models.listing import Listing, ListingKey
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
    groups = [group for page, on_page in by_page.items() for group in _group_page(page, on_page)]
    return sorted(groups, key=lambda group: group.listings[0].key)


def _group_page(page: str, on_page: list[Listing]) -> Iterator[Group]:
    if len({listing.source for listing in on_page}) == 1:
        yield from (Group(((listing, "first listing"),)) for listing in on_page)
        return
    times = _Times(on_page)
    clusters: dict[ListingKey, list[tuple[Listing, str]]] = {}
    for listing in on_page:
        near = {id(cluster): cluster for other in times.near(listing) if (cluster := clusters.get(other.key))}
        fits = [cluster for cluster in near.values() if _may_join(listing, cluster, times)]
        if len(fits) == 1:
            fits[0].append((listing, f"same page {page} at a compatible time"))
            clusters[listing.key] = fits[0]
        else:
            clusters[listing.key] = [(listing, "first listing")]
    yield from {id(cluster): Group(tuple(cluster)) for cluster in clusters.values()}.values()


class _Times:
    """The listings of one page by day: a page may carry thousands of dates of a series."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._by_day: dict[int, list[Listing]] = defaultdict(list)
        self._loose: list[Listing] = []
        for listing in listings:
            day = listing.when.first_day
            certain = day is not None and listing.when.is_exact_to_the_day
            (self._by_day[day.toordinal()] if day and certain else self._loose).append(listing)

    def near(self, listing: Listing) -> Iterator[Listing]:
        """Yield the listings whose time may be compatible with that of ``listing``, itself included."""
        day = listing.when.first_day
        if day is None or not listing.when.is_exact_to_the_day:
            yield from (each for each_day in self._by_day.values() for each in each_day)
        else:
            for ordinal in range(day.toordinal() - 1, day.toordinal() + 2):
                yield from self._by_day.get(ordinal, ())
        yield from self._loose


def _may_join(listing: Listing, cluster: list[tuple[Listing, str]], times: _Times) -> bool:
    return all(
        member.source != listing.source
        and (member.url_is_stated or listing.url_is_stated)
        and are_compatible(member.when, listing.when)
        and not _has_rival(member, listing, times)
        and not _has_rival(listing, member, times)
        for member, _ in cluster
    )


def _has_rival(one: Listing, other: Listing, times: _Times) -> bool:
    """Say whether another entry of the same source could be meant as well: then there is no telling which."""
    return any(
        each.source == one.source and each is not one and are_compatible(each.when, other.when)
        for each in times.near(other)
    )


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
