"""Schedules sources: computes when each is due, and why, and groups those that share a host."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.clock import current_time
from tracker.crawling.throttling.domains import registrable_domain
from tracker.health.scheduling import source_states
from tracker.models.run import SourceState, State
from tracker.models.source import Source
from tracker.sources.files import options_of
from tracker.sources.platform import load_platform
from tracker.store import Store, hosts, runs


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """The next crawl of one source."""

    source: Source
    address: str
    """URL of its first page."""
    due_at: datetime | None
    """When it is due; None if it was never crawled."""
    reason: str
    """The reason for ``due_at`` in words."""

    def is_due(self, now: datetime) -> bool:
        """Return whether it is due."""
        return self.due_at is None or self.due_at <= now


def plan_crawl(
    sources: Iterable[Source], states: Mapping[str, SourceState], blocked: Mapping[str, datetime], now: datetime
) -> list[CrawlPlan]:
    """Return when each source is crawled next.

    Args:
        sources: the sources.
        states: by source id.
        blocked: registrable domains that asked for no requests (Retry-After), with the end of each block.
        now: the current time; a run later than that was made under a wrong clock.
    """
    return [_plan(each, states.get(each.id) or SourceState(source=each.id), blocked, now) for each in sources]


def due_sources(
    sources: Iterable[Source], states: Mapping[str, SourceState], blocked: Mapping[str, datetime], now: datetime
) -> list[Source]:
    """Return the enabled sources that are due."""
    enabled = (source for source in sources if source.enabled)
    return [plan.source for plan in plan_crawl(enabled, states, blocked, now) if plan.is_due(now)]


def load_due(store: Store, sources: Iterable[Source], now: datetime) -> list[Source]:
    """Return the enabled sources that are due, by the runs in the store.

    Raises:
        StoreError: the store cannot be read.
    """
    sources = list(sources)
    with store.reading() as db:
        histories, blocked = runs.load_histories(db, [each.id for each in sources]), hosts.blocked_hosts(db, now)
    return due_sources(sources, source_states(sources, histories), blocked, now)


def _plan(source: Source, state: SourceState, blocked: Mapping[str, datetime], now: datetime) -> CrawlPlan:
    until = blocked.get(domain_of(source)) if blocked else None
    at, reason = state.next_try, _reason(source, state)
    if state.last_run is not None and state.last_run > now:
        at, reason = None, "last crawled in the future: the clock was wrong"
    if until is not None and (at is None or until > at):
        at, reason = until, "the site asked to be left alone until then"
    return CrawlPlan(source, first_address(source), at, reason)


def _reason(source: Source, state: SourceState) -> str:
    hours = round(state.wait / 3600)
    how_often = f"every {hours} hours" if hours < 48 else f"every {round(hours / 24)} days"
    if state.state is State.NEW:
        return "never crawled"
    if state.state is State.HEALTHY:
        return f"{how_often}, " + ("as its file says" if source.every else "as often as it changes")
    times = f"went wrong {state.consecutive_failures} times in a row ({state.diagnosis}): "
    return f"{state.state.value}, {times if state.consecutive_failures > 1 else ''}{how_often}"


def group_by_host(sources: Iterable[Source]) -> list[list[Source]]:
    """Return the sources in groups that share a registrable domain."""
    groups: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        groups[domain_of(source)].append(source)
    return list(groups.values())


def domain_of(source: Source) -> str:
    """Return the registrable domain of a source's first page."""
    return registrable_domain(first_address(source))


def first_address(source: Source) -> str:
    """Return the URL of a source's first page."""
    first = next(iter(load_platform(source.platform).first_pages(options_of(source), current_time().date())))
    return str(first.url)
