"""The platform protocol: the options a source file may set, the first pages to request, and a pure page reader.

A platform is one module with four names: ``Options``, ``first_pages``, ``read`` and ``suggest``. Modules are found in
the packages that the entry-point group ``aisafety_tracker.platforms`` names; ours is ``spiders.platforms``. A reader
gets a fetched page and returns strings; it decides nothing about dates or places.
"""

from __future__ import annotations

import hashlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Protocol, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from tracker.errors import ConfigurationError, SourceFileError
from tracker.models.raw_listing import RawListing, Rejected
from tracker.models.source import Defaults, Expectation
from tracker.models.text import clean_line

ENTRY_POINTS = "aisafety_tracker.platforms"
_NESTED: dict[str, type[BaseModel]] = {"expect": Expectation, "defaults": Defaults}
_LONGEST_URL = 2_000
_LONGEST_ENTRY = 20_000
Entry = TypeVar("Entry")


class PlatformOptions(BaseModel):
    """Options that a source file may set for its platform. Unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page to request."""

    url: str
    posted: str = ""
    """JSON to send with POST; empty: GET."""
    headers: tuple[tuple[str, str], ...] = ()
    stable_url: str = ""
    """The URL without the parts that change daily, such as today's date; empty: the URL itself."""
    is_detail: bool = False
    """True for the page of one listing: a failure costs that listing only, not the run."""
    is_optional: bool = False
    """True if "not found" is a valid answer: the newsletter of a week without one."""
    allow_offsite: bool = False
    """True if the platform itself knows that host; links found on a page never leave the source's site."""
    draft: RawListing | None = None
    """The listing, as far as another page described it, that this page completes."""
    inline_body: bytes | None = None
    """The content, if nothing has to be fetched."""

    @property
    def key(self) -> str:
        """Key of the request: its URL, and a hash of the POST body and of the draft it completes."""
        sent = self.posted.encode() + (self.inline_body or b"")
        draft = self.draft.model_dump_json(exclude={"fetched_at"}, exclude_defaults=True) if self.draft else ""
        rest = sent + draft.encode()
        return f"{self.name[:_LONGEST_URL]}#{hashlib.sha256(rest).hexdigest()[:16]}" if rest else self.name

    @property
    def name(self) -> str:
        """The URL under which the page is stored."""
        return self.stable_url or self.url


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page of a source."""

    source: str
    """Id of the source."""
    url: str
    body: bytes
    fetched_at: datetime
    content_type: str = ""
    posted: str = ""
    """The body of the POST request."""
    draft: RawListing | None = None
    """The listing that this page completes."""
    timezone: str = ""
    """The source's own time zone, for clock times without one."""


@dataclass(slots=True)
class PageContent:
    """What a reader found on a page."""

    listings: list[RawListing] = field(default_factory=list)
    communities: list[RawListing] = field(default_factory=list)
    """Groups to join, which are no events."""
    rejected: list[Rejected] = field(default_factory=list)
    follow: list[PageRequest] = field(default_factory=list)
    """Further pages of the same source to request."""
    problems: list[str] = field(default_factory=list)
    """Reasons not to trust the page as a whole, such as ``the calendar is cut off``. They make the run suspect."""
    is_excerpt: bool = False
    """True if the page shows only part of the source's listings, as newsletters do; then none counts as missing."""
    fresh_for: timedelta | None = None
    """How long the page says it stays fresh."""
    notes: list[str] = field(default_factory=list)
    """Information for the operator that is no problem, such as ``12 jobs are left out``."""

    def read_each(
        self,
        page: Page,
        entries: Iterable[Entry],
        read: Callable[[Entry], Iterable[RawListing]],
        *,
        id_of: Callable[[Entry], str] | None = None,
    ) -> None:
        """Read entry by entry; reject an entry that cannot be read, under its id if ``id_of`` gives one."""
        remaining = iter(entries)
        while True:
            entry: Entry | None = None
            has_entry = False
            try:
                entry = next(remaining)
                has_entry = True
                self.listings.extend(read(entry))
            except StopIteration:
                return
            except Exception as error:  # noqa: BLE001 - pages contain anything, so readers may raise anything
                text = _text_of(entry)
                identity = id_of(entry) if id_of is not None and entry is not None else ""
                self.reject(
                    page,
                    "unreadable",
                    f"{type(error).__name__}: {error} in {text[:1_000]}",
                    source_id=identity,
                    is_series=bool(identity),
                    entry=text,
                )
                if not has_entry:  # a generator that has raised yields nothing more
                    return

    def reject(
        self,
        page: Page,
        reason: str,
        detail: str,
        *,
        source_id: str = "",
        is_series: bool = False,
        entry: str = "",
    ) -> None:
        """Record a rejected entry with the reason.

        Args:
            page: where the entry stands.
            reason: short stable name.
            detail: what exactly was wrong.
            source_id: id of the entry, if that much is readable: its listings do not count as missing.
            is_series: True if it has listings of its id and a day.
            entry: the entry as text, if no id is: listings whose title or URL it holds do not count as missing.
        """
        raw = None
        if source_id:
            raw = RawListing(
                source=page.source, source_id=source_id, page_url=page.url, fetched_at=page.fetched_at, title=""
            )
        detail = clean_line(detail)
        self.rejected.append(
            Rejected(
                reason=reason,
                detail=detail,
                source=page.source,
                page_url=page.url,
                raw=raw,
                is_series=is_series,
                entry=entry[:_LONGEST_ENTRY],
            )
        )


