"""Listings from and to JSON Lines, for matching without a store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from tracker.matching.matcher import match_listings
from tracker.models.listing import Listing, ListingKey

_DEFAULTS = {"page_url": "", "fetched_at": "2000-01-01T00:00:00Z"}
_ANY_SOURCE = "line {number}"


@dataclass(slots=True)
class Lines:
    """What a file held."""

    listings: dict[ListingKey, Listing] = field(default_factory=dict)
    ids: dict[ListingKey, str] = field(default_factory=dict)
    """What the file calls each listing."""
    rejected: list[str] = field(default_factory=list)
    """Line by line, what could not be read and why."""


def read_lines(lines: Iterable[str | bytes]) -> Lines:
    """Read one listing per line, text or UTF-8; ``docs/matching.md`` says the keys. Never raises for what a line holds.

    Only ``title`` is needed. ``id`` is what the answer calls the listing. Without ``source`` each line counts as a
    source of its own, without ``source_id`` the id or number of the line counts.
    """
    read = Lines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise TypeError("not a JSON object")
            listing = _listing(row, number)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "listing"
            read.rejected.append(f"line {number}: {where}: {first['msg']}")
        except (ValueError, TypeError, RecursionError) as error:
            read.rejected.append(f"line {number}: {error}")
        else:
            if listing.key in read.listings:
                read.rejected.append(f"line {number}: its source and source_id are those of a line before")
                continue
            read.listings[listing.key] = listing
            read.ids[listing.key] = str(row.get("id") or (listing.key if "source" in row else listing.source))
    return read


def match_lines(read: Lines) -> Iterator[dict[str, Any]]:
    """Yield ``{"id", "event", "series", "reason"}`` for each listing, in the order it was read.

    Events are called after their first listing, series after their first event; null for what is in no series.
    """
    matcher = match_listings(read.listings.values())
    groups = matcher.grouping().groups
    answers: dict[ListingKey, dict[str, Any]] = {}
    for group, number in zip(groups, matcher.series_of(groups), strict=True):
        event = read.ids[group.keys[0]]
        of = None if number is None else read.ids[groups[number].keys[0]]
        for key, reason in group.members:
            answers[key] = {"id": read.ids[key], "event": event, "series": of, "reason": reason}
    yield from (answers[key] for key in read.listings)


def _listing(row: dict[str, Any], number: int) -> Listing:
    values = {**_DEFAULTS, **{name: value for name, value in row.items() if name != "id"}}
    values.setdefault("source", _ANY_SOURCE.format(number=number))
    values.setdefault("source_id", str(row.get("id") or number))
    listing = Listing.model_validate(values)
    if not listing.title:
        raise ValueError("it has no title")
    return listing
