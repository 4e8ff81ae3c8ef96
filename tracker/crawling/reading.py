"""A saved page → what its platform's reader finds on it, with nothing raised that has no name."""

from __future__ import annotations

from typing import Any

from tracker.crawling.apart import Apart, BrokenOffError
from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose
from tracker.models.source import Source
from tracker.models.text import clean_line
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of

PAGE_SECONDS = 30.0
PAGE_MEMORY = 1024 * 1024 * 1024


def read_page(platform: Any, options: Any, page: Any) -> Any:
    """Read a page with a platform's reader.

    Raises:
        SourceError: it is not what the platform reads, or the reader has a fault.
    """
    try:
        return platform.read(page, options)
    except SourceError:
        raise
    except Exception as error:
        detail = clean_line(f"{type(error).__name__}: {error}")
        raise diagnose("reader_failed", page.url, detail=detail) from error


def read_source_page(source: Source, page: Any) -> Any:
    """Read a page of a source.

    Raises:
        SourceError: likewise.
    """
    return read_page(platform_of(source), options_of(source), page)


class PagesApart:
    """Reads pages in a child process: a trap costs its source half a minute and a gigabyte, and never the run."""

    def __init__(self) -> None:
        self._apart = Apart(read_source_page, PAGE_SECONDS, PAGE_MEMORY)
        self._traps: dict[str, str] = {}

    async def read(self, source: Source, page: Any) -> Any:
        """Read a page of a source.

        Raises:
            SourceError: it is not what the platform reads, the reader has a fault, or the page is a trap.
        """
        if source.id in self._traps:  # others wait for their turn too
            raise diagnose("reader_failed", page.url, detail=self._traps[source.id])
        try:
            return await self._apart.call(source, page)
        except BrokenOffError as error:
            self._traps[source.id] = f"another page of this source: {error}"
            raise diagnose("reader_failed", page.url, detail=str(error)) from error

    def close(self) -> None:
        """End the child."""
        self._apart.close()