class Platform(Protocol):
    """The four names of a platform module."""

    @property
    def Options(self) -> type[PlatformOptions]:  # noqa: N802 - a class of the module
        """The keys a source file may set."""

    def first_pages(self, options: Any, today: date) -> Sequence[PageRequest]:
        """Return the first pages to request."""

    def read(self, page: Page, options: Any) -> PageContent:
        """Read a page.

        Raises:
            UnreadablePageError: the page is not in the platform's format at all.
        """

    def suggest(self, page: Page) -> Iterable[Mapping[str, Any]]:
        """Return options with which this platform might read the site of ``page``, most likely first."""


@cache
def installed_packages(group: str) -> list[ModuleType]:
    """Return the packages that an entry-point group names.

    Raises:
        ConfigurationError: there is none; a checkout that was installed before has none until it is installed again.
    """
    packages = [each.load() for each in entry_points(group=group)]
    if not packages:
        raise ConfigurationError(
            f"No package with the entry point {group} is installed, not even the tracker's own. Install it: "
            "pip install -e . in a checkout."
        )
    return packages


@cache
def _modules() -> dict[str, str]:
    """Return the full module name of each platform."""
    return {
        module.name: f"{package.__name__}.{module.name}"
        for package in installed_packages(ENTRY_POINTS)
        for module in pkgutil.iter_modules(package.__path__)
    }


@cache
def platform_names() -> tuple[str, ...]:
    """Return the names of all platforms."""
    return tuple(sorted(_modules()))


def load_platform(name: str) -> Platform:
    """Import the module of a platform."""
    return cast("Platform", import_module(_modules()[name]))


def check_options(name: str, options: Mapping[str, Any], where: str) -> PlatformOptions:
    """Return the platform's validated options.

    Args:
        name: name of the platform.
        options: the options of a source file.
        where: the file or source that the error message names.

    Raises:
        SourceFileError: a platform, key or value is unknown; the message names the key and what is allowed.
    """
    if name not in platform_names():
        raise SourceFileError(f"{where}: platform = {name!r} is not known. Platforms: {', '.join(platform_names())}.")
    model = load_platform(name).Options
    try:
        return model.model_validate(options)
    except ValidationError as error:
        raise SourceFileError(f"{where}: {explain_error(error, list(model.model_fields), name)}") from error


def explain_error(error: ValidationError, known: list[str], platform: str = "") -> str:
    """Return the message for the first validation error of a source file."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    whose = f" of the platform {platform!r}" if platform else ""
    if first["type"] == "extra_forbidden":
        inner = _NESTED.get(str(first["loc"][0])) if len(first["loc"]) > 1 else None
        return f"the key {key!r} is not known. Keys{whose}: {', '.join(inner.model_fields if inner else known)}."
    if first["type"] == "tuple_type":
        return f'{key} = {first["input"]!r} is wrong: write a list, such as {key} = ["{first["input"]}"].'
    if first["type"] == "missing":
        return f"the key {key!r}{whose} is missing."
    allowed = first.get("ctx", {}).get("expected")
    reason = f"allowed: {allowed}" if allowed else first["msg"].removeprefix("Value error, ")
    if not key:
        return f"{reason}."
    return f"{key} = {first['input']!r} is wrong: {reason}."


def _text_of(entry: object) -> str:
    """Return an entry as text: the text of an element of a page, else its ``repr``."""
    try:
        if callable(content := getattr(entry, "text_content", None)):
            return " ".join(str(content()).split())
        return repr(entry)
    except Exception:  # noqa: BLE001 - an unreadable entry often has no repr either
        return f"an entry of type {type(entry).__name__}"
