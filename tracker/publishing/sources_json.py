"""Sources → JSON: who they are, what credit they are due, and how well they are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.models.run import Run
from tracker.models.source import Source
from tracker.publishing.json_events import dump


def render_sources(
    sources: Mapping[str, Source],
    latest: Mapping[str, Run],
    successes: Mapping[str, datetime],
    counts: Mapping[str, int],
) -> bytes:
    """Return the sources by name with their last run. ``counts`` says how many upcoming events each lists."""
    rows = [
        source_document(source, latest.get(source.id), successes.get(source.id), counts.get(source.id, 0))
        for source in sorted(sources.values(), key=lambda each: (each.name.casefold(), each.id))
    ]
    return dump({"schema": 1, "count": len(rows), "sources": rows})


def source_document(source: Source, run: Run | None, success: datetime | None, events: int) -> dict[str, Any]:
    """Return one source as plain JSON values."""
    return {
        "id": source.id,
        "name": source.name,
        "homepage": source.homepage,
        "tier": source.tier.value,
        "platform": source.platform,
        "licence": source.licence,
        "attribution": source.attribution,
        "upcoming_events": events,
        "last_run": _stamp(run.finished_at if run else None),
        "last_success": _stamp(success),
        "verdict": run.verdict.value if run else None,
        "diagnosis": run.diagnosis if run else "",
    }


def _stamp(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None
