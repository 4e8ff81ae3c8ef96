"""What several listings say together: field by field, the most trusted source that says anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.matching.grouping import Group
from tracker.models.details import Details
from tracker.models.event import Attribution, Event, Provenance
from tracker.models.listing import Listing
from tracker.models.source import Source
from tracker.models.vocabulary import DatePrecision, Lifecycle

_DEFAULTS = {name: field.get_default(call_default_factory=True) for name, field in Details.model_fields.items()}
_EXACTNESS = {precision: rank for rank, precision in enumerate(DatePrecision)}


def merge_listings(event_id: str, group: Group, sources: Mapping[str, Source]) -> Event:
    """Return the event that a group of listings describes, each field with who says so.

    A source never overrides a more trusted one's word; only a date is taken from whoever states it more
    exactly, since a day and a clock time on it do not contradict each other.
    """
    listings = sorted(group.listings, key=lambda each: (_rank(each, sources), each.key))
    values: dict[str, Any] = {}
    provenance: dict[str, Provenance] = {}
    for name, default in _DEFAULTS.items():
        sayers = listings
        if name == "when":
            sayers = sorted(listings, key=lambda each: _EXACTNESS[each.when.precision])
        for listing in sayers:
            value = getattr(listing, name)
            if value != default:
                values[name] = value
                provenance[name] = Provenance(
                    source=listing.source, page_url=listing.page_url, fetched_at=listing.fetched_at
                )
                break
    # "Scheduled" is what a source says by saying nothing, so the most trusted source's word is final.
    values["lifecycle"] = listings[0].lifecycle
    return Event(
        id=event_id,
        **values,
        sources=tuple(_attribution(listing, sources) for listing in listings),
        provenance=provenance,
        doubts=tuple(dict.fromkeys([*listings[0].doubts, *_disagreements(listings, sources)])),
    )


def _rank(listing: Listing, sources: Mapping[str, Source]) -> int:
    source = sources.get(listing.source)
    return source.tier.rank if source else 99


def _name(listing: Listing, sources: Mapping[str, Source]) -> str:
    source = sources.get(listing.source)
    return source.name if source else listing.source


def _disagreements(listings: list[Listing], sources: Mapping[str, Source]) -> list[str]:
    first, said = listings[0], []
    for other in listings[1:]:
        name = _name(other, sources)
        both_certain = first.when.is_exact_to_the_day and other.when.is_exact_to_the_day
        if both_certain and other.when.first_day != first.when.first_day:
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
