"""Defines the access record: what one source answered when it was verified, and what was read from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import Field

from tracker.health.assessment import SourceVerdict
from tracker.health.verdict import rejection_summary
from tracker.models.moments import Instant
from tracker.models.record import Record, record_hash
from tracker.models.source import Source
from tracker.probing.trial import Trial
from tracker.sources.access import Access, RecordedResponse
from tracker.sources.cases import Case, SavedPage, without_secrets
from tracker.sources.replay import as_expected, replay
from tracker.warc import ArchivedResponse, responses_of, write_responses

MOST_SAMPLES = 5
MOST_PAGE_BYTES = 200_000
"""Maximum size of a page, compressed; a larger one is left out, and named."""


class Hop(Record):
    """One request and the response to it."""

    method: str
    url: str
    status: int = 0
    """0: there was no response."""
    error: str = ""
    """Diagnosis of a request without a response."""
    headers: dict[str, str] = Field(default_factory=dict)
    """The headers that say how the host treats programs."""
    size: int = 0
    """Bytes of the decoded body."""
    milliseconds: int = 0


class StoredResponse(Record):
    """A response that a saved case needs; its body is in the archive."""

    url: str
    """For a page, the URL that the source requested."""
    status: int = 200
    error: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    content_type: str = ""
    posted: str = ""
    """The body of the POST request."""
    record_id: str = ""
    """Id of the record in the archive; empty without a body."""


class AccessRecord(Record):
    """What one source answered, and what was read from it."""

    source: str
    source_hash: str
    """Hash of the source file; after a change, the record is out of date."""
    begun_at: Instant
    seen_from: str = ""
    verdict: SourceVerdict
    diagnosis: str = ""
    message: str = ""
    failure: str = ""
    """Diagnosis for which a crawl would not have published the result; empty if it would have."""
    listings: int = 0
    rejected: int = 0
    rejections: str = ""
    """Why entries were rejected, with an example."""
    missing_fields: dict[str, int] = Field(default_factory=dict)
    """Number of listings that lack a field."""
    upcoming: int = 0
    next: date | None = None
    newest: date | None = None
    moved_to: str = ""
    """Where the first page has moved permanently."""
    samples: tuple[dict[str, object], ...] = ()
    """Five listings or communities as ``expected.json`` gives them, for a person to compare with the page."""
    hops: tuple[Hop, ...] = ()
    robots: tuple[StoredResponse, ...] = ()
    responses: tuple[StoredResponse, ...] = ()
    pages: tuple[StoredResponse, ...] = ()
    left_out: tuple[str, ...] = ()
    """URLs of pages that are too large to be kept."""

    @property
    def works(self) -> bool:
        """True if nothing has to be done about the source."""
        return self.verdict in {SourceVerdict.WORKS, SourceVerdict.EMPTY}


def source_hash(source: Source) -> str:
    """Return the hash of what decides how a source is read."""
    return record_hash(source, "enabled", "verified", "verified_by", "seen_from")


def record_of(trial: Trial, seen_from: str = "") -> tuple[AccessRecord, bytes]:
    """Return the access record of a trial, and the archive with its pages."""
    case = trial.as_case(Path(), seen_from)
    bodies: list[ArchivedResponse] = []
    small = [page for page in case.pages if len(write_responses([_archived(page)], case.now)[0]) <= MOST_PAGE_BYTES]
    stored = [*case.access.robots, *case.access.responses]
    bodies += [ArchivedResponse(each.url, each.status, each.headers, each.body) for each in stored if each.body]
    bodies += map(_archived, small)
    archive, ids = write_responses(bodies, case.now)
    waiting = iter(ids)
    robots = tuple(_stored(each, waiting) for each in case.access.robots)
    responses = tuple(_stored(each, waiting) for each in case.access.responses)
    pages = tuple(
        StoredResponse(url=page.url, content_type=page.content_type, posted=page.posted, record_id=next(waiting))
        for page in small
    )
    found = trial.assessment
    record = AccessRecord(
        source=trial.source.id,
        source_hash=source_hash(trial.source),
        begun_at=trial.begun_at,
        seen_from=seen_from,
        verdict=found.verdict,
        diagnosis=found.diagnosis,
        message=without_secrets(found.message),
        failure=case.expected_failure,
        listings=len(trial.result.readings),
        rejected=len(trial.result.rejected),
        rejections=without_secrets(rejection_summary(trial.result)),
        missing_fields=trial.missing_fields(),
        upcoming=found.upcoming,
        next=found.next,
        newest=found.newest,
        moved_to=without_secrets(trial.result.moved_to),
        samples=tuple(_samples(trial, case)),
        hops=tuple(_hops(trial)),
        robots=robots,
        responses=responses,
        pages=pages,
        left_out=tuple(page.url for page in case.pages if page not in small),
    )
    return record, archive


def case_of(record: AccessRecord, bodies: Mapping[str, bytes], folder: Path) -> Case:
    """Return the saved case of a record.

    Args:
        record: the access record.
        bodies: the bodies in its archive by the id of their record.
        folder: the folder of the case.

    Raises:
        KeyError: a body is missing in the archive.
    """
    robots = tuple(recorded(each, bodies) for each in record.robots)
    responses = tuple(recorded(each, bodies) for each in record.responses)
    access = Access(robots, responses, record.begun_at, record.seen_from)
    pages = tuple(SavedPage(each.url, bodies[each.record_id], each.content_type, each.posted) for each in record.pages)
    return Case(folder, record.begun_at, pages, reviewed=False, access=access, expected_failure=record.failure)


def bodies_of(archive: bytes) -> dict[str, bytes]:
    """Return the bodies in an archive by the id of their record.

    Raises:
        UsageError: the archive is damaged.
    """
    return {each.record_id: each.body for each in responses_of(archive)} if archive else {}


def recorded(stored: StoredResponse, bodies: Mapping[str, bytes]) -> RecordedResponse:
    """Return a stored response with its body.

    Raises:
        KeyError: the archive does not hold it.
    """
    body = bodies[stored.record_id] if stored.record_id else b""
    return RecordedResponse(stored.url, stored.status, stored.headers, body, stored.error)


def _samples(trial: Trial, case: Case) -> list[dict[str, object]]:
    """Return what is read from the case, which has no personal data: a person compares it, and so does ``take``."""
    read = as_expected(replay(trial.source, case) if trial.is_healthy else trial.result)
    return [*read["listings"], *read.get("communities", [])][:MOST_SAMPLES]


def _archived(page: SavedPage) -> ArchivedResponse:
    return ArchivedResponse(page.url, 200, {"content-type": page.content_type} if page.content_type else {}, page.body)


def _stored(response: RecordedResponse, ids: Iterator[str]) -> StoredResponse:
    return StoredResponse(
        url=response.url,
        status=response.status,
        error=response.error,
        headers=dict(response.headers),
        record_id=next(ids) if response.body else "",
    )


def _hops(trial: Trial) -> list[Hop]:
    return [
        Hop(
            method=each.method,
            url=without_secrets(each.response.url),
            status=each.response.status,
            error=each.response.error,
            headers={name: without_secrets(value) for name, value in each.response.headers.items()},
            size=each.size,
            milliseconds=round(1000 * each.seconds),
        )
        for each in trial.exchanges
    ]
