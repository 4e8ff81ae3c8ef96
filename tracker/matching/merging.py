"""Merges the listings of an event field by field, by trust, then precision, then freshness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.models.details import FIELDS, Details
from tracker.models.event import Attribution, Disagreement, Event, Provenance
from tracker.models.listing import Listing
from tracker.models.moments import When
from tracker.models.source import Source
from tracker.models.vocabulary import DatePrecision, Lifecycle

_DEFAULTS = {name: field.get_default(call_default_factory=True) for name, field in Details.model_fields.items()}
_EXACTNESS = {precision: rank for rank, precision in enumerate(DatePrecision)}


def merge_listings(event_id: str, listings: Sequence[Listing], sources: Mapping[str, Source]) -> Event:
    """Return the event that the listings of one group describe, with the provenance of each field.

    The source of the most trusted tier wins, within a tier the one that changed last. A less trusted source never
    overrides a more trusted one; it only supplies a more precise value that agrees: a clock time on the same day, a
    city in the same country. Values that contradict the published ones are kept as disagreements. Withdrawn listings
    count only if all listings are withdrawn; then the event is withdrawn.
    """
    standing = [each for each in listings if each.lifecycle is not Lifecycle.WITHDRAWN] or listings
    listings = sorted(standing, key=lambda each: (_rank(each, sources), -each.fetched_at.timestamp(), each.key))
    values: dict[str, Any] = {}
    provenance: dict[str, Provenance] = {}
    for name, default in _DEFAULTS.items():
        for listing in _MORE_EXACT.get(name, list)(listings):
            value = getattr(listing, name)
            if value != default or name == "when":
                values[name] = value
                provenance[name] = Provenance(
                    source=listing.source, page_url=listing.page_url, fetched_at=listing.fetched_at
                )
                break
        else:
            values[name] = default
    # "Scheduled" is also the value of a source that states no status, so the most trusted source decides alone.
    values["lifecycle"] = listings[0].lifecycle
    return Event(
        id=event_id,
        **values,
        sources=tuple(_attribution(listing, sources) for listing in listings),
        provenance=provenance,
        doubts=tuple(dict.fromkeys([*listings[0].doubts, *_in_words(listings, values["when"], sources)])),
        disagreements=find_disagreements(values, listings),
    )


def find_disagreements(values: Mapping[str, Any], listings: Sequence[Listing]) -> tuple[Disagreement, ...]:
    """Return the values of ``listings`` that contradict the chosen ``values``, by field, then in order of listings.

    A missing or less precise value is no contradiction.
    """
    return tuple(
        Disagreement(
            field=name,
            value=listing.model_dump(mode="json", include={name})[name],
            source=listing.source,
            source_id=listing.source_id,
        )
        for name, info in FIELDS.items()
        if info.contradicts is not None
        for listing in listings
        if info.contradicts(values[name], getattr(listing, name))
    )


def _rank(listing: Listing, sources: Mapping[str, Source]) -> int:
    source = sources.get(listing.source)
    return source.tier.rank if source else 99


def _name(listing: Listing, sources: Mapping[str, Source]) -> str:
    source = sources.get(listing.source)
    return source.name if source else listing.source


def _by_exact_date(listings: list[Listing]) -> list[Listing]:
    """Return the listings that may set the date: those that agree with the most trusted date, most precise first."""
    dated = [listing for listing in listings if listing.when.start is not None]
    if not dated:
        return listings
    trusted = dated[0].when
    agreeing = [each for each in dated if not trusted.is_exact_to_the_day or each.when.first_day == trusted.first_day]
    return sorted(agreeing, key=lambda each: _EXACTNESS[each.when.precision])


def _by_exact_place(listings: list[Listing]) -> list[Listing]:
    """Return the listings that may set the places: if the most trusted names only a country, first a city in it."""
    placed = [listing for listing in listings if listing.places]
    if not placed or any(place.city or not place.country for place in placed[0].places):
        return placed
    countries = {place.country for place in placed[0].places}
    return [each for each in placed if {place.country for place in each.places if place.city} == countries] + placed


def _by_dated_deadline(listings: list[Listing]) -> list[Listing]:
    """Return the listings that may set the deadlines: those that give a day before those that only mention one."""
    return sorted(listings, key=lambda each: not any(deadline.at for deadline in each.deadlines))


_MORE_EXACT: Mapping[str, Callable[[list[Listing]], list[Listing]]] = {
    "when": _by_exact_date,
    "places": _by_exact_place,
    "deadlines": _by_dated_deadline,
}


def _in_words(listings: list[Listing], when: When, sources: Mapping[str, Source]) -> list[str]:
    """Return the disagreements that could make somebody miss the event, as sentences for readers."""
    first, said = listings[0], []
    for other in listings:
        name = _name(other, sources)
        both_certain = when.is_exact_to_the_day and other.when.is_exact_to_the_day
        if both_certain and other.when.first_day != when.first_day:
            said.append(f"{name} says it starts on {other.when.first_day}")
        if other.lifecycle is Lifecycle.CANCELLED and first.lifecycle is not Lifecycle.CANCELLED:
            said.append(f"{name} says it is cancelled")
    return said


def _attribution(listing: Listing, sources: Mapping[str, Source]) -> Attribution:
    source = sources.get(listing.source)
    return Attribution(
        source=listing.source,
        source_id=listing.source_id,
        name=source.name if source else listing.source,
        homepage=source.homepage if source else listing.page_url,
        url=listing.url,
        licence=source.licence if source else "",
        attribution=source.attribution if source else "",
    )
