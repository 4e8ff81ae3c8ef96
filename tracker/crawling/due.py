"""Which sources are due, when the others are, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.crawling.groups import domain_of, first_address
from tracker.models.source import Source
from tracker.models.state import SourceState, State
from tracker.store import Store, hosts, runs


@dataclass(frozen=True, slots=True)
class Plan:
    """What a crawl would do about one source."""

    source: Source
    address: str
    """The page it would begin with."""
    due_at: datetime | None
    """When its time has come; None: it never was crawled."""
    reason: str
    """Why then, in words."""

    def is_due(self, now: datetime) -> bool:
        """Say whether its time has come."""
        return self.due_at is None or self.due_at <= now


def plan_crawl(
    sources: Iterable[Source], states: Mapping[str, SourceState], quiet: Mapping[str, datetime], now: datetime
) -> list[Plan]:
    """Return what a crawl would do about each source.

    Args:
        sources: the sources.
        states: how they are doing, by id.
        quiet: until when registrable domains asked to be left alone.
        now: the time; what was crawled later than that, was crawled by a clock that was wrong.
    """
    return [_plan(each, states.get(each.id) or SourceState(source=each.id), quiet, now) for each in sources]


def due_sources(
    sources: Iterable[Source], states: Mapping[str, SourceState], quiet: Mapping[str, datetime], now: datetime
) -> list[Source]:
    """Return the enabled sources whose time has come."""
    enabled = (source for source in sources if source.enabled)
    return [plan.source for plan in plan_crawl(enabled, states, quiet, now) if plan.is_due(now)]


def load_due(store: Store, sources: Iterable[Source], now: datetime) -> list[Source]:
    """Return the enabled sources whose time has come, as the store knows them.

    Raises:
        StoreError: it cannot be read.
    """
    sources = list(sources)
    with store.reading() as db:
        states, quiet = runs.load_states(db, sources), hosts.quiet_hosts(db, now)
    return due_sources(sources, states, quiet, now)


def _plan(source: Source, state: SourceState, quiet: Mapping[str, datetime], now: datetime) -> Plan:
    until = quiet.get(domain_of(source)) if quiet else None
    at, reason = state.next_try, _reason(source, state)
    if state.last_run is not None and state.last_run > now:
        at, reason = None, "last crawled in the future: the clock was wrong"
    if until is not None and (at is None or until > at):
        at, reason = until, "the site asked to be left alone until then"
    return Plan(source, first_address(source), at, reason)


def _reason(source: Source, state: SourceState) -> str:
    hours = round(state.wait / 3600)
    how_often = f"every {hours} hours" if hours < 48 else f"every {round(hours / 24)} days"
    if state.state is State.NEW:
        return "never crawled"
    if state.state is State.HEALTHY:
        return f"{how_often}, " + ("as its file says" if source.every else "as often as it changes")
    times = f"went wrong {state.bad_in_a_row} times in a row ({state.diagnosis}): "
    return f"{state.state.value}, {times if state.bad_in_a_row > 1 else ''}{how_often}"
