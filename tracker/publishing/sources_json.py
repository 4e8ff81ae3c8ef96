"""Renders sources as JSON: name, licence, credit and health."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.models.moments import stamp
from tracker.models.run import SourceState, State
from tracker.models.source import Source
from tracker.publishing.json_events import dump


def render_sources(
    sources: Mapping[str, Source], states: Mapping[str, SourceState], counts: Mapping[str, int]
) -> bytes:
    """Return the sources with their health, sorted by name. ``counts`` has the number of upcoming events of each."""
    rows = [
        source_document(source, states.get(source.id, SourceState(source=source.id)), counts.get(source.id, 0))
        for source in sorted(sources.values(), key=lambda each: (each.name.casefold(), each.id))
    ]
    return dump({"schema": 1, "count": len(rows), "health": health_document(states), "sources": rows})


def health_document(states: Mapping[str, SourceState]) -> dict[str, Any]:
    """Return the number of sources in each state, and the time of the last successful crawl."""
    counts = Counter(state.state for state in states.values())
    last = max(filter(None, (state.last_success for state in states.values())), default=None)
    return {**{state.value: counts[state] for state in State}, "last_success": _stamp(last)}


def source_document(source: Source, state: SourceState, events: int) -> dict[str, Any]:
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
        "state": state.state.value,
        "last_run": _stamp(state.last_run),
        "last_success": _stamp(state.last_success),
        "next_try": _stamp(state.next_try),
        "verdict": state.verdict.value if state.verdict else None,
        "diagnosis": state.diagnosis,
        "consecutive_failures": state.consecutive_failures,
        "listings_over_time": list(state.trend),
    }


def _stamp(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None
