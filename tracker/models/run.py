"""One crawl of one source, with its counts and its verdict."""

from __future__ import annotations

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
