"""Fills a store with the events that another tracker publishes as ``events.json``, in place of a crawl."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.models.crawl_result import CrawlResult
from tracker.models.event import Attribution, Event, PublishedEvent
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.models.vocabulary import Tier, Verdict
from tracker.pipeline.rendering import render_published
from tracker.publishing.json_events import SCHEMA
from tracker.store import Store, events, runs, sources

_COMPUTED = ("kind", "application_status", "fit")
"""Keys of an event in the JSON that are computed when it is sent."""


def mirror_events(store: Store, document: bytes, published_at: datetime) -> int:
    """Replace the events of a store by those of an ``events.json``, and return their number.

    Ids, sequence numbers and times stay those of the tracker that published them, so that calendars which were
    subscribed there or here have the same entries.

    Args:
        store: a store that nothing is crawled into.
        document: the JSON.
        published_at: when it was published; the page says how old its data are.

    Raises:
        UsageError: it is not the JSON of a tracker's events, or the store has listings of its own.
    """
    found = read_events(document)
    with store.writing() as db:
        if set(sources.load_sources(db)) - set(_mirrored(db)):
            raise UsageError("This data folder is crawled into. Mirror into an empty one: --data FOLDER")
        gone = set(events.load_stubs(db)) - {each.event.id for each in found}
        events.delete_events(db, gone)
        events.save_events(db, map(render_published, found))
        listing = {each.source: each for item in found for each in item.event.sources}
        sources.save_sources(db, map(_source, listing.values()))
        for source in listing:
            runs.record_run(db, _run(source, published_at), CrawlResult())
    return len(found)


def read_events(document: bytes) -> list[PublishedEvent]:
    """Return the events of an ``events.json``.

    Raises:
        UsageError: it is not the JSON of a tracker's events.
    """
    try:
        content = json.loads(document)
        if content["schema"] != SCHEMA:
            raise UsageError(f"This events.json has the format {content['schema']!r}; this tracker reads {SCHEMA}.")
        return [_published(row) for row in content["events"]]
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise UsageError(
            f"This is not the events.json of a tracker: {str(error)[:200]}. Give the address of one, such as "
            "https://events.example.org/events.json"
        ) from error


def _published(row: Mapping[str, Any]) -> PublishedEvent:
    kept = {key: value for key, value in row.items() if key not in _COMPUTED}
    about = {key: kept.pop(key) for key in ("sequence", "first_seen", "changed_at")}
    deadlines = [
        {key: value for key, value in each.items() if key != "zone_is_assumed"} for each in kept.get("deadlines", ())
    ]
    return PublishedEvent(event=Event.model_validate_json(json.dumps({**kept, "deadlines": deadlines})), **about)


_PLATFORM = "manual"


def _source(each: Attribution) -> Source:
    return Source(
        id=each.source,
        tier=Tier.DIRECTORIES,
        name=each.name,
        homepage=each.homepage,
        platform=_PLATFORM,
        licence=each.licence,
        attribution=each.attribution,
        enabled=False,
    )


def _mirrored(db: Connection) -> Iterable[str]:
    known = sources.load_sources(db).values()
    return [each.id for each in known if each.platform == _PLATFORM and not each.enabled]


def _run(source: str, published_at: datetime) -> Run:
    return Run(source=source, started_at=published_at, finished_at=published_at, verdict=Verdict.UNCHANGED)
