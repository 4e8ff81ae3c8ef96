"""What a platform is: options a source file may set, where to begin, and a pure reader of saved pages.

A platform is one module of ``spiders.platforms`` with three names: ``Options``, ``start_urls`` and ``read``.
The reader gets a saved page and hands on strings; it decides nothing about dates or places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
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
class Page:
    """A saved answer of a source."""

    source: str
    """Id of the source."""
    url: str
    body: bytes
    fetched_at: datetime
    content_type: str = ""


@dataclass(slots=True)
class PageContent:
    """What a reader found on a page."""

    listings: list[RawListing] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    follow: list[str] = field(default_factory=list)
    """Further pages of the same source to read."""
    problems: list[str] = field(default_factory=list)
    """Why the page as a whole is not to be trusted: ``the calendar is cut off``."""

    def take_each(self, page: Page, entries: Iterable[Entry], read: Callable[[Entry], Iterable[RawListing]]) -> None:
        """Read entry by entry; one that cannot be read is kept as rejected and costs its neighbours nothing."""
        for entry in entries:
            try:
                self.listings.extend(read(entry))
            except Exception as error:  # noqa: BLE001 - pages hold anything, so readers may raise anything
                detail = clean_line(f"{type(error).__name__}: {error} in {entry!r}")
                self.rejected.append(
                    Rejected(reason="unreadable", detail=detail, source=page.source, page_url=page.url)
                )


class Platform(Protocol):
    """The three names of a platform module."""

    @property
    def Options(self) -> type[PlatformOptions]:  # noqa: N802 - a class of the module
        """The keys a source file may set."""

    def start_urls(self, options: Any) -> list[str]:
        """Return the pages to begin with."""

    def read(self, page: Page, options: Any) -> PageContent:
        """Read a page.

        Raises:
            UnreadablePageError: the page is not in the platform's format at all.
        """
