"""One crawl of one source, with its counts and its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import Field

from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.text import PlainText
from tracker.models.vocabulary import Verdict


class Run(Record):
    """What happened when one source was crawled."""

    source: str
    """Id of the source."""
    started_at: Instant
    """When it began."""
    finished_at: Instant
    """When it ended."""
    verdict: Verdict
    """Whether it may change what is public."""
    diagnosis: str = ""
    """A short stable name of what went wrong: ``unreachable``, ``not_a_calendar``."""
    message: PlainText = ""
    """The same in words, with what to do."""
    pages: int = 0
    """Pages answered."""
    pages_unchanged: int = 0
    """Pages that said they had not changed (304, or the same bytes)."""
    found: int = 0
    """Raw listings read from the pages."""
    kept: int = 0
    """Listings that passed validation."""
    rejected: int = 0
    """Raw listings that did not."""
    new: int = 0
    """Listings never seen before."""
    changed: int = 0
    """Listings that say something else than last time."""
    withdrawn: int = 0
    """Listings that have been missing for so long that they are taken for withdrawn from now on."""
    newest: date | None = None
    """The latest day on which one of its listings begins."""
    fills: dict[str, float] = Field(default_factory=dict)
    """How many of the listings say when, where…, as shares from 0 to 1."""
    not_before: Instant | None = None
    """The server, or the page's own freshness, asks not to come again before."""
    refresh_interval: int = 0
    """Seconds for which its pages ask not to be fetched again."""
    moved_to: PlainText = ""
    """Where the server says the first page has moved for good."""
    accepted: bool = False
    """True if a person let it pass although it looked wrong."""

    @property
    def is_successful(self) -> bool:
        """True if it may change what is public."""
        return self.verdict in {Verdict.HEALTHY, Verdict.UNCHANGED}


@dataclass(frozen=True, slots=True)
class RunHistory:
    """The recent runs of a source."""

    runs: Sequence[Run] = ()
    """Oldest first."""
    last_success: datetime | None = None
    """May lie further back than ``runs``."""
