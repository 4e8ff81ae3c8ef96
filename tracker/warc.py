"""Web archives (WARC, ISO 28500): writes responses, and reads sources from archives as a crawl would have."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from tracker.crawling.throttling.domains import registrable_domain
from tracker.errors import UsageError
from tracker.models.listing import Listing
from tracker.models.source import Source
from tracker.sources.cases import Case, SavedPage
from tracker.sources.files import first_pages_of
from tracker.sources.replay import replay

_OK = 200
_MOST_BYTES = 10 * 1024 * 1024
"""Maximum size of a page, the same as for a crawl."""
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_TRANSFER_HEADERS = frozenset({"content-length", "content-encoding", "transfer-encoding"})
"""Headers that describe a response as it was sent; bodies are stored decoded."""
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


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """One response in an archive, of any status."""

    url: str
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    record_id: str = ""
    """``urn:uuid:…``; given by ``write_responses``."""


def write_responses(responses: Iterable[ArchivedResponse], at: datetime) -> tuple[bytes, list[str]]:
    """Return a compressed archive of responses, all received at ``at``, and the id of each record."""
    file = io.BytesIO()
    ids = []
    for each in responses:
        record = WarcRecord()
        record.init_headers(WarcRecordType.response)
        record.headers["WARC-Target-URI"] = each.url
        record.headers["WARC-Date"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        record.headers["Content-Type"] = "application/http; msgtype=response"
        own = {name: value for name, value in each.headers.items() if name not in _TRANSFER_HEADERS}
        head = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in own.items())
        length = f"content-length: {len(each.body)}\r\n"
        block = f"HTTP/1.1 {each.status} {_REASONS.get(each.status, 'Unknown')}\r\n{head}{length}\r\n"
        record.set_bytes_content(block.encode("latin-1", "replace") + each.body)
        ids.append(str(record.record_id))
        with GzipWriter(file) as compressed:
            record.write(compressed)
    return file.getvalue(), ids


def responses_of(archive: bytes) -> Iterator[ArchivedResponse]:
    """Yield the responses of an archive that ``write_responses`` made.

    Raises:
        UsageError: it is damaged.
    """
    try:
        for record in ArchiveIterator(
            io.BytesIO(archive), record_types=WarcRecordType.response, max_content_length=_MOST_BYTES
        ):
            answer = record.http_headers
            if answer is not None and answer.status_code is not None:
                headers = {name.lower(): value for name, value in answer.items()}
                url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
                yield ArchivedResponse(url, answer.status_code, headers, record.reader.read(), str(record.record_id))
    except OSError as error:
        raise UsageError(f"This is no web archive, or a damaged one: {error}.") from error


def pages_of(path: Path, sites: frozenset[str]) -> Iterator[ArchivedPage]:
    """Yield the pages of some sites from an archive, plain or compressed, in the order of the file.

    Only complete responses with status 200 count. A broken record ends the file; the pages before it are kept.

    Raises:
        UsageError: there is no such file, or it is not a WARC file.
    """
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


_ANY_DAY = date(2026, 1, 1)
"""The URLs of first pages may depend on the day; their site does not."""


@dataclass(frozen=True, slots=True)
class ArchivedSource:
    """The listings of one source in the archives."""

    source: str
    listings: tuple[Listing, ...]
    rejected: int
    missing: tuple[str, ...]
    """Why pages could not be read, most often because they are in none of the archives."""


def read_archives(paths: Iterable[Path], sources: Sequence[Source]) -> Iterator[ArchivedSource]:
    """Read sources from archives, in the order of their ids; of a page that was saved twice the later version counts.

    Raises:
        UsageError: an archive cannot be read.
    """
    sites = _sites_of(sources)
    by_site: dict[str, list[ArchivedPage]] = defaultdict(list)
    for path in paths:
        for found in pages_of(path, frozenset(sites)):
            by_site[found.site].append(found)
    read = [each for site, pages in by_site.items() for each in _read_site(sites[site], pages)]
    yield from sorted(read, key=lambda each: each.source)


def _sites_of(sources: Iterable[Source]) -> dict[str, list[Source]]:
    """Return the sources by the site of their first page."""
    found: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        first = first_pages_of(source, _ANY_DAY)[0]
        found[registrable_domain(first.url)].append(source)
    return found


def _read_site(sources: Iterable[Source], pages: Sequence[ArchivedPage]) -> Iterator[ArchivedSource]:
    latest: dict[str, ArchivedPage] = {}
    for found in sorted(pages, key=lambda each: each.saved_at):
        latest[found.page.url] = found
    now = max(each.saved_at for each in latest.values())
    for source in sources:
        case = Case(Path(), now, tuple(each.page for each in latest.values()), reviewed=True)
        result = replay(source, case)
        if not result.pages:
            continue
        missing = tuple(map(str, (*result.failures, *result.details_missing)))
        yield ArchivedSource(source.id, tuple(result.listings()), len(result.rejected), missing)
