"""Resolves rulings to the listings in the store: which are the same or different events, which fields are set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tracker.matching.links import typed_link
from tracker.matching.table import Table
from tracker.matching.words import code
from tracker.models.event import Event, Provenance
from tracker.models.listing import Listing, ListingKey
from tracker.models.ruling import Ruling, RulingKind

Pair = tuple[ListingKey, ListingKey]


@dataclass(frozen=True, slots=True)
class DecidedPairs:
    """Pairs of listings that a person has decided on; they take precedence over scores and vetoes."""

    same: Mapping[Pair, int] = field(default_factory=dict)
    """Pairs that are one event, with the number of the ruling; the smaller key first."""
    different: Mapping[Pair, int] = field(default_factory=dict)
    """Pairs that are two events, likewise."""


@dataclass(slots=True)
class ResolvedRulings:
    """Rulings resolved to the listings in the store."""

    together: DecidedPairs = field(default_factory=DecidedPairs)
    """Decided pairs, as input of matching."""
    hidden: dict[ListingKey, int] = field(default_factory=dict)
    """Listings whose event is hidden, with the number of the ruling."""
    fields: dict[ListingKey, dict[int, Ruling]] = field(default_factory=lambda: defaultdict(dict))
    """Rulings that set a field of the event that a listing belongs to, by number."""
    waiting: dict[int, str] = field(default_factory=dict)
    """Rulings about listings that are not in the store, with the name that was not found."""
    refused: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Rulings without effect, with the numbers of the earlier ones they contradict; none if one contradicts itself."""

    def hider_of(self, listings: Iterable[ListingKey]) -> int | None:
        """Return the number of the ruling that hides the event of these listings, or None."""
        return min((self.hidden[key] for key in listings if key in self.hidden), default=None)

    def setters_of(self, listings: Iterable[ListingKey]) -> list[int]:
        """Return the numbers of the rulings that set fields of the event of these listings."""
        return sorted(number for key in listings if key in self.fields for number in self.fields[key])


class ListingResolver:
    """Resolves names, as rulings state them, to listings."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._entries: dict[str, list[ListingKey]] = defaultdict(list)
        self._keys: dict[str, ListingKey] = {}
        for listing in listings:
            self._keys[str(listing.key)] = listing.key
            if listing.url and listing.url_is_stated and (entry := entry_named_by(listing.url)):
                self._entries[entry].append(listing.key)

    def find(self, names: Iterable[str]) -> list[ListingKey]:
        """Return the listings of the first of ``names`` that matches any."""
        for name in names:
            if name in self._keys:
                return [self._keys[name]]
            if (entry := entry_named_by(name)) and entry in self._entries:
                return self._entries[entry]
        return []


def entry_named_by(url: str) -> str:
    """Return the platform and id that a URL names, or an empty string if it may be the page of several events."""
    typed = typed_link(url) if "://" in url else None
    return str(typed) if typed and typed.names_one_event else ""


def resolve_rulings(rulings: Mapping[int, Ruling], listings: Iterable[Listing]) -> ResolvedRulings:
    """Resolve ``rulings`` (by number; earlier ones take precedence) to ``listings``."""
    names = ListingResolver(listings)
    bound = ResolvedRulings()
    bond = _PairConstraints()
    setters: dict[tuple[ListingKey, str], int] = {}
    for number, ruling in sorted(rulings.items()):
        one, other = names.find(ruling.a), names.find(ruling.b)
        if not one or (ruling.b and not other):
            bound.waiting[number] = (ruling.a if not one else ruling.b)[0]
            continue
        if ruling.kind is RulingKind.DIFFERENT and not {*one}.isdisjoint(other):
            bound.refused[number] = ()
        elif ruling.kind.is_about_two:
            pairs = [(left, right) for left in one for right in other]
            if ruling.kind is RulingKind.DIFFERENT:
                against = bond.add_different(number, pairs)
            else:
                against = bond.add_same(number, [*pairs, *_all_one(one), *_all_one(other)])
            if against:
                bound.refused[number] = tuple(sorted(against))
        elif ruling.kind is RulingKind.HIDE:
            bound.hidden |= dict.fromkeys(one[:1], number)
        else:
            place = one[0], ruling.field
            if place in setters:
                bound.refused[number] = (setters[place],)
                continue
            setters[place] = number
            bound.fields[one[0]][number] = ruling
    bound.together = DecidedPairs(bond.same, bond.different)
    return bound


def keys_named(rulings: Mapping[int, Ruling], table: Table) -> list[ListingKey]:
    """Return the listings that any ruling may name: ``bind`` needs no others."""
    names = {name for ruling in rulings.values() for name in (*ruling.a, *ruling.b)}
    pages = [code(entry) for name in names if (entry := entry_named_by(name))]
    has_page = np.isin(table.page, pages)
    return [key for row, key in enumerate(table.keys) if has_page[row] or str(key) in names]


def apply_to(event: Event, rulings: Mapping[int, Ruling]) -> Event:
    """Return ``event`` with the fields set by ``rulings`` (by number); its provenance names the rulings."""
    if not rulings:
        return event
    values: dict[str, Any] = event.model_dump(mode="json")
    # After a merge, the titles of both events may have been set: the earlier ruling wins.
    for number, ruling in sorted(rulings.items(), reverse=True):
        said = Provenance(source=f"ruling {number}", page_url="", fetched_at=ruling.at)
        values[ruling.field] = ruling.value
        values["provenance"][ruling.field] = said.model_dump(mode="json")
    return Event.model_validate(values)


def _all_one(keys: list[ListingKey]) -> list[Pair]:
    return [(keys[0], key) for key in keys[1:]]


class _PairConstraints:
    """Collects the same and different pairs of rulings, and finds the rulings that a further one contradicts."""

    def __init__(self) -> None:
        self.same: dict[Pair, int] = {}
        self.different: dict[Pair, int] = {}
        self._leader: dict[ListingKey, ListingKey] = {}

    def add_different(self, number: int, pairs: list[Pair]) -> set[int]:
        """Add different pairs, or return the rulings that make one of the pairs the same event."""
        torn = {self._find(one) for one, other in pairs if self._find(one) == self._find(other)}
        if torn:
            return {ruling for (one, _), ruling in self.same.items() if self._find(one) in torn}
        self.different |= {_sorted(pair): number for pair in pairs if _sorted(pair) not in self.different}
        return set()

    def add_same(self, number: int, pairs: list[Pair]) -> set[int]:
        """Add same pairs, or return the rulings that separate listings which would then be the same event."""
        before = dict(self._leader)
        for one, other in pairs:
            self._leader[self._find(one)] = self._find(other)
        against = {ruling for (one, other), ruling in self.different.items() if self._find(one) == self._find(other)}
        if against:
            self._leader = before
            return against
        for one, other in pairs:
            if one != other:
                self.same.setdefault(_sorted((one, other)), number)
        return set()

    def _find(self, key: ListingKey) -> ListingKey:
        while (leader := self._leader.get(key, key)) != key:
            key = leader
        return key


def _sorted(pair: Pair) -> Pair:
    one, other = sorted(pair)
    return one, other
