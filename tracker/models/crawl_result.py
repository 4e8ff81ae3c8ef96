"""Defines the result of crawling one source, before it gets a verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.errors import SourceError, StoreError
from tracker.models.community import Community
from tracker.models.listing import Listing
from tracker.models.raw_listing import OFF_TOPIC, SERIES_NOT_EXPANDED, RawListing, Rejected, bounded_id
from tracker.models.run import Run
from tracker.models.text import fold

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class PageState:
    """Cache state of one page, for conditional requests in the next crawl (RFC 9110 section 13)."""

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    reader_hash: str = ""
    """Hash of the source file and of the versions of the code that read the page."""
    has_links: bool = False
    """True if the page links to others: these may change although it does not, so it is always fetched in full."""
    read_at: datetime | None = None

    def read(self, body_hash: str, reader_hash: str, *, has_links: bool) -> PageState:
        """Return the state of the page after it has been read."""
        return replace(self, body_hash=body_hash, reader_hash=reader_hash, has_links=has_links)


@dataclass(slots=True)
class CrawlResult:
    """Result of crawling one source; filled during the crawl."""

    pages: list[PageState] = field(default_factory=list)
    """Pages that were read."""
    unchanged_pages: list[str] = field(default_factory=list)
    """URLs of pages that have not changed (status 304 or the same body)."""
    found: int = 0
    """Number of raw listings read from the pages."""
    readings: dict[str, tuple[RawListing, Listing]] = field(default_factory=dict)
    """Valid listings by ``source_id``, with their raw listings."""
    communities: list[Community] = field(default_factory=list)
    """Valid communities; a source lists either them or events."""
    rejected: list[Rejected] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Reasons not to trust whole pages."""
    failures: list[SourceError] = field(default_factory=list)
    """Pages that could not be fetched or parsed."""
    details_missing: list[SourceError] = field(default_factory=list)
    """Pages of single listings that could not be fetched or parsed."""
    vanished_pages: list[str] = field(default_factory=list)
    """Optional pages that existed last time and do not exist any more."""
    missing: int = 0
    """Number of optional pages that do not exist."""
    repeated: int = 0
    """Number of listings that repeat the title, date and URL of a listing with the same id."""
    notes: list[str] = field(default_factory=list)
    """Information for the operator that is not a problem."""
    changed_pages: int = 0
    """Number of pages that were read and differ from last time."""
    is_excerpt: bool = False
    """True if only some of the source's events are shown, as in newsletters: a missing listing is not withdrawn."""
    clock_skew: timedelta | None = None
    """How far the server's clock is ahead of ours."""
    freshness: list[timedelta] = field(default_factory=list)
    """Freshness lifetime of each response, as the server states it."""
    refresh_interval: timedelta = timedelta()
    """How long the content of the pages asks not to be fetched again."""
    retry_at: datetime | None = None
    """Time until which the server asks for no further requests."""
    moved_to: str = ""
    """URL to which the first page has moved permanently."""
    store_error: StoreError | None = None
    """Error of our own database during the crawl: the result then says nothing about the source."""

    @property
    def kept(self) -> int:
        """Number of valid listings and communities."""
        return len(self.readings) + len(self.communities)

    @property
    def is_complete(self) -> bool:
        """True if the whole source was read, so that a listing that is missing here is not listed any more."""
        return not (self.failures or self.problems or self.details_missing or self.is_excerpt)

    def not_rejected(self, shown_as: Mapping[str, str]) -> list[str]:
        """Return the keys in ``shown_as`` of which the source did not even show an entry that was rejected.

        A calendar's series is one entry with many listings (``uid/2026-12-03``): if it is rejected, none is missing.

        Args:
            shown_as: the source's id of each listing, by key.
        """
        rejected = {bounded_id(each.raw.source_id) for each in self.rejected if each.raw is not None}
        series = {bounded_id(each.raw.source_id) for each in self.rejected if each.raw is not None and each.is_series}
        return [key for key, name in shown_as.items() if name not in rejected and name.rpartition("/")[0] not in series]

    def not_shown(self, shown_as: Mapping[str, str]) -> list[str]:
        """Return the keys in ``shown_as`` that have no reading, not even a rejected entry."""
        return [key for key in self.not_rejected(shown_as) if key not in self.readings]

    @property
    def unidentified(self) -> str:
        """The words of all entries that could not be read: ids may have changed with what cannot be read."""
        unread = [each for each in self.rejected if each.reason not in {OFF_TOPIC, SERIES_NOT_EXPANDED}]
        return words_of(
            " | ".join(
                each.entry or each.detail if each.raw is None else f"{each.raw.title} {each.raw.url}" for each in unread
            )
        )

    @property
    def fresh_for(self) -> timedelta:
        """How long the source need not be crawled again: until the first of its pages may have changed."""
        return max(min(self.freshness, default=timedelta()), self.refresh_interval)

    def listings(self) -> list[Listing]:
        """Return the valid listings."""
        return [listing for _, listing in self.readings.values()]

    def keep(self, raw: RawListing, listing: Listing) -> None:
        """Add a valid listing; an equal one counts as repeated, a different one with the same id as rejected."""
        known = self.readings.get(listing.source_id)
        if known is None:
            self.readings[listing.source_id] = (raw, listing)
        elif _says_the_same(known[1], listing):
            self.repeated += 1
        else:
            self.rejected.append(
                Rejected(
                    reason="listed twice",
                    detail=f"{listing.title!r} has the id of another entry: {listing.source_id}",
                    source=listing.source,
                    page_url=listing.page_url,
                    raw=raw,
                )
            )


@dataclass(frozen=True, slots=True)
class KnownListing:
    """State of a stored listing of a source."""

    page_url: str
    expected_until: datetime
    """Time until which the source should show it: before it begins and before applications close."""
    shown_as: str
    """The source's id of it; empty if that id stands for another entry now."""
    first_seen: datetime
    last_seen: datetime
    missed: int = 0
    """Number of consecutive healthy runs that did not show it."""
    withdrawn_at: datetime | None = None
    has_moved: bool = False
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """Earlier listings and runs of a source, to compare a crawl result with."""

    listings: Mapping[str, KnownListing] = field(default_factory=dict)
    """All listings by key."""
    runs: Sequence[Run] = ()
    """The last healthy runs, oldest first."""
    ids_of_others: frozenset[str] = frozenset()
    """Ids in the crawl result that are new for this source, but known from other sources."""
    recent: Sequence[Run] = ()
    """The last runs, whatever their verdict, oldest first."""

    @property
    def last(self) -> Run | None:
        """The last run, whatever its verdict."""
        return self.recent[-1] if self.recent else None

    def coming(self, now: datetime) -> dict[str, KnownListing]:
        """Return the listings that the source should show."""
        return {
            name: each
            for name, each in self.listings.items()
            if each.expected_until > now and each.withdrawn_at is None
        }


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The rule by which missing listings are withdrawn."""

    after: int = 3
    """Number of healthy, complete runs in a row that did not show it."""
    missing_for: timedelta = timedelta(days=1)
    """Minimum time between the first of these runs and the last, for sources that are crawled hourly."""


def words_of(text: str) -> str:
    """Return the words of a text between blanks, folded, so that ``" ai "`` is not found in "fair"."""
    return f" {' '.join(_WORD.findall(fold(text)))} "


def _says_the_same(one: Listing, other: Listing) -> bool:
    return (one.title, one.when, one.url) == (other.title, other.when, other.url)
