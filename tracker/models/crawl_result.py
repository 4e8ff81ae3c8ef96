"""What one crawl of one source brought back, before it is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.errors import SourceError, StoreError
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.models.rejected import Rejected
from tracker.models.run import Run


@dataclass(frozen=True, slots=True)
class PageState:
    """What a source answered for one address, for asking politely next time (RFC 9110 section 13)."""

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    read_by: str = ""
    """Fingerprint of the source file and version that read it."""
    has_links: bool = False
    """True if it leads to further pages: these may change although it does not, so it is always asked for whole."""
    read_at: datetime | None = None

    def read(self, body_hash: str, read_by: str, *, has_links: bool) -> PageState:
        """Return the page as it has just been read."""
        return replace(self, body_hash=body_hash, read_by=read_by, has_links=has_links)


@dataclass(slots=True)
class CrawlResult:
    """Filled while a source is crawled."""

    pages: list[PageState] = field(default_factory=list)
    """Pages that were read."""
    unchanged_pages: list[str] = field(default_factory=list)
    """Addresses that said, or showed, that nothing has changed."""
    found: int = 0
    """Raw listings read from the pages."""
    readings: dict[str, tuple[RawListing, Listing]] = field(default_factory=dict)
    """Valid listings by source id."""
    rejected: list[Rejected] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Why pages are not to be trusted as a whole."""
    failures: list[SourceError] = field(default_factory=list)
    """Pages that could not be had or read."""
    details_missing: list[SourceError] = field(default_factory=list)
    """Pages of single listings that could not be had or read."""
    vanished_pages: list[str] = field(default_factory=list)
    """Pages that need not exist and did last time."""
    missing: int = 0
    """Pages that need not exist, and do not."""
    repeated: int = 0
    """Listings that another page had said in the same words."""
    notes: list[str] = field(default_factory=list)
    """What an operator should know although nothing is wrong."""
    changed_pages: int = 0
    """Pages that were read and say something else than last time."""
    is_excerpt: bool = False
    """True if the source shows only some of what it knows, as newsletters do: what is missing is not gone."""
    clock_skew: timedelta | None = None
    """How far the server's clock is ahead of ours."""
    freshness: list[timedelta] = field(default_factory=list)
    """How long each answer counts as fresh, in the server's words."""
    refresh_interval: timedelta = timedelta()
    """How long the pages themselves ask not to be fetched again."""
    retry_at: datetime | None = None
    """Until when the server asks to be left alone."""
    moved_to: str = ""
    """Where the first page has moved for good."""
    store_error: StoreError | None = None
    """Our own database failed on the way: then what was found says nothing of the source."""

    @property
    def is_complete(self) -> bool:
        """True if what it does not show is not there: all of the source was read."""
        nameless = any(each.raw is None for each in self.rejected)
        return not (self.failures or self.problems or self.details_missing or self.is_excerpt or nameless)

    def shown(self) -> set[str]:
        """Return the source's own ids of all that was there, also of what we could not read."""
        return {*self.readings, *(each.raw.source_id for each in self.rejected if each.raw is not None)}

    @property
    def fresh_for(self) -> timedelta:
        """How long the source need not be asked again: until the first of its pages may have changed."""
        return max(min(self.freshness, default=timedelta()), self.refresh_interval)

    def listings(self) -> list[Listing]:
        """Return the valid listings."""
        return [listing for _, listing in self.readings.values()]

    def keep(self, raw: RawListing, listing: Listing) -> None:
        """Keep a valid listing; one that says the same again is a repeat, another with the same id is rejected."""
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
    """A listing that a source has stood by until now."""

    page_url: str
    expected_until: datetime
    """Until then the source should list it: it has not begun, and applications are open."""
    missed: int = 0
    """Consecutive healthy runs that did not show it."""


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """What a source has said before, to compare a crawl result with."""

    listings: Mapping[str, KnownListing] = field(default_factory=dict)
    """By the source's own id, without withdrawn ones."""
    runs: Sequence[Run] = ()
    """The last healthy ones, oldest first."""
    ids_of_others: frozenset[str] = frozenset()
    """Ids in the crawl result that are new to this source, but known from other sources."""
    last: Run | None = None
    """The last run of any verdict."""

    def coming(self, now: datetime) -> dict[str, KnownListing]:
        """Return the listings that should be shown, missed lately or not: a source must not crumble unnoticed."""
        return {name: each for name, each in self.listings.items() if each.expected_until > now}


def _says_the_same(one: Listing, other: Listing) -> bool:
    return (one.title, one.when, one.url) == (other.title, other.when, other.url)
