"""Reads fetched pages with the reader of their source's platform, in this process or in a limited child process."""

from __future__ import annotations

from tracker.crawling.subprocess_worker import SubprocessWorker, WorkerDiedError
from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose
from tracker.models.source import Source
from tracker.models.text import clean_line
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of
from tracker.sources.platform import Page, PageContent, Platform, PlatformOptions

PAGE_SECONDS = 30.0
PAGE_MEMORY = 1024 * 1024 * 1024


def read_page(platform: Platform, options: PlatformOptions, page: Page) -> PageContent:
    """Read a page with a platform's reader.

    Raises:
        SourceError: the page is not in the platform's format, or the reader has a fault.
    """
    try:
        return platform.read(page, options)
    except SourceError:
        raise
    except Exception as error:
        detail = clean_line(f"{type(error).__name__}: {error}")
        raise diagnose("reader_failed", page.url, detail=detail) from error


def read_source_page(source: Source, page: Page) -> PageContent:
    """Read a page of a source.

    Raises:
        SourceError: the page is not in the platform's format, or the reader has a fault.
    """
    return read_page(platform_of(source), options_of(source), page)


class SubprocessPageReader:
    """Reads pages in a child process, which limits a hostile page to half a minute and a gigabyte of memory."""

    def __init__(self) -> None:
        self._worker = SubprocessWorker(read_source_page, PAGE_SECONDS, PAGE_MEMORY)
        self._failed: dict[str, str] = {}

    async def read(self, source: Source, page: Page) -> PageContent:
        """Read a page of a source.

        Raises:
            SourceError: the page is not in the platform's format, the reader has a fault, or the page exceeds the
                time or memory limit; after that no other page of the source is read.
        """
        if source.id in self._failed:  # other sources wait for the worker too
            raise diagnose("reader_failed", page.url, detail=self._failed[source.id])
        try:
            return await self._worker.call(source, page)
        except WorkerDiedError as error:
            self._failed[source.id] = f"another page of this source: {error}"
            raise diagnose("reader_failed", page.url, detail=str(error)) from error

    def close(self) -> None:
        """End the child process."""
        self._worker.close()
