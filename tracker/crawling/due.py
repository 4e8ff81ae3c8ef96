"""Which sources are due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tracker.models.run import Run
from tracker.models.source import Source
from tracker.models.vocabulary import Verdict

RETRY_AFTER = timedelta(hours=2)
_SLACK = timedelta(minutes=10)
"""A cron job never starts to the second."""


def due_sources(sources: Iterable[Source], latest: Mapping[str, Run], now: datetime) -> list[Source]:
    """Return the enabled sources whose last run began long enough ago; one that went wrong is tried again sooner."""
    return [source for source in sources if source.enabled and _is_due(source, latest.get(source.id), now)]


def _is_due(source: Source, last: Run | None, now: datetime) -> bool:
    if last is None:
        return True
    went_well = last.verdict in {Verdict.HEALTHY, Verdict.UNCHANGED}
    wait = source.every if went_well else min(source.every, RETRY_AFTER)
    return now - last.started_at >= wait - _SLACK
