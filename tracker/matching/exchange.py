"""Reads listings from JSON Lines and yields the event of each, for matching without a store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from tracker.matching.matcher import group_listings
from tracker.models.listing import Listing, ListingKey
from tracker.models.vocabulary import EventType

_DEFAULTS = {"page_url": "", "fetched_at": "2000-01-01T00:00:00Z"}
_KINDS = frozenset(EventType)
_ANY_SOURCE = "line {number}"


@dataclass(slots=True)
class ListingFile:
    """The listings of a file."""

    listings: dict[ListingKey, Listing] = field(default_factory=dict)
    ids: dict[ListingKey, str] = field(default_factory=dict)
    """Id of each listing in the file."""
    rejected: list[str] = field(default_factory=list)
    """One message per line that could not be read, with the reason."""


def read_lines(lines: Iterable[str | bytes]) -> ListingFile:
    """Read one listing per line, text or UTF-8; ``docs/matching.md`` lists the keys. Never raises for a line's content.

    Only ``title`` is required. ``id`` identifies the listing in the output. Without ``source`` each line counts as a
    source of its own; without ``source_id`` the id or number of the line is used.
    """
    read, names = ListingFile(), set[str]()
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
            if listing.key in read.listings:  # calendars give all dates of a series one id
                listing = listing.model_copy(update={"source_id": f"{listing.source_id} (line {number})"})
            read.listings[listing.key] = listing
            name = str(row.get("id") or (listing.key if "source" in row else listing.source))
            read.ids[listing.key] = name if name not in names else f"{name} (line {number})"
            names.add(read.ids[listing.key])
    return read


def match_lines(read: ListingFile) -> Iterator[dict[str, Any]]:
    """Yield ``{"id", "event", "series", "part_of", "reason"}`` for each listing, in the order of the input.

    The id of an event is that of its first listing, the id of a series that of its first event; null for no series.
    ``part_of`` is the id of the larger event that it is a part of, or null.
    """
    grouping = group_listings(read.listings.values())
    groups = grouping.groups
    answers: dict[ListingKey, dict[str, Any]] = {}
    names = [read.ids[group.keys[0]] for group in groups]
    for number, (group, series) in enumerate(zip(groups, grouping.series, strict=True)):
        whole = grouping.part_of.get(number)
        said = {
            "event": names[number],
            "series": None if series is None else names[series],
            "part_of": None if whole is None else names[whole],
        }
        for key, reason in group.members:
            answers[key] = {"id": read.ids[key], **said, "reason": reason}
    yield from (answers[key] for key in read.listings)


def _listing(row: dict[str, Any], number: int) -> Listing:
    values = {**_DEFAULTS, **{name: value for name, value in row.items() if name != "id"}}
    values.setdefault("source", _ANY_SOURCE.format(number=number))
    values.setdefault("source_id", str(row.get("id") or number))
    if isinstance(kinds := row.get("types"), list):  # one that other people have does not cost the listing
        values["types"] = [kind for kind in kinds if kind in _KINDS]
    listing = Listing.model_validate(values)
    if not listing.title:
        raise ValueError("it has no title")
    return listing
