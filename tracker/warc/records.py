"""Reads the pages of given sites from a WARC file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.crawling.throttling.domains import registrable_domain
from tracker.errors import ConfigurationError, UsageError
from tracker.models.moments import stamp
from tracker.sources.cases import SavedPage

_OK = 200
_MOST_BYTES = 10 * 1024 * 1024
"""Maximum size of a page, the same as for a crawl."""
_BEGINNINGS = (b"WARC/", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")
"""First bytes of a WARC file: plain, gzip, zstd, lz4."""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page in an archive."""

    page: SavedPage
    saved_at: datetime

    @property
    def site(self) -> str:
        """The registrable domain of the page."""
        return registrable_domain(self.page.url)


def pages_of(path: Path, sites: frozenset[str]) -> Iterator[ArchivedPage]:
    """Yield the pages of some sites from an archive (ISO 28500), plain or compressed, in the order of the file.

    Only complete responses with status 200 count. A broken record ends the file; the pages before it are kept.

    Raises:
        UsageError: there is no such file, or it is not a WARC file.
        ConfigurationError: the packages that read archives are not installed.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise ConfigurationError(
            f"Archives need more packages: {error}. Install aisafety-tracker[archives]."
        ) from error
    try:
        with path.open("rb") as file:
            if not file.read(8).startswith(_BEGINNINGS):
                raise UsageError(f"{path} is no WARC file: it begins neither with WARC/ nor as a compressed one does.")
            file.seek(0)
            records = ArchiveIterator(
                file, record_types=WarcRecordType.response, parse_http=False, max_content_length=_MOST_BYTES
            )
            for record in records:
                if (found := _page_of(record, sites)) is not None:
                    yield found
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error


def _page_of(record: Any, sites: frozenset[str]) -> ArchivedPage | None:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    if not url.startswith(("http://", "https://")) or registrable_domain(url) not in sites:
        return None
    declared = record.content_length
    record.freeze()
    if record.content_length < declared:
        return None  # the file ends within this record; half a page would count as a whole one
    record.parse_http(auto_decode="all")
    answer = record.http_headers
    if answer is None or answer.status_code != _OK or record.headers.get("WARC-Truncated"):
        return None
    body = record.reader.read()
    page = SavedPage(url, body, answer.get("Content-Type", ""))
    saved_at = record.record_date or datetime(1970, 1, 1, tzinfo=UTC)
    return ArchivedPage(page, saved_at.astimezone(UTC))


def as_row(found: ArchivedPage) -> dict[str, Any]:
    """Return a page as a row of a Ray data set."""
    page = found.page
    return {
        "site": found.site, "url": page.url, "saved_at": stamp(found.saved_at), "body": page.body,
        "content_type": page.content_type,
    }  # fmt: skip


def from_row(row: dict[str, Any]) -> ArchivedPage:
    """Return the page of such a row."""
    page = SavedPage(str(row["url"]), bytes(row["body"]), str(row["content_type"]))
    return ArchivedPage(page, datetime.fromisoformat(str(row["saved_at"])))
