"""Events → JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tracker.models.application_status import application_status
from tracker.models.event import PublishedEvent
from tracker.models.selection import Selection

SCHEMA = 1
"""Rises when a reader of the JSON would have to change."""


def render_json(events: Iterable[PublishedEvent], selection: Selection, now: datetime) -> bytes:
    """Return the events of a selection as one JSON document. What depends on the time is taken at ``now``."""
    rows = [event_document(published, now) for published in events]
    credits_due = {
        source["source"]: {key: source[key] for key in ("name", "homepage", "licence", "attribution")}
        for row in rows
        for source in row["sources"]
    }
    document = {
        "schema": SCHEMA,
        "selection": selection.to_query(),
        "count": len(rows),
        "credits": dict(sorted(credits_due.items())),
        "events": rows,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode()


def event_document(published: PublishedEvent, now: datetime) -> dict[str, Any]:
    """Return one event as plain JSON values, every field present."""
    event = published.event
    return {
        **event.model_dump(mode="json"),
        "kind": event.kind.value,
        "application_status": application_status(event, now).value,
        "sequence": published.sequence,
        "first_seen": _stamp(published.first_seen),
        "changed_at": _stamp(published.changed_at),
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
