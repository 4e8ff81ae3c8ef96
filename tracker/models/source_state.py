"""How a source has been doing lately."""

from __future__ import annotations

from enum import StrEnum

from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.text import PlainText
from tracker.models.vocabulary import Verdict


class State(StrEnum):
    """How well a source is read. Each worse state is tried less often, and none is ever given up without a word."""

    NEW = "new"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    FAILING = "failing"
    PAUSED = "paused"


class SourceState(Record):
    """What the last runs of a source come to. Computed when read, never stored."""

    source: str
    """Id of the source."""
    state: State = State.NEW
    """Healthy, or how badly it is doing."""
    verdict: Verdict | None = None
    """Of the last run; None: never crawled."""
    diagnosis: str = ""
    """A short stable name of what is wrong."""
    message: PlainText = ""
    """The same in words, with what to do."""
    consecutive_failures: int = 0
    """Suspect or failed runs since the last one that went well."""
    last_run: Instant | None = None
    """When it was last crawled."""
    last_success: Instant | None = None
    """When that last went well."""
    next_try: Instant | None = None
    """When it is due again; None: now."""
    wait: int = 0
    """Seconds between two crawls, as often as it changes or as badly as it is doing."""
    trend: tuple[int, ...] = ()
    """How many listings its last runs kept, oldest first; runs that found no change are left out."""
    moved_to: PlainText = ""
    """Where its first page has moved for good, said three times in a row."""

    @property
    def is_well(self) -> bool:
        """True if nothing is wrong, as far as we know."""
        return self.state in {State.NEW, State.HEALTHY}
