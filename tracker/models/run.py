"""Defines a run, one crawl of one source with its counts and verdict, and the health of a source after its runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.text import PlainText
from tracker.models.vocabulary import Verdict


class Run(Record):
    """One crawl of one source."""

    source: str
    """Id of the source."""
    started_at: Instant
    """When it began."""
    finished_at: Instant
    """When it ended."""
    verdict: Verdict
    """Whether the run may change what is public."""
    diagnosis: str = ""
    """Short stable name of the problem: ``unreachable``, ``not_a_calendar``."""
    message: PlainText = ""
    """The problem in words, with what to do."""
    pages: int = 0
    """Pages that were fetched."""
    pages_unchanged: int = 0
    """Pages that had not changed (304, or the same bytes)."""
    found: int = 0
    """Raw listings read from the pages."""
    kept: int = 0
    """Listings that passed validation."""
    rejected: int = 0
    """Raw listings that failed validation."""
    rejection: PlainText = ""
    """How many were rejected for which reason, the most frequent first, with an example."""
    new: int = 0
    """Listings never seen before."""
    changed: int = 0
    """Listings that differ from last time."""
    withdrawn: int = 0
    """Listings that count as withdrawn from this run on, because they have been missing for too long."""
    newest: date | None = None
    """The latest start day of its listings."""
    fills: dict[str, float] = Field(default_factory=dict)
    """Share of the listings, from 0 to 1, that state a date, a place…, by field."""
    not_before: Instant | None = None
    """Earliest time of the next crawl, by the server's request or the freshness of the pages."""
    refresh_interval: int = 0
    """Seconds for which the content of its pages asks not to be fetched again."""
    moved_to: PlainText = ""
    """URL to which the first page has moved permanently, according to the server."""
    accepted: bool = False
    """True if a person accepted the run although it was suspect."""
    source_hash: str = ""
    """Hash of the source file that it was crawled with: what was learned with another file does not count."""

    @property
    def is_successful(self) -> bool:
        """True if the run may change what is public."""
        return self.verdict in {Verdict.HEALTHY, Verdict.UNCHANGED}


@dataclass(frozen=True, slots=True)
class RunHistory:
    """The recent runs of a source."""

    runs: Sequence[Run] = ()
    """Runs, oldest first."""
    last_success: datetime | None = None
    """Time of the last successful run; may be earlier than all ``runs``."""
    faults: Sequence[str] = ()
    """Listings that the last build could not publish, with the error."""


class State(StrEnum):
    """Health of a source. The worse the state, the less often the source is crawled; none is dropped silently."""

    NEW = "new"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    FAILING = "failing"
    PAUSED = "paused"


class SourceState(Record):
    """Summary of the last runs of a source. Computed when read, never stored."""

    source: str
    """Id of the source."""
    state: State = State.NEW
    """Health of the source."""
    verdict: Verdict | None = None
    """Verdict of the last run. None: never crawled."""
    diagnosis: str = ""
    """Short stable name of the problem."""
    message: PlainText = ""
    """The problem in words, with what to do."""
    rejection: PlainText = ""
    """Which entries of its last readable crawl were rejected, and why, even if it is healthy."""
    consecutive_failures: int = 0
    """Number of suspect or failed runs since the last successful one."""
    last_run: Instant | None = None
    """When it was last crawled."""
    last_success: Instant | None = None
    """When it was last crawled successfully."""
    next_try: Instant | None = None
    """When the next crawl is due. None: now."""
    wait: int = 0
    """Seconds between two crawls, depending on how often the source changes and how often it fails."""
    trend: tuple[int, ...] = ()
    """Number of listings that its last runs kept, oldest first; runs without a change are left out."""
    moved_to: PlainText = ""
    """URL to which its first page has moved permanently, according to three runs in a row."""

    @property
    def is_ok(self) -> bool:
        """True if no problem is known."""
        return self.state in {State.NEW, State.HEALTHY}
