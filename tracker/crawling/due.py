"""Which sources are due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tracker.models.run import Run
from tracker.models.source import Source

_SLACK = timedelta(minutes=10)
"""A cron job never starts to the second."""


def due_sources(sources: Iterable[Source], latest: Mapping[str, Run], now: datetime) -> list[Source]:
    """Return the enabled sources whose last run began long enough ago."""
    return [
        source
        for source in sources
        if source.enabled and (source.id not in latest or now - latest[source.id].started_at >= source.every - _SLACK)
    ]
