"""What a platform is: options a source file may set, where to begin, and a pure reader of saved pages.

A platform is one module of ``spiders.platforms`` with four names: ``Options``, ``first_pages``, ``read`` and
``suggest``. The reader gets a saved page and hands on strings; it decides nothing about dates or places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from tracker.models.raw_listing import RawListing
from tracker.models.rejected import Rejected
from tracker.models.text import clean_line

Entry = TypeVar("Entry")


class PlatformOptions(BaseModel):
    """What a source file may set for its platform. Unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page to ask for."""

    url: str
    posted: str = ""
    """JSON to send with POST; empty: GET."""
    headers: tuple[tuple[str, str], ...] = ()
    known_as: str = ""
    """The address without what changes from day to day, such as today's date; empty: the address itself."""
    is_detail: bool = False
    """True for the page of one listing: a failure costs that listing only, not the run."""
    may_be_missing: bool = False
    """True if "not found" is an answer: the newsletter of a week without one."""
    leaves_site: bool = False
    """True if the platform itself knows that host; links that a page merely names never leave the source's site."""
    draft: RawListing | None = None
    """What another page said of the listing that this page completes."""
    at_hand: bytes | None = None
    """The answer, where nothing need be fetched."""

    @property
    def key(self) -> str:
        """The address, told apart by what is sent along and by what is to be completed."""
        sent = self.posted.encode() + (self.at_hand or b"")
        draft = self.draft.model_dump_json(exclude={"fetched_at"}, exclude_defaults=True) if self.draft else ""
        rest = sent + draft.encode()
        return f"{self.name[:2_000]}#{hashlib.sha256(rest).hexdigest()[:16]}" if rest else self.name

    @property
    def name(self) -> str:
        """The address under which it is remembered."""
        return self.known_as or self.url


@dataclass(frozen=True, slots=True)
class Page:
    """A saved answer of a source."""

    source: str
    """Id of the source."""
    url: str
    body: bytes
    fetched_at: datetime
    content_type: str = ""
    posted: str = ""
    """What was posted to get it."""
    draft: RawListing | None = None
    """The listing that this page completes."""


@dataclass(slots=True)
class PageContent:
    """What a reader found on a page."""

    listings: list[RawListing] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    follow: list[PageRequest] = field(default_factory=list)
    """Further pages of the same source to read."""
    problems: list[str] = field(default_factory=list)
    """Why the page as a whole is not to be trusted: ``the calendar is cut off``. The run is then suspect."""
    is_excerpt: bool = False
    """True if the source does not list all it knows there, as newsletters do: what is missing is then not gone."""
    fresh_for: timedelta | None = None
    """How long the page itself says it need not be asked for again."""
    notes: list[str] = field(default_factory=list)
    """What an operator should know although nothing is wrong: ``12 jobs are left out``."""

    def take_each(self, page: Page, entries: Iterable[Entry], read: Callable[[Entry], Iterable[RawListing]]) -> None:
        """Read entry by entry; one that cannot be read is kept as rejected and costs its neighbours nothing."""
        found = iter(entries)
        while True:
            entry: Entry | None = None
            has_entry = False
            try:
                entry = next(found)
                has_entry = True
                self.listings.extend(read(entry))
            except StopIteration:
                return
            except Exception as error:  # noqa: BLE001 - pages hold anything, so readers may raise anything
                self.reject(page, "unreadable", f"{type(error).__name__}: {error} in {_shown(entry)}")
                if not has_entry:  # a generator that has raised gives nothing more
                    return

    def reject(self, page: Page, reason: str, detail: str) -> None:
        """Count an entry that gives no listing, with the reason."""
        self.rejected.append(Rejected(reason=reason, detail=clean_line(detail), source=page.source, page_url=page.url))


class Platform(Protocol):
    """The four names of a platform module."""

    @property
    def Options(self) -> type[PlatformOptions]:  # noqa: N802 - a class of the module
        """The keys a source file may set."""

    def first_pages(self, options: Any, today: date) -> Sequence[PageRequest]:
        """Return the pages to begin with."""

    def read(self, page: Page, options: Any) -> PageContent:
        """Read a page.

        Raises:
            UnreadablePageError: the page is not in the platform's format at all.
        """

    def suggest(self, page: Page) -> Iterable[Mapping[str, Any]]:
        """Return options with which this platform might read the site that ``page`` belongs to, likeliest first."""


def _shown(entry: object) -> str:
    try:
        return repr(entry)[:1_000]
    except Exception:  # noqa: BLE001 - what cannot be read can often not be shown either
        return f"an entry of type {type(entry).__name__}"
