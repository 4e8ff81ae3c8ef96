"""The two hooks around a platform's reader, for sources that are odd in a way no option covers.

A file of the source's name beside its TOML (``ea_opportunity_board.py``) may hold ``prepare(page)``, which returns the
page as it should be read, and ``refine(listing)``, which returns a raw listing as it should be kept, or None.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from tracker.errors import SourceFileError
from tracker.models.source import Source
from tracker.sources.platforms import load_platform

_HOOKS = frozenset({"prepare", "refine"})


class HookedPlatform:
    """A platform whose pages and listings pass through a source's own code."""

    def __init__(self, platform: Any, hooks: ModuleType) -> None:
        self._platform = platform
        self._prepare: Callable[[Any], Any] = getattr(hooks, "prepare", lambda page: page)
        self._refine: Callable[[Any], Any] = getattr(hooks, "refine", lambda listing: listing)
        self.Options = platform.Options
        self.first_pages = platform.first_pages
        self.suggest = platform.suggest

    def read(self, page: Any, options: Any) -> Any:
        """Read a page. A listing on which the hook fails is rejected; its neighbours are kept."""
        content = self._platform.read(self._prepare(page), options)
        found, content.listings = content.listings, []

        def refined(listing: Any) -> list[Any]:
            better = self._refine(listing)
            if better is None:
                content.reject(page, "left out by its source", listing.title)
            return [better] if better is not None else []

        content.take_each(page, found, refined)
        return content


def platform_of(source: Source) -> Any:
    """Return the platform of a source, with the source's own hooks if it has any.

    Raises:
        SourceFileError: the file with the hooks cannot be read, or holds none.
    """
    platform = load_platform(source.platform)
    path = hooks_file(source)
    return platform if path is None else HookedPlatform(platform, _load(path))


def hooks_file(source: Source) -> Path | None:
    """Return the file with the hooks of a source, if there is one."""
    path = source.path.with_suffix(".py") if source.path is not None else None
    return path if path is not None and path.is_file() else None


def _load(path: Path) -> ModuleType:
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
