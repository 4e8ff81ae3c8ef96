"""Loads the hooks of a source: two functions around its platform's reader, for cases that no option covers.

A Python file with the source's name beside its TOML file (``ea_opportunity_board.py``) may define ``prepare(page)``,
which returns the page to read, and ``refine(listing)``, which returns the raw listing to keep, or None to drop it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from tracker.errors import SourceFileError
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.sources.platform import Page, PageContent, PageRequest, Platform, PlatformOptions, load_platform

_HOOKS = frozenset({"prepare", "refine"})


class HookedPlatform:
    """A platform whose pages and listings pass through the hooks of a source."""

    def __init__(self, platform: Platform, hooks: ModuleType) -> None:
        self._platform = platform
        self._prepare: Callable[[Page], Page] = getattr(hooks, "prepare", lambda page: page)
        self._refine: Callable[[RawListing], RawListing | None] = getattr(hooks, "refine", lambda listing: listing)

    @property
    def Options(self) -> type[PlatformOptions]:  # noqa: N802 - the protocol's name
        """The platform's own options."""
        return self._platform.Options

    def first_pages(self, options: Any, today: date) -> Sequence[PageRequest]:
        """Return the platform's first pages."""
        return self._platform.first_pages(options, today)

    def suggest(self, page: Page) -> Iterable[Mapping[str, Any]]:
        """Return the platform's suggestions."""
        return self._platform.suggest(page)

    def read(self, page: Page, options: Any) -> PageContent:
        """Read a page. A listing on which a hook fails is rejected; its neighbours are kept."""
        content = self._platform.read(self._prepare(page), options)
        found, content.listings = content.listings, []

        def refine(listing: RawListing) -> list[RawListing]:
            refined = self._refine(listing)
            if refined is None:
                content.reject(page, "left out by its source", listing.title)
                return []
            return [refined]

        content.read_each(page, found, refine)
        return content


def platform_of(source: Source) -> Platform:
    """Return the platform of a source, wrapped in the source's hooks if it has any.

    Raises:
        SourceFileError: the file of the hooks cannot be imported, or defines none.
    """
    platform = load_platform(source.platform)
    path = hooks_file(source)
    return platform if path is None else HookedPlatform(platform, _import(path))


def hooks_file(source: Source) -> Path | None:
    """Return the file of a source's hooks, None without one."""
    path = source.path.with_suffix(".py") if source.path is not None else None
    return path if path is not None and path.is_file() else None


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"source_hooks_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise SourceFileError(f"{path}: cannot be read as Python.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise SourceFileError(f"{path}: cannot be read: {type(error).__name__}: {error}.") from error
    if not _HOOKS & set(vars(module)):
        raise SourceFileError(f"{path}: holds no hook. Hooks: {', '.join(sorted(_HOOKS))}.")
    return module
