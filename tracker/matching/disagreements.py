"""Where the listings of one event contradict each other. Saying less, or less exactly, is no contradiction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.event import Disagreement
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.models.text import fold
from tracker.models.vocabulary import CostKind, Lifecycle
from tracker.models.when import When

_SAME_START = timedelta(minutes=1)


def find_disagreements(values: Mapping[str, Any], listings: Sequence[Listing]) -> tuple[Disagreement, ...]:
    """Return what ``listings`` say against the ``values`` that were chosen, by field, then in their order."""
    return tuple(
        Disagreement(
            field=name,
            value=listing.model_dump(mode="json", include={name})[name],
            source=listing.source,
            source_id=listing.source_id,
        )
        for name, contradicts in _CONTRADICTS.items()
        for listing in listings
        if contradicts(values[name], getattr(listing, name))
    )


def _titles(one: str, other: str) -> bool:
    return fold(one) != fold(other)


def _whens(one: When, other: When) -> bool:
    if one.start is None or other.start is None:
        return False
    if not (one.is_exact_to_the_day and other.is_exact_to_the_day):
        return one.over_at <= other.begins_at or other.over_at <= one.begins_at
    if isinstance(one.start, datetime) and isinstance(other.start, datetime):
        if abs(one.start - other.start) >= _SAME_START:
            return True
        ends = one.end, other.end
        return None not in ends and one.end != other.end
    return one.first_day != other.first_day or (
        one.end is not None and other.end is not None and one.last_day != other.last_day
    )


def _deadlines(one: tuple[Deadline, ...], other: tuple[Deadline, ...]) -> bool:
    def days(deadlines: tuple[Deadline, ...]) -> dict[tuple[str, str], set[datetime]]:
        found: dict[tuple[str, str], set[datetime]] = {}
        for each in deadlines:
            if each.closes_at is not None:
                found.setdefault((each.kind.value, each.label), set()).add(each.closes_at)
        return found

    left, right = days(one), days(other)
    return any(left[kind].isdisjoint(right[kind]) for kind in left.keys() & right.keys())


def _places(one: tuple[Place, ...], other: tuple[Place, ...]) -> bool:
    cities, others = ({fold(each.city) for each in places if each.city} for places in (one, other))
    if cities and others:
        return cities.isdisjoint(others)
    countries, others = ({each.country for each in places if each.country} for places in (one, other))
    return bool(countries and others) and countries.isdisjoint(others)


def _costs(one: Cost, other: Cost) -> bool:
    if CostKind.UNKNOWN in {one.kind, other.kind}:
        return False
    prices = (one.minimum, one.maximum), (other.minimum, other.maximum)
    return one.kind is not other.kind or (
        one.currency == other.currency and None not in prices[0] + prices[1] and prices[0] != prices[1]
    )


def _words(one: str, other: str) -> bool:
    return one != other and "unknown" not in {one, other}


def _lifecycles(one: Lifecycle, other: Lifecycle) -> bool:
    # "Scheduled" is what a source says by saying nothing.
    return other is not one and other is not Lifecycle.SCHEDULED


_CONTRADICTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "title": _titles,
    "when": _whens,
    "deadlines": _deadlines,
    "places": _places,
    "mode": _words,
    "cost": _costs,
    "stipend": _words,
    "level": _words,
    "time_commitment": _words,
    "lifecycle": _lifecycles,
}
