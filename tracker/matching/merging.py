"""Merges the listings of an event field by field: by trust, origin and precision, then by freshness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tracker.matching.deadline_dates import with_own_dates
from tracker.matching.links import shared_hosts
from tracker.models.details import FIELDS, Details
from tracker.models.event import Attribution, Disagreement, Event, Provenance
from tracker.models.listing import Listing, ListingKey
from tracker.models.moments import When
from tracker.models.source import Source
from tracker.models.text import fold
from tracker.models.vocabulary import DatePrecision, Lifecycle, Tier

_DEFAULTS = {name: field.get_default(call_default_factory=True) for name, field in Details.model_fields.items()}
_EXACTNESS = {precision: rank for rank, precision in enumerate(DatePrecision)}


def merge_listings(
    event_id: str,
    listings: Sequence[Listing],
    sources: Mapping[str, Source],
    first_seen: Mapping[ListingKey, datetime] | None = None,
) -> Event:
    """Return the event that the listings of one group describe, with the provenance of each field.

    The source of the most trusted tier wins; within a tier the event's own page, then the source that has known it for
    longest, then the one that changed last. A less trusted source never overrides a more trusted one; it only supplies
    a more precise value that agrees: a clock time on the same day, a city in the same country. Nor does a value that
    says less override one that says more. Values that contradict the published ones are kept as disagreements.
    Withdrawn listings count only if all listings are withdrawn; then the event is withdrawn.

    Args:
        event_id: id of the event.
        listings: its listings.
        sources: the sources by id.
        first_seen: when each listing was first seen.
    """
    standing = [each for each in listings if each.lifecycle is not Lifecycle.WITHDRAWN] or listings
    listings = sorted(standing, key=lambda each: _order(each, sources, first_seen or {}))
    values: dict[str, Any] = {}
    provenance: dict[str, Provenance] = {}
    for name, default in _DEFAULTS.items():
        for listing in _MORE_EXACT[name](listings, sources) if name in _MORE_EXACT else listings:
            value = getattr(listing, name)
            if value != default or name == "when":
                values[name] = value
                provenance[name] = Provenance(
                    source=listing.source, page_url=listing.page_url, fetched_at=listing.fetched_at
                )
                break
        else:
            values[name] = default
    values["lifecycle"] = _lifecycle(listings, sources, first_seen or {})
    return Event(
        id=event_id,
        **values,
        sources=tuple(_attribution(listing, sources) for listing in listings),
        provenance=provenance,
        doubts=tuple(dict.fromkeys([*listings[0].doubts, *_in_words(listings, values, sources)])),
        disagreements=find_disagreements(values, listings),
    )


def _order(
    listing: Listing, sources: Mapping[str, Source], first_seen: Mapping[ListingKey, datetime]
) -> tuple[int, bool, str, float, ListingKey]:
    """Return what listings are sorted by. Sources that have known an event since the same day are equals in that."""
    return (
        _rank(listing, sources),
        not _is_own(listing, sources),
        _known_since(listing, first_seen),
        -listing.fetched_at.timestamp(),
        listing.key,
    )


def _known_since(listing: Listing, first_seen: Mapping[ListingKey, datetime]) -> str:
    since = first_seen.get(listing.key)
    return f"{since:%Y-%m-%d}" if since else ""


def _is_own(listing: Listing, sources: Mapping[str, Source]) -> bool:
    """Return whether the source lists an event of its own: no link leads elsewhere, or it is named as the organiser."""
    source = sources.get(listing.source)
    if source is None:
        return False
    if fold(source.name) in {fold(name) for name in listing.organizers}:
        return True
    if listing.url and listing.url_is_stated:
        return _site(listing.url) == _site(source.homepage)
    return source.tier in {Tier.ORGANISERS, Tier.COMMUNITIES}


def _site(url: str) -> str:
    """Return the site of a URL; on a host that many share, with the first part of its path."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}/{parts.path.strip('/').split('/')[0]}" if host in shared_hosts() else host


def _lifecycle(
    listings: Sequence[Listing], sources: Mapping[str, Source], first_seen: Mapping[ListingKey, datetime]
) -> Lifecycle:
    """Return the state. "Scheduled" is also said by who states none, so only the most trusted tier decides.

    Within it, the event's own page decides, of several the one known for longest; if there is none, an event is
    cancelled only if all say so.
    """
    top = [each for each in listings if _rank(each, sources) == _rank(listings[0], sources)]
    own = [each for each in top if _is_own(each, sources)]
    since = _known_since(own[0], first_seen) if own else ""
    deciding = [each for each in own if _known_since(each, first_seen) == since] or top
    return next((each.lifecycle for each in deciding if each.lifecycle is not Lifecycle.CANCELLED), Lifecycle.CANCELLED)


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


def _by_exact_date(listings: list[Listing], sources: Mapping[str, Source]) -> list[Listing]:
    """Return the listings that may set the date, most precise first.

    These are the ones that agree with the most trusted date, or stand in its tier as far as they say more than it.
    """
    dated = with_own_dates([listing for listing in listings if listing.when.start is not None])
    if not dated:
        return listings
    first = dated[0]
    peers = [each for each in dated if _rank(each, sources) == _rank(first, sources)]
    peers = [each for each in peers if _is_own(each, sources) == _is_own(first, sources)]
    trusted = min(peers, key=lambda each: _EXACTNESS[each.when.precision]).when
    agreeing = [each for each in dated if not trusted.is_exact_to_the_day or each.when.first_day == trusted.first_day]
    return sorted(agreeing, key=lambda each: (_EXACTNESS[each.when.precision], each.when.end is None))


def _by_exact_place(listings: list[Listing], sources: Mapping[str, Source]) -> list[Listing]:  # noqa: ARG001
    """Return the listings that may set the places: if the most trusted names only a country, first a city in it."""
    placed = [listing for listing in listings if listing.places]
    if not placed or any(place.city or not place.country for place in placed[0].places):
        return placed
    countries = {place.country for place in placed[0].places}
    return [each for each in placed if {place.country for place in each.places if place.city} == countries] + placed


def _by_dated_deadline(listings: list[Listing], sources: Mapping[str, Source]) -> list[Listing]:  # noqa: ARG001
    """Return the listings that may set the deadlines: those that give a day before those that only mention one."""
    return sorted(listings, key=lambda each: not any(deadline.at for deadline in each.deadlines))


_MORE_EXACT: Mapping[str, Callable[[list[Listing], Mapping[str, Source]], list[Listing]]] = {
    "when": _by_exact_date,
    "places": _by_exact_place,
    "deadlines": _by_dated_deadline,
}


def _in_words(listings: list[Listing], values: Mapping[str, Any], sources: Mapping[str, Source]) -> list[str]:
    """Return the disagreements that could make somebody miss the event, as sentences for readers."""
    when: When = values["when"]
    said = []
    own_dates = with_own_dates(listings)
    for other in listings:
        name = _name(other, sources)
        both_certain = when.is_exact_to_the_day and other.when.is_exact_to_the_day
        if both_certain and other.when.first_day != when.first_day and other in own_dates:
            said.append(f"{name} says it starts on {other.when.first_day}")
        if other.lifecycle is Lifecycle.CANCELLED and values["lifecycle"] is not Lifecycle.CANCELLED:
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
