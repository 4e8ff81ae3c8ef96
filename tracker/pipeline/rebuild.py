"""Reads and matches everything anew from the raw listings that were kept, without crawling.

A better reader or matcher so improves what was crawled long ago. What was inferred at first sight stays: years, and
what "tomorrow" meant. Events keep their ids, and their SEQUENCE where a subscriber would see no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from tracker.models.listing import Listing, ListingKey
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.pipeline import build_counter
from tracker.pipeline.build import BuildResult, build_in
from tracker.reading import read_listing
from tracker.store import Store, build_state, listings, presence, sources


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild changed, or would change."""

    read: int = 0
    """Number of listings that were read anew."""
    changed: list[ListingKey] = field(default_factory=list)
    """Listings that are read differently now."""
    unreadable: Counter[str] = field(default_factory=Counter)
    """Number of listings that would be rejected now, by reason; they stay as they were."""
    pruned: int = 0
    """Number of listings without a raw listing; they stay as they were."""
    events: BuildResult = field(default_factory=BuildResult)


class _DryRunEndedError(Exception):
    """Rolls the transaction of a dry run back."""


def rebuild(store: Store, now: datetime, files: Mapping[str, Source], *, dry_run: bool = False) -> Rebuilt:
    """Read all raw listings and build all events anew, in one transaction.

    Args:
        store: the store.
        now: the current time.
        files: the present source files by id; a source without one is read as it was crawled last.
        dry_run: change nothing, and return what would change.
    """
    done = Rebuilt()
    try:
        with store.writing() as db:
            known = sources.load_sources(db) | dict(files)
            for stored, raw in listings.load_with_raw(db):
                _read_anew(db, stored, raw, known.get(stored.source), done)
            done.events = build_in(db, now, rebuild=True, beside=build_counter.count_beside(store))
            count = build_state.load_build_count(db)
            if dry_run:
                raise _DryRunEndedError
    except _DryRunEndedError:
        return done
    build_counter.note_beside(store, count)
    return done


def _read_anew(db: Connection, stored: Listing, raw: RawListing | None, source: Source | None, done: Rebuilt) -> None:
    if raw is None or source is None:
        done.pruned += 1
        return
    done.read += 1
    listing = read_listing(raw, source, stored.first_seen)
    if not isinstance(listing, Listing):
        done.unreadable[listing.reason] += 1
    elif listing != stored:
        done.changed.append(stored.key)
        presence.replace_listing(db, raw, listing)
