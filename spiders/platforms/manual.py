"""Converts entries written in the source file, for events without a page worth crawling, or one that forbids it.

They are parsed and validated like all others, so a date may be written in words: ``starts = "12–14 March 2027"``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from spiders.formats.documents import json_of
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.models.text import WebLink
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions


class Entry(BaseModel):
    """One entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    url: WebLink
    """URL of its page."""
    starts: str = ""
    """``2027-03-12``, ``2027-03-12 19:00``, or in words."""
    ends: str = ""
    """Last day (inclusive), or day and time."""
    approximate: str = ""
    """An approximate date: ``early March 2027``."""
    timezone: str = ""
    place: str = ""
    """``Berlin, Germany``; ``Online``; ``Online & Berlin, Germany``."""
    types: tuple[str, ...] = ()
    apply_by: str = ""
    """``2026-11-16``, ``16 November, AoE``, ``rolling``."""
    register_by: str = ""
    description: str = ""
    cost: str = ""
    stipend: str = ""
    organizer: str = ""
    length: str = ""
    recurring: bool = False
    """True for a recurring event without dates of its own for now."""
    cancelled: bool = False

    @field_validator("starts", "ends", "apply_by", "register_by", mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        # TOML has native dates.
        return value.isoformat() if isinstance(value, (date, datetime)) else value


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "manual"``."""

    entries: tuple[Entry, ...] = Field(min_length=1)
    """The entries, each as ``[[entries]]``."""

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        names = Counter((entry.url, entry.title) for entry in self.entries)
        (url, title), count = names.most_common(1)[0]
        if count > 1:
            raise ValueError(
                f"two entries are called {title!r} at {url}: give each a title of its own, such as its year"
            )
        return self


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return one page per entry, with its content inline: nothing is fetched."""
    del today
    return [
        PageRequest(entry.url, inline_body=json.dumps(entry.model_dump(exclude_defaults=True)).encode())
        for entry in options.entries
    ]


def read(page: Page, options: Options) -> PageContent:
    """Parse one entry."""
    del options
    content = PageContent()
    content.read_each(page, [json_of(page)], lambda row: [_raw(row, page)])
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest nothing: entries are written manually."""
    del page
    yield from ()


def _raw(row: Any, page: Page) -> RawListing:
    entry = Entry.model_validate(row)
    deadlines = [("", entry.apply_by), ("register by", entry.register_by)]
    return RawListing(
        source=page.source,
        source_id=f"{entry.url} {entry.title}",
        page_url=page.url,
        fetched_at=page.fetched_at,
        title=entry.title,
        description=entry.description,
        url=entry.url,
        types=entry.types,
        starts=entry.starts,
        ends=entry.ends,
        approximate=entry.approximate,
        timezone=entry.timezone,
        deadlines=tuple(
            RawDeadline(text=text, kind=kind, rolling=text.casefold() == "rolling") for kind, text in deadlines if text
        ),
        places=(RawPlace(text=entry.place),) if entry.place else (),
        costs=(entry.cost,) if entry.cost else (),
        stipend=entry.stipend,
        length=entry.length,
        recurring=entry.recurring,
        organizers=(entry.organizer,) if entry.organizer else (),
        status="cancelled" if entry.cancelled else "",
    )
