"""Defines the current health of a source."""

from __future__ import annotations

from enum import StrEnum

from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.text import PlainText
from tracker.models.vocabulary import Verdict


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
